/** The command line in this process: what it prints and its exit code, several at once if need be. */
import { AsyncLocalStorage } from "node:async_hooks";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { main } from "../../../host/cli/commands.js";
import { toHex } from "../../../modules/bytes/index.js";
import { type Firmware, startFirmware } from "../../../sim/firmware.js";
import { deep, ok, same } from "../../support/assert.js";

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const printed = new AsyncLocalStorage<{ stdout: string; stderr: string }>();
for (const name of ["stdout", "stderr"] as const) {
  const stream = process[name];
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((...args: unknown[]) => {
    const store = printed.getStore();
    if (store === undefined) return write(...args);
    store[name] += String(args[0]);
    return true;
  }) as typeof stream.write;
}

export async function vagus(...args: string[]): Promise<Outcome> {
  const store = { stdout: "", stderr: "" };
  const status = await printed.run(store, () => main(args));
  return { status, ...store };
}

/** With `--json`; exit code 0. */
export async function done(...args: string[]) {
  const { status, stdout, stderr } = await vagus(...args, "--json");
  same(status, 0, `${args.join(" ")}: ${stderr}`);
  const lines = stdout.trimEnd().split("\n");
  return JSON.parse(lines[lines.length - 1] as string);
}

/** In words; exit code 0. */
export async function says(part: string | RegExp, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await vagus(...args);
  same(status, 0, stderr);
  ok(typeof part === "string" ? stdout.includes(part) : part.test(stdout), `${part} in ${stdout}`);
}

export async function refused(code: string, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await vagus(...args);
  deep([status, stdout], [1, ""], stderr);
  ok(stderr.includes(`: ${code}: `), stderr);
}

async function onNode(): Promise<string[]> {
  const { bundleFirmware } = await import(join(process.cwd(), "sim/build/programs.mjs"));
  return [process.execPath, await bundleFirmware("node")];
}

/** A device in a folder, as `vagus device` runs it: the firmware in a process of its own. */
export class RunningDevice {
  readonly said: string[] = [];
  #firmware!: Firmware;

  /** @param command what runs it: Node, where not given */
  static async start(folder: string, command?: readonly string[], pairing = false): Promise<RunningDevice> {
    const device = new RunningDevice();
    device.#firmware = await startFirmware({
      command: command ?? (await onNode()),
      ...{ source: "synthetic", paced: true, folder, pairing },
      onEvent: ({ event }) => device.said.push(event),
    });
    const { label, port } = device.#firmware;
    writeFileSync(join(folder, "running.json"), JSON.stringify({ label: toHex(label), port }));
    return device;
  }

  get label(): string {
    return toHex(this.#firmware.label);
  }

  /** The button, for as long as opens provisioning. */
  async hold(): Promise<void> {
    await this.#firmware.press(3100);
    await this.says("provisioning");
  }

  async says(event: string): Promise<void> {
    while (!this.said.includes(event)) await setTimeout(10);
    this.said.length = 0;
  }

  stop(): Promise<void> {
    return this.#firmware.stop();
  }
}
