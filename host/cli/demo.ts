import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { RHYTHM_NAMES, type SampleSource, simulatedPatient } from "../../modules/cardiac/index.js";
import { MODES } from "../../modules/cardiac/pacer/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { startFirmware } from "../../sim/firmware.js";
import { simulatorCommand } from "../../sim/simulator.js";
import { DemoClinic } from "../demo/clinic.js";
import { DemoRun } from "../demo/run.js";
import { SCENARIOS } from "../demo/scenario/index.js";
import { showScenario } from "../demo/scenario/show.js";
import { LiveView, type View } from "../demo/view.js";
import { openVirtual } from "../demo/virtual.js";
import { ROOT } from "../root.js";
import { openHeart } from "../store/heart-file.js";
import { terminalStyle } from "../trace/index.js";
import { UsageError } from "./usage.js";

export const summary = "makes a device and a programmer, and shows the heart of the one on the other";

export const help = `vagus demo: a device on XS, a programmer on Node, a heart on the screen

usage: vagus demo [options]          (npm start is the same, and builds what is missing)

  --seconds N       ends by itself after N seconds of samples, in whole readings (default: goes on until Ctrl-C)
  --source S        record: the MIT-BIH record 208 that the project carries (default); synthetic: a made-up heart with
                    a pacemaker, whose samples are only known here as long as nobody programs it or holds a magnet to it;
                    or a file: a WFDB header (.hea), EDF or EDF+
  --rhythm R        of the made-up heart: ${RHYTHM_NAMES.slice(0, 6).join(", ")},
                    ${RHYTHM_NAMES.slice(6).join(", ")} (default: sinus)
  --mode M          what its pacemaker is programmed to: ${MODES.join(", ")} (default: DDD)
  --fast            unpaced: samples come as fast as the firmware can send them
  --reading-ms N    samples in each signed reading, 250 to 4000 ms (default 1000)
  --mtu N           the largest ATT MTU, 23 to 247 (default 247)
  --link L          loopback (default), or sim: the firmware in Moddable's desktop simulator (needs the Moddable SDK)
  --radio virtual   over Bluetooth as far down as there is any without hardware: noble, a stand-in BlueZ on D-Bus, host stacks and
                    controllers with air between them (needs dbus-daemon)
  --engine E        xs or node: what the firmware runs on (default: xs where it can be built)
  --web             the clinician's page instead, in a browser on this machine: prints its link, and opens it where there
                    is a screen. The heart is the made-up one, with a complete AV block, unless said otherwise; of the
                    options below --device and --json go with it
  --devices N       with --web: how many devices, 1 to 4 (default 1)
  --port N          with --web: where the page is served, on 127.0.0.1 (default: a free port)
  --scenario NAME   plays an attack instead, and says at each step what it was and how it ended: stolen-programmer,
                    stolen-device, greedy-hub or old-list
  --device FOLDER   keeps the device (its flash and its secret) there, to be started again
  --store FILE      keeps the signed readings there, as a CBOR sequence (default: a new file in build/recordings),
                    and the device's public key beside it in FILE.key: vagus inspect --sequence --key FILE.key FILE
  --ascii           draws without braille, as in a locale that is not UTF-8
  --json            prints one JSON object at the end, and nothing else, on standard output

exit codes: 0 all that came was verified and is what went in; 1 it is not, or something failed; 2 wrong usage
`;

