import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { RHYTHM_NAMES } from "../../modules/cardiac/index.js";
import { MODES } from "../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../modules/error/index.js";
import { type Firmware, type FirmwareEvent, startFirmware } from "../../sim/firmware.js";
import { makeFolder, PRIVATE, replaceFile } from "../authority/files.js";
import { lock } from "../authority/lock.js";
import { ROOT } from "../root.js";
import { openHeart } from "../store/heart-file.js";
import { RUNNING } from "./device-at.js";
import { oneOf, only } from "./usage.js";

export const summary = "runs a device here, without hardware, and says what happens to it";

export const help = `vagus device: the firmware on this machine; its flash and its secret stay in FOLDER

usage: vagus device FOLDER [options]

  --engine E            xs or node: what the firmware runs on (default: xs where \`npm start\` has built it)
  --source S            synthetic (default): a patient with a pacemaker; or a recorded heart, which has none: a WFDB
                        header (.hea), EDF or EDF+, or the project's record (sim/hearts)
  --rhythm R            the patient's: ${RHYTHM_NAMES.slice(0, 7).join(", ")},
                        ${RHYTHM_NAMES.slice(7).join(", ")} (default: sinus)
  --mode M              what the pacemaker was programmed to when it was implanted: ${MODES.join(", ")}
                        (default: DDD); what was programmed since, which is in its flash, has precedence
  --button down         holds the button from power-up: after 10 s that is a factory reset
  --pairing             lets its link be paired after the handshake (docs/RADIO.md)
  --json                each event as a line of JSON

keys, at a terminal or on standard input:
  b  presses the button: connections are not rationed for a minute
  p  holds it for 3 s: the device may be provisioned for a minute
  m  lays a magnet on it, and takes it away: it paces asynchronously as long as it lies there
  q  quits

exit codes: 0 it was ended; 1 it did not start, or ended by itself; 2 wrong usage
`;

/** Longer than what each is for: see modules/device/button.ts. */
const PRESS_MS = { short: 200, provision: 3200, factoryReset: 10_500 } as const;

const WORDS: Record<string, string> = {
  connected: "somebody connected",
  authenticated: "and proved who it is",
  disconnected: "the connection is gone",
  window: "the button: connections are not rationed for a minute",
  provisioning: "the button was held: it may be provisioned for a minute",
  provisioned: "it has its credential",
  revoked: "it found itself revoked: its key is gone",
  reset: "factory reset: it is new again",
  paceNow: "Pace-Now: the fixed values of an emergency",
  parametersProgrammed: "other pacing parameters, from the next cycle on",
  parametersReverted: "what was temporary is over: paced as programmed",
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      engine: { type: "string" },
      source: { type: "string", default: "synthetic" },
      rhythm: { type: "string", default: "sinus" },
      mode: { type: "string", default: "DDD" },
      button: { type: "string" },
      pairing: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const folder = only(positionals, "FOLDER");
  const buttonDown = values.button !== undefined && oneOf("button", values.button, ["down"]) === "down";
  if (values.source !== "synthetic") openHeart(values.source); // what it would refuse, this says better
  const command = await firmwareCommand(
    values.engine === undefined ? undefined : oneOf("engine", values.engine, ["xs", "node"] as const),
  );
  const say = (line: string) => process.stdout.write(`${line}\n`);
  makeFolder(folder);
  const release = held(folder);
  const firmware = await startFirmware({
    ...{ command, source: values.source, paced: true, folder, buttonDown, pairing: values.pairing },
    rhythm: oneOf("rhythm", values.rhythm, RHYTHM_NAMES),
    mode: oneOf("mode", values.mode, MODES),
    onEvent: (event) => say(values.json ? JSON.stringify(event) : inWords(event)),
  });
  const note = join(folder, RUNNING);
  const running = { label: toHex(firmware.label), port: firmware.port, pid: process.pid };
  replaceFile(note, `${JSON.stringify(running)}\n`, PRIVATE.file);
  if (!values.json) for (const line of howTo(firmware, folder)) say(line);
  if (buttonDown) press(firmware, PRESS_MS.factoryReset);
  const quit = await Promise.race([keys(firmware), firmware.ended.then(() => false)]);
  rmSync(note, { force: true });
  await firmware.stop();
  release();
  if (!quit) process.stderr.write("vagus device: host/link: the firmware ended by itself\n");
  return quit ? 0 : 1;
}

/** Two devices with one flash would each be half of one. @throws VagusError `host/store` where one runs in the folder */
function held(folder: string): () => void {
  try {
    return lock(join(folder, "device"));
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    throw new VagusError(
      "host/store",
      `expected no device to run in ${folder} yet, came one: end that first`,
    );
  }
}

/** Resolves when it is to end: q, Ctrl-C, or a signal. */
function keys(firmware: Firmware): Promise<true> {
  return new Promise((resolve) => {
    const { stdin } = process;
    let held = false;
    const quit = () => {
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.destroy(); // a pipe that is only paused would keep us
      resolve(true);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, quit);
    if (stdin.isTTY) stdin.setRawMode(true);
    stdin.setEncoding("utf8").on("data", (text: string) => {
      for (const key of text) {
        if (key === "b") press(firmware, PRESS_MS.short);
        else if (key === "p") press(firmware, PRESS_MS.provision);
        else if (key === "m") {
          held = !held;
          tell(firmware.magnet(held));
        } else if (key === "q" || key === "\u0003") quit();
      }
    });
  });
}

function press(firmware: Firmware, ms: number): void {
  tell(firmware.press(ms));
}

function tell(act: Promise<void>): void {
  act.catch((error: Error) => process.stderr.write(`vagus device: at the bench: ${error.message}\n`));
}

function inWords({ event, ...rest }: FirmwareEvent): string {
  const time = new Date().toTimeString().slice(0, 8);
  if (event === "advertising")
    return `${time}  advertises on port ${rest.port} of 127.0.0.1, on ${rest.engine}`;
  if (event === "started") {
    return `${time}  started for the ${rest.boot}. time, ${rest.state}; printed on it: ${rest.label}`;
  }
  if (event === "magnet") return `${time}  ${rest.on ? "a magnet lies on it" : "the magnet is gone"}`;
  if (event === "refused" || event === "fault") return `${time}  ${event}: ${rest.detail}`;
  return `${time}  ${WORDS[event] ?? event}`;
}

function howTo({ state }: Firmware, folder: string): string[] {
  const keysAre = "keys: b presses the button, p holds it for 3 s, m is a magnet, q quits";
  if (state === "provisioned") return [keysAre];
  return [keysAre, `next: p here, then vagus provision --authority FOLDER --device ${folder} --group G`];
}

/** Bundles the firmware, which takes a tenth of a second. XS is there where npm start or npm test has built it. */
async function firmwareCommand(wanted: "xs" | "node" | undefined): Promise<string[]> {
  const runner = join(ROOT, "build/xs/vagus-xs");
  const engine = wanted ?? (existsSync(runner) ? "xs" : "node");
  const programs = pathToFileURL(join(ROOT, "sim/build/programs.mjs")).href;
  const { bundleFirmware } = (await import(programs)) as { bundleFirmware(engine: string): Promise<string> };
  const bundle = await bundleFirmware(engine);
  return engine === "xs" ? [runner, bundle] : [process.execPath, bundle];
}
