/** Plants a weakness into a bundle for Node, and plays on it the attacks that live on it. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { Outcome } from "./attack.js";
import type { Edit, Weakness } from "./weaknesses/index.js";

const PLACE = resolve("build/test/node/weak");

/** Bundles an entry for Node with these edits in modules/. @throws Error where an edit's text does not stand once in its file */
async function bundled(name: string, entry: string, edits: readonly Edit[]): Promise<string> {
  const outfile = join(PLACE, `${name}.mjs`);
  const met = new Set<Edit>();
  const options: BuildOptions = {
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    target: "node20",
    logLevel: "silent",
    alias: {
      platform: resolve("modules/platform/node/index.ts"),
      engine: resolve("test/support/engine/node.ts"),
    },
    outfile,
    plugins: [
      {
        name: "weakness",
        setup(it) {
          it.onLoad({ filter: /\/modules\/.*\.ts$/ }, ({ path }) => {
            const here = edits.filter(({ file }) => path === resolve("modules", file));
            if (here.length === 0) return undefined;
            let contents = readFileSync(path, "utf8");
            for (const edit of here) {
              if (contents.split(edit.text).length === 2) met.add(edit);
              contents = contents.replace(edit.text, () => edit.instead);
            }
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  };
  mkdirSync(PLACE, { recursive: true });
  await build(options);
  const missed = edits.filter((edit) => !met.has(edit)).map(({ file, text }) => `${file}: ${text}`);
  if (missed.length > 0) throw new Error(`expected once in its file: ${missed.join("; ")}`);
  return outfile;
}

/**
 * What comes of these attacks where the weakness is planted.
 * @param name of the bundles
 */
export async function playedOn(
  { side, edits }: Weakness,
  attacks: readonly string[],
  name: string,
): Promise<readonly Outcome[]> {
  const weak = (which: Weakness["side"]) => side === which || side === "both";
  const bundle = (which: "device" | "programmer", entry: string) =>
    bundled(`${which}-${weak(which) ? name : "whole"}`, entry, weak(which) ? edits : []);
  const firmware = await bundle("device", "test/attacks/in-process.ts");
  const main = await bundle("programmer", "test/attacks/main.ts");
  const options = ["--json", "--exact", "--only", attacks.join(), "--firmware", firmware, "--engine", "node"];
  const child = spawn(process.execPath, ["--expose-gc", main, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  await new Promise((resolve) => child.on("close", resolve));
  if (!stdout.startsWith("{")) throw new Error(`expected outcomes, came ${stderr}`);
  return (JSON.parse(stdout) as { outcomes: Outcome[] }).outcomes;
}