const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Of the page: one in which the pacemaker has something to do. */
const WEB_RHYTHM = "avb3";
const RECORD = "sim/hearts/mitbih-208-mlii-360hz.u16le";

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string" },
      source: { type: "string" },
      rhythm: { type: "string" },
      mode: { type: "string", default: "DDD" },
      fast: { type: "boolean", default: false },
      "reading-ms": { type: "string", default: "1000" },
      mtu: { type: "string", default: "247" },
      link: { type: "string", default: "loopback" },
      radio: { type: "string" },
      engine: { type: "string", default: "xs" },
      device: { type: "string" },
      web: { type: "boolean", default: false },
      devices: { type: "string", default: "1" },
      port: { type: "string" },
      scenario: { type: "string" },
      store: { type: "string" },
      ascii: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const rhythm = oneOf("rhythm", values.rhythm ?? (values.web ? WEB_RHYTHM : "sinus"), RHYTHM_NAMES);
  const mode = oneOf("mode", values.mode, MODES);
  const engine = oneOf("engine", values.engine, ["xs", "node"]);
  const link = oneOf("link", values.link, ["loopback", "sim"]);
  if (values.radio !== undefined) oneOf("radio", values.radio, ["virtual"]);
  const readingMs = number("reading-ms", values["reading-ms"], 250, 4000);
  const mtu = number("mtu", values.mtu, 23, 247);
  const seconds = values.seconds === undefined ? undefined : number("seconds", values.seconds, 1, 1_000_000);
  if (values.scenario !== undefined) {
    const name = oneOf("scenario", values.scenario, Object.keys(SCENARIOS));
    return showScenario(name, { command: firmwareCommand(engine), json: values.json });
  }
  const named = values.source ?? (values.web ? "synthetic" : "record");
  const file = named === "record" ? join(ROOT, RECORD) : resolve(named);
  const synthetic = named === "synthetic";
  if (!synthetic && !existsSync(file)) {
    throw new UsageError(`--source: expected record, synthetic or a file, came ${named}`);
  }
  if (values.web) {
    const { runWebDemo } = await import("../bridge/run.js");
    const command = firmwareCommand(engine);
    const heart = { source: synthetic ? "synthetic" : file, rhythm, mode };
    const options = {
      crypto: createPortableCrypto(),
      page: join(ROOT, "build/web"),
      firmware: { command, ...heart, paced: !values.fast, mtu },
      devices: number("devices", values.devices, 1, 4),
      ...(values.device !== undefined && { keep: values.device }),
      ...(values.port !== undefined && { port: number("port", values.port, 1024, 65_535) }),
    };
    return runWebDemo(options, { json: values.json, open: process.stdout.isTTY });
  }
  const source: SampleSource = synthetic ? simulatedPatient(rhythm, mode) : openHeart(file);
  const view: View = values.json
    ? { event() {}, end() {} }
    : new LiveView({
        ascii: values.ascii || terminalStyle(process.env, process.stdout).ascii,
        fast: values.fast,
      });

  const crypto = createPortableCrypto();
  const firmware = await startFirmware({
    command: link === "sim" ? simulated() : firmwareCommand(engine),
    source: synthetic ? "synthetic" : file,
    rhythm,
    mode,
    paced: !values.fast,
    mtu,
    ...(values.device === undefined ? {} : { folder: values.device }),
  });
  const port = () => firmware.port;
  const virtual = values.radio === undefined ? undefined : await openVirtual({ port, mtu });
  const clinic = await DemoClinic.open(crypto, values.device);
  const demo = new DemoRun({
    crypto,
    firmware,
    clinic,
    source,
    sourceName: synthetic || named === "record" ? named : basename(file),
    store:
      values.store ??
      join(ROOT, "build/recordings", `${new Date().toISOString().replace(/[:.]/g, "-")}.cborseq`),
    readingMs,
    mtu,
    ...(virtual && { connect: () => virtual.connect() }),
    readings: seconds === undefined ? 0 : Math.ceil((seconds * 1000) / readingMs),
    view,
  });
  const interrupt = () => demo.interrupt();
  for (const signal of INTERRUPTS) process.on(signal, interrupt);
  try {
    const result = await demo.run();
    view.end(result);
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.lossless && result.refused === 0 ? 0 : 1;
  } finally {
    view.end();
    for (const signal of INTERRUPTS) process.off(signal, interrupt);
    await virtual?.close();
    await firmware.stop();
  }
}

/** The library that `npm start -- --link sim` has built, in the simulator that loads it. */
function simulated(): string[] {
  const library = process.env.VAGUS_SIMULATOR;
  if (library === undefined) {
    throw new UsageError("--link sim: expected the firmware to be built for it, which npm start does");
  }
  return simulatorCommand(ROOT, library);
}

function firmwareCommand(engine: "xs" | "node"): string[] {
  return engine === "xs"
    ? [join(ROOT, "build/xs/vagus-xs"), join(ROOT, "build/firmware/xs.js")]
    : [process.execPath, join(ROOT, "build/firmware/node.mjs")];
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) {
    throw new UsageError(`--${option}: expected ${allowed.join(" or ")}, came ${value}`);
  }
  return found;
}

function number(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value >= min && value <= max)) {
    throw new UsageError(`--${option}: expected a number from ${min} to ${max}, came ${text}`);
  }
  return value;
}
