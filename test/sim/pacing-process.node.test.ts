/**
 * Pacing depends on nothing, in the process that ships: the real main.ts, and nothing in between that would catch what an engine
 * does not. What an exception ends is the process, and a heart that stands still with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { skip } from "engine";
import { ok, same } from "../support/assert.js";
import { BROKEN } from "./broken/ports.js";

const RUNNER = resolve("build/xs/vagus-xs");
const SECONDS = 3;
const ENGINES = [
  { name: "Node", engine: "node", command: [process.execPath, "--enable-source-maps"] },
  { name: "XS", engine: "xs", command: [RUNNER] },
] as const;

interface Outcome {
  readonly paces: number;
  readonly atMs: number;
  /** The exit code, where it ended by itself. */
  readonly ended: number | null | undefined;
}

/** Runs it until it has said its paces so often. */
async function run(command: readonly string[], what: string): Promise<Outcome> {
  const [program = "", ...args] = command;
  const child: ChildProcess = spawn(program, args, {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, VAGUS_BREAK: what, VAGUS_RHYTHM: "asystole", VAGUS_MODE: "VOO" },
  });
  const gone = new Promise<number | null>((resolve) => child.once("close", resolve));
  let said = 0;
  let last = { paces: 0, atMs: 0 };
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = JSON.parse(line);
    if (event.event !== "paces") continue;
    last = event;
    if (++said === SECONDS) break;
  }
  const ended = said === SECONDS ? undefined : await gone;
  child.kill("SIGKILL");
  await gone;
  return { ...last, ended };
}

describe("the process that ships paces a heart that stands still, whatever of it is broken", () => {
  const folder = mkdtempSync(join(resolve("build"), "broken-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const { name, engine, command } of ENGINES) {
    const there = engine === "node" || existsSync(RUNNER);
    (there ? describe : skip("the XS runner is not built"))(name, () => {
      const outcomes = new Map<string, Promise<Outcome>>();
      before(async () => {
        const { bundle } = await import(resolve("sim/build/bundle.mjs"));
        const outfile = join(folder, `${engine}.mjs`);
        const platform = resolve(`test/sim/broken/${engine}.ts`);
        await bundle({ entry: resolve("main.ts"), engine, outfile, bare: true, platform });
        for (const what of BROKEN) outcomes.set(what, run([...command, outfile], what)); // all at once
      });
      for (const what of BROKEN)
        it(what, async () => {
          const { paces, atMs, ended } = (await outcomes.get(what)) as Outcome;
          same(ended, undefined, `it ended with ${ended}`);
          ok(Math.abs(paces - atMs / 1000) <= 1.5, `${paces} paces in ${atMs} ms`);
        });
    });
  }
});
