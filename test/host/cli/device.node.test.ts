/** vagus device as a process: one in a folder, and no firmware that outlives it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { ok, same } from "../../support/assert.js";

const RUNNER = resolve("build/xs/vagus-xs");
const ENGINES = existsSync(RUNNER) ? ["node", "xs"] : ["node"];

interface Running {
  readonly child: ChildProcess;
  readonly boot: number;
}

/** Starts it, and waits until the firmware has. */
async function start(folder: string, engine: string): Promise<Running> {
  const child = device(folder, engine);
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = JSON.parse(line);
    if (event.event === "started") return { child, boot: event.boot };
  }
  throw new Error("it ended before it had started");
}

function device(folder: string, engine: string): ChildProcess {
  const command = ["host/cli/vagus.mjs", "device", folder, "--engine", engine, "--json"];
  return spawn(process.execPath, command, { stdio: ["pipe", "pipe", "pipe"] });
}

/** The processes that it has started (proc(5)). */
function childrenOf({ pid }: ChildProcess): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).map(Number);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("close", resolve));

describe("vagus device", () => {
  const folder = mkdtempSync(join(tmpdir(), "vagus-device-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const engine of ENGINES)
    it(`${engine}: there is one in a folder; killed outright, its firmware ends, and the next one starts`, async () => {
      const home = join(folder, engine);
      const first = await start(home, engine);
      const second = device(home, engine);
      let said = "";
      second.stderr!.on("data", (text) => (said += text));
      same(await ended(second), 1);
      ok(/host\/store: expected no device to run in .* yet, came one/.test(said), said);

      // nobody talks to it: a firmware that says something would end by that, as nobody hears it any more
      const firmware = childrenOf(first.child).filter(lives);
      ok(firmware.length >= 1, "the first one goes on");
      const gone = ended(first.child);
      first.child.kill("SIGKILL");
      await gone;
      for (let tries = 0; firmware.some(lives) && tries < 50; tries++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      ok(!firmware.some(lives), "its firmware has ended");

      const third = await start(home, engine);
      same(third.boot, first.boot + 1);
      const over = ended(third.child);
      third.child.stdin!.write("q");
      same(await over, 0);
    });
});
