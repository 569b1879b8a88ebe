/** vagus device as a process: one in a folder, and no firmware that outlives it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { ok, same } from "../../support/assert.js";

const RUNNER = resolve("build/xs/vagus-xs");
const ENGINES = existsSync(RUNNER) ? ["node", "xs"] : ["node"];

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly boot: number;
}

/** Starts it, and waits until the firmware has. */
async function start(folder: string, engine: string): Promise<Running> {
  const child = device(folder, engine);
  let port = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = JSON.parse(line);
    if (event.event === "advertising") port = event.port;
    if (event.event === "started") return { child, port, boot: event.boot };
  }
  throw new Error("it ended before it had started");
}

function device(folder: string, engine: string): ChildProcess {
  const command = ["host/cli/vagus.mjs", "device", folder, "--engine", engine, "--json"];
  return spawn(process.execPath, command, { stdio: ["pipe", "pipe", "pipe"] });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
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
      ok(await answers(first.port), "the first one goes on");

      const gone = ended(first.child);
      first.child.kill("SIGKILL");
      await gone;
      for (let tries = 0; (await answers(first.port)) && tries < 50; tries++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      ok(!(await answers(first.port)), "its firmware has ended");

      const third = await start(home, engine);
      same(third.boot, first.boot + 1);
      const over = ended(third.child);
      third.child.stdin!.write("q");
      same(await over, 0);
    });
});
