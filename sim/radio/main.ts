import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { startFirmware } from "../firmware.js";
import { VirtualRadio } from "./virtual.js";

const help = `npm run radio [-- OPTIONS]
A device on the virtual radio, and a stand-in BlueZ on a bus of its own. Programs that speak BlueZ (Chromium, noble, node-ble)
find it by the environment variable that the first line of output names.

  --device FOLDER   keeps the device (its flash and its secret) there; without it a new one is made and forgotten
  --source S        synthetic (default), or the path of a recorded heart
  --engine E        node (default) or xs
  --mtu N           the largest ATT MTU that the programmer's side agrees to, 23 to 517 (517)
  --interval-ms N   the connection interval (15)
  --loss P          the part of packets that is lost, 0 to 1 (0)
  --pairing         the device lets its link be paired after the handshake
  --hci PORT        more controllers on this air, on a socket of 127.0.0.1: whoever connects speaks H4 with one of its own
  --no-xs           does not build the XS engine
  --help

On standard output, a line of JSON each: first {"event":"ready","DBUS_SYSTEM_BUS_ADDRESS":…,"label":…,"state":…}, then what the
device says. On standard input, a line of JSON each:

  {"place":12}      moves the device so many metres away; 10 are the most that carry
  {"loss":0.1}      another loss
  {"press":3200}    holds the device's button for so many milliseconds

It ends with its standard input, or with SIGINT or SIGTERM. Exit codes: 0 ended; 1 something failed; 2 wrong usage.
`;

export async function main(args: string[]): Promise<number> {
  let values: ReturnType<typeof read>;
  try {
    values = read(args);
  } catch (error) {
    process.stderr.write(`radio: ${(error as Error).message} (--help tells more)\n`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  try {
    await serve(values);
    return 0;
  } catch (error) {
    process.stderr.write(`radio: ${(error as Error).message}\n`);
    return 1;
  }
}

function read(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      device: { type: "string" },
      source: { type: "string", default: "synthetic" },
      engine: { type: "string", default: "node" },
      mtu: { type: "string", default: "517" },
      "interval-ms": { type: "string", default: "15" },
      loss: { type: "string", default: "0" },
      pairing: { type: "boolean", default: false },
      hci: { type: "string" },
      "no-xs": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (!["node", "xs"].includes(values.engine))
    throw new Error(`--engine: expected node or xs, came ${values.engine}`);
  return {
    ...values,
    mtu: number("mtu", values.mtu, 23, 517),
    intervalMs: number("interval-ms", values["interval-ms"], 7.5, 4000),
    loss: number("loss", values.loss, 0, 1),
    hci: values.hci === undefined ? undefined : number("hci", values.hci, 1, 65_535),
  };
}

function number(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!(value >= min && value <= max)) {
    throw new Error(`--${option}: expected a number from ${min} to ${max}, came ${text}`);
  }
  return value;
}

async function serve(options: ReturnType<typeof read>): Promise<void> {
  const { device, source, engine, mtu, intervalMs, loss, pairing, hci } = options;
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const build = join(process.cwd(), "build");
  const command =
    engine === "xs"
      ? [join(build, "xs/vagus-xs"), join(build, "firmware/xs.js")]
      : [process.execPath, join(build, "firmware/node.mjs")];
  const firmware = await startFirmware({
    command,
    source,
    paced: true,
    pairing,
    onEvent: say,
    ...(device !== undefined && { folder: device }),
  });
  try {
    const radio = await VirtualRadio.start({ port: () => firmware.port, mtu, intervalMs, loss, pairing });
    const controllers = hci === undefined ? undefined : await radio.serveHci(hci);
    const { label, state } = firmware;
    say({ event: "ready", DBUS_SYSTEM_BUS_ADDRESS: radio.busAddress, label: toHex(label), state });
    const input = createInterface({ input: process.stdin });
    input.on("line", (line) => obey(line, radio, (ms) => void firmware.press(ms)));
    const ended = new Promise<void>((resolve) => {
      input.once("close", resolve);
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    await Promise.race([ended, firmware.ended]);
    input.close();
    controllers?.close();
    await radio.close();
  } finally {
    await firmware.stop();
  }
}

function obey(line: string, radio: VirtualRadio, press: (ms: number) => void): void {
  try {
    const order = JSON.parse(line) as Record<string, unknown>;
    if (typeof order.place === "number") radio.moveTo(order.place);
    if (typeof order.loss === "number") radio.air.loss = order.loss;
    if (typeof order.press === "number") press(order.press);
  } catch {
    process.stderr.write(`radio: expected an order, came ${line}\n`);
  }
}
