import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { VagusError } from "../modules/error/index.js";

/** What the firmware says on its standard output, a line of JSON each: see `modules/platform/headless/ports.ts`. */
export interface FirmwareEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface FirmwareOptions {
  /** The command that runs the firmware: the XS runner or Node, and the bundle. */
  readonly command: readonly string[];
  /** `synthetic`, or the path of a recorded heart. */
  readonly source: string;
  /** Of the synthetic one: its rhythm, and what its pacemaker was programmed to when it was implanted. */
  readonly rhythm?: string;
  readonly mode?: string;
  readonly paced: boolean;
  readonly mtu?: number;
  /** Does the device let a link be paired that has authenticated? */
  readonly pairing?: boolean;
  /** Is the button held when the power comes? */
  readonly buttonDown?: boolean;
  /** Does time pass also when `pass` says so? Then the button is held in that time, too. */
  readonly benchClock?: boolean;
  /** Sectors of 4 KiB of its flash: 512 where not given. */
  readonly sectors?: number;
  /** Where the device keeps its flash and its secret; without it a fresh device is made and forgotten. */
  readonly folder?: string;
  readonly onEvent?: (event: FirmwareEvent) => void;
}

/** A started device: what is printed on it, where its radio is, what it runs on. */
export interface Firmware {
  readonly label: Uint8Array;
  readonly port: number;
  readonly engine: string;
  /** What it was when it started: `new` without a credential, `provisioned` with one, `revoked` without one any more. */
  readonly state: string;
  /** Holds the button for so long, in milliseconds, and lets it go. */
  press(ms: number): Promise<void>;
  /** Lays a magnet on the device, or takes it away. */
  magnet(on: boolean): Promise<void>;
  /** So many milliseconds pass for the device at once, and all that is due in them is done; with `benchClock` alone. */
  pass(ms: number): Promise<void>;
  /** What its engine knows of its memory, behind a collection, and of its work: slots, chunkBytes, meter on XS. */
  measure(): Promise<Record<string, number>>;
  /** A process of its own does nothing any more until it is let go on; its sockets stay. */
  freeze?(still: boolean): void;
  /** Takes the power away, in the midst of whatever it does. */
  cutPower(): Promise<void>;
  /** Ends the process and waits for it. */
  stop(): Promise<void>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

const START_MS = 20_000;
const STOP_MS = 3000;

/** Starts the firmware in a process of its own. @throws VagusError `host/link` where it does not come up */
export async function startFirmware(options: FirmwareOptions): Promise<Firmware> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "vagus-device-"));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [command, ...args] = options.command;
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"], // the first one only holds it: it ends when we do, however that comes
    detached: true, // a terminal's Ctrl-C is for us: the device goes on until its stream has ended
    env: {
      ...process.env,
      VAGUS_FLASH: join(folder, "flash.bin"),
      VAGUS_DEVICE_SECRET: join(folder, "secret.bin"),
      VAGUS_TETHERED: "1",
      VAGUS_SOURCE: options.source,
      VAGUS_PACED: options.paced ? "1" : "0",
      ...(options.rhythm === undefined ? {} : { VAGUS_RHYTHM: options.rhythm }),
      ...(options.mode === undefined ? {} : { VAGUS_MODE: options.mode }),
      ...(options.mtu === undefined ? {} : { VAGUS_MTU: String(options.mtu) }),
      ...(options.pairing === true && { VAGUS_PAIRING: "1" }),
      ...(options.buttonDown === true && { VAGUS_BUTTON: "down" }),
      ...(options.sectors === undefined ? {} : { VAGUS_SECTORS: String(options.sectors) }),
      ...(options.benchClock === true && { VAGUS_CLOCK: "bench" }),
    },
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    await end(child, gone, signal);
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const started = await firstWords(child, gone, options.onEvent);
    const { bench } = started;
    const pass = (ms: number) => ask(bench, { pass: ms }).then(() => {});
    return {
      ...started,
      press: (ms) => press(bench, ms, options.benchClock === true),
      pass,
      magnet: (on) => atBench(bench, `{"magnet":${on}}\n`),
      measure: () => ask(bench, { measure: true }),
      stop: () => stop(),
      freeze: (still) => void child.kill(still ? "SIGSTOP" : "SIGCONT"),
      cutPower: () => stop("SIGKILL"),
      ended: gone,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Started = Pick<Firmware, "label" | "port" | "engine" | "state"> & { readonly bench: number };

function firstWords(
  child: ChildProcess,
  gone: Promise<void>,
  onEvent: ((event: FirmwareEvent) => void) | undefined,
): Promise<Started> {
  let complaints = "";
  child.stderr?.on("data", (text) => {
    complaints = `${complaints}${text}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string) =>
      reject(
        new VagusError(
          "host/link",
          `expected the firmware to start, ${what}${complaints && `: ${complaints.trim()}`}`,
        ),
      );
    const timer = globalThis.setTimeout(() => fail(`came nothing within ${START_MS} ms`), START_MS);
    child.once("error", (error) => fail(error.message));
    gone.then(() => fail(`came its end with exit code ${child.exitCode}`));
    let advertised: FirmwareEvent | undefined;
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const event = parse(line);
      if (event === undefined) return;
      onEvent?.(event);
      if (event.event === "advertising") advertised = event;
      if (event.event !== "started" || advertised === undefined) return;
      clearTimeout(timer);
      resolve({
        label: new Uint8Array(Buffer.from(String(event.label), "hex")),
        port: Number(advertised.port),
        engine: String(advertised.engine),
        bench: Number(advertised.bench),
        state: String(event.state),
      });
    });
  });
}

function parse(line: string): FirmwareEvent | undefined {
  try {
    return JSON.parse(line) as FirmwareEvent;
  } catch {
    return undefined;
  }
}

async function press(port: number, ms: number, benchClock: boolean): Promise<void> {
  const wait = benchClock ? `{"pass":${ms}}\n` : "";
  await atBench(port, `{"button":"down"}\n${wait}`, benchClock ? "answered" : ms, '{"button":"up"}\n');
}

/** A hand at the bench: see `modules/platform/headless/bench.ts`. */
async function atBench(port: number, first: string, wait: number | "answered" = 0, last = ""): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.resume().write(first);
  await (wait === "answered" ? once(socket, "data") : setTimeout(wait));
  socket.end(last);
  await once(socket, "close");
}

/** A line for the bench, and its answer. @throws VagusError `host/link` where none comes */
async function ask(port: number, line: object): Promise<Record<string, number>> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (text) => {
    answer += text;
    if (answer.endsWith("\n")) socket.end();
  });
  socket.write(`${JSON.stringify(line)}\n`);
  await once(socket, "close");
  if (answer.endsWith("\n")) return JSON.parse(answer);
  throw new VagusError(
    "host/link",
    `expected an answer of the bench to ${JSON.stringify(line)}, came its end`,
  );
}

async function end(child: ChildProcess, gone: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  const timer = globalThis.setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(timer);
}
