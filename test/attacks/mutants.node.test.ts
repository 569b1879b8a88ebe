/** An attack that cannot win shows nothing: each is won, once a weakness has been planted. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { deep, ok } from "../support/assert.js";
import type { Outcome } from "./attack.js";
import { FAMILIES } from "./families/index.js";
import { type Edit, MUTANTS, type Mutant, UNPROVED } from "./mutants.js";

const PATIENCE_MS = 120_000;
/** All of them take minutes (`npm run attacks -- --weaknesses`); the suite has every eighth. */
const STEP = process.env.VAGUS_WEAKNESSES === "all" ? 1 : 8;
const PLACE = resolve("build/test/node/weak");

/** Bundles an entry for Node with these edits in modules/. */
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
        name: "mutant",
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
  deep(
    edits.filter((edit) => !met.has(edit)),
    [],
    "expected once in its file:",
  );
  return outfile;
}

/** What comes of the attacks that live on a weakness. */
async function played({ side, edits, attacks }: Mutant, name: string): Promise<readonly Outcome[]> {
  const on = (which: Mutant["side"]) => (side === which ? edits : []);
  const firmware = await bundled(
    `firmware-${side === "device" ? name : "whole"}`,
    "test/attacks/in-process.ts",
    on("device"),
  );
  const main = await bundled(
    `attacks-${side === "programmer" ? name : "whole"}`,
    "test/attacks/main.ts",
    on("programmer"),
  );
  const args = [
    "--expose-gc",
    main,
    "--json",
    "--exact",
    "--only",
    attacks.join(),
    "--firmware",
    firmware,
    "--engine",
    "node",
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  await new Promise((resolve) => child.on("close", resolve));
  ok(stdout.startsWith("{"), `expected outcomes, came ${stderr}`);
  return (JSON.parse(stdout) as { outcomes: Outcome[] }).outcomes;
}

describe("Attacks: planted weaknesses", function (this: Mocha.Suite) {
  this.timeout(PATIENCE_MS);

  it("every attack lives on one, but for those that are said to be unproved", () => {
    const known = FAMILIES.flatMap(({ attacks }) => attacks.map(({ name }) => name));
    const lived = MUTANTS.flatMap(({ attacks }) => attacks);
    deep(
      known.filter((name) => !lived.includes(name)),
      known.filter((name) => UNPROVED.includes(name)),
    );
    deep(
      lived.filter((name) => !known.includes(name)),
      [],
    );
  });

  const slow = new Set(
    FAMILIES.flatMap(({ attacks }) => attacks.filter((attack) => attack.slow).map(({ name }) => name)),
  );
  for (const [index, mutant] of MUTANTS.entries()) {
    if (index % STEP !== 0) continue;
    const attacks = mutant.attacks.filter((name) => !slow.has(name));
    it(`${mutant.weakness} (${mutant.side}): ${attacks.join(", ")}`, async () => {
      const outcomes = await played({ ...mutant, attacks }, `${index}`);
      deep(
        outcomes.map(({ name, lost }) => `${name} ${lost}`).sort(),
        attacks.map((name) => `${name} false`).sort(),
      );
    });
  }
});
