/** EDHOC between the whole firmware on XS and the programmer on Node: octets, byte codes, operations. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoClinic } from "../host/demo/clinic.js";
import { LoopbackLink } from "../host/link/loopback.js";
import { Programmer } from "../host/programmer/programmer.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { startFirmware } from "../sim/firmware.js";
import { CountingLink } from "./counting-link.js";
import { type DeviceOptions, type EngineReport, MTU, provisionedDevice, within } from "./device.js";
import { inside } from "./inside.js";

/** How both sides name their credentials. */
type Naming = "value" | "kid";

interface Sessions {
  /** Octets of message_1 to message_4 of each session. */
  readonly messages: readonly (readonly number[])[];
  readonly meter: number;
}

export interface HandshakeOptions extends DeviceOptions {
  /** The bundle of `bench/xs/handshake.ts`. */
  readonly edhoc: string;
}

/** What `bench/xs/handshake.ts` reports. */
export interface InsideFigures extends Readonly<Record<Naming, InsideHandshake>> {
  /** Octets of the programmer's and of the device's. */
  readonly credentials: readonly [programmer: number, device: number];
}

export interface InsideHandshake {
  readonly messages: readonly number[];
  /** Calls of each operation of the Crypto port by the device. */
  readonly operations: Readonly<Record<string, number>>;
}

/** @throws Error where a handshake fails, or the firmware's messages are not as long as those of its parts */
export async function handshakes(options: HandshakeOptions) {
  const folder = mkdtempSync(join(tmpdir(), "vagus-bench-"));
  try {
    const clinic = await provisionedDevice(options, join(folder, "device"));
    const run = (...namings: Naming[]) => sessions(options, clinic, folder, namings);
    const one = await run("value");
    const two = await run("value", "value");
    const again = await run("value", "kid");
    const [byValue, byKid] = again.messages as [readonly number[], readonly number[]];
    const alone = await inside<InsideFigures>(options.runner, options.edhoc, []);
    if (`${[alone.value.messages, alone.kid.messages]}` !== `${[byValue, byKid]}`)
      throw new Error(
        `expected messages of ${byValue} and ${byKid} bytes, came ${alone.value.messages} and ${alone.kid.messages}`,
      );
    return {
      handshakeBytes: sum(byValue),
      handshakeBytesKid: sum(byKid),
      handshakeCredentials: alone.credentials,
      handshakeMessages: byValue,
      handshakeMessagesKid: byKid,
      handshakeMeter: two.meter - one.meter,
      handshakeMeterKid: again.meter - one.meter,
      handshakeOperations: alone.value.operations,
      handshakeOperationsKid: alone.kid.operations,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run of the firmware, with so many sessions one after the other. */
async function sessions(
  options: DeviceOptions,
  clinic: DemoClinic,
  folder: string,
  namings: readonly Naming[],
): Promise<Sessions> {
  const { runner, firmware: bundle, record } = options;
  const reportPath = join(folder, "report.json");
  // each run finds the same flash: what an earlier one wrote would be read through, and counted
  const device = mkdtempSync(join(folder, "run-"));
  cpSync(join(folder, "device"), device, { recursive: true });
  const waiting = new Map<string, () => void>();
  const happens = (event: string) => within(new Promise<void>((resolve) => waiting.set(event, resolve)));
  const firmware = await startFirmware({
    command: [runner, "--report", reportPath, bundle],
    folder: device,
    source: record,
    paced: false,
    mtu: MTU,
    onEvent: ({ event }) => waiting.get(event)?.(),
  });
  const messages: number[][] = [];
  try {
    for (const naming of namings) {
      const [authenticated, disconnected] = [happens("authenticated"), happens("disconnected")];
      const link = new CountingLink(await LoopbackLink.open({ port: firmware.port, mtu: MTU }));
      const programmer = await Programmer.connect({
        crypto: createPortableCrypto(),
        link,
        credential: clinic.credential,
        key: clinic.key,
        trust: clinic.trust,
        byKid: naming === "kid",
        observe: () => {},
      });
      await authenticated;
      programmer.close();
      await disconnected;
      messages.push(link.controlBytes);
    }
  } finally {
    await firmware.stop();
  }
  const { meterAfterLoad } = JSON.parse(readFileSync(reportPath, "utf8")) as EngineReport;
  return { messages, meter: meterAfterLoad };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
