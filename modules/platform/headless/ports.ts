/**
 * The ports of a device without a board. What a board has soldered on comes in settings:
 *
 *   VAGUS_FLASH   the file that holds the flash; without it the device remembers nothing
 *   VAGUS_SOURCE  `synthetic`: a patient with a pacemaker; or the path of a recorded heart (WFDB, EDF, or bare
 *                 16-bit samples)
 *   VAGUS_RHYTHM  the patient's, one of RHYTHM_NAMES: sinus where not given
 *   VAGUS_MODE    what the pacemaker was programmed to when it was implanted: DDD, nominal, where not given
 *   VAGUS_PACED   0: samples are due as fast as they are asked for
 *   VAGUS_MTU     the largest ATT MTU to agree on, 23 to 247
 *   VAGUS_PAIRING 1: lets the radio behind the loopback link pair it, once a session is open
 *   VAGUS_BUTTON  down: the button is held when the power comes
 *   VAGUS_CLOCK   bench: a hand at the bench may let time pass
 *   VAGUS_TETHERED 1: the device ends when its standard input does, so that it does not outlive whoever runs it
 *   VAGUS_SECTORS the chip has so many sectors of 4 KiB: 512 where not given
 *
 * What a person at the bench would see comes out as lines of JSON: the label as it is printed on the device, the
 * ports in place of an advertisement and of a hand at the button, connections and refusals.
 */
import { toHex } from "../../bytes/index.js";
import { type EcgSensor, PacedSensor, type SampleSource, simulatedPatient } from "../../cardiac/index.js";
import { openRecord } from "../../cardiac/records/index.js";
import type { Clock, DeviceEvent, DevicePorts } from "../../device/index.js";
import { MemoryFlash } from "../../flash/index.js";
import { MTU_MAX } from "../../gatt/index.js";
import type { Heart, Samples } from "../display/heart.js";
import { LoopbackPeripheral } from "../loopback/peripheral.js";
import { Bench } from "./bench.js";
import { CutFlash } from "./cut-flash.js";
import { FileFlash } from "./file-flash.js";
import type { HeadlessHost } from "./host.js";
import { MovableClock } from "./movable-clock.js";
import { type PowerLoss, World } from "./world.js";

/** 2 MB, as on the boards: more than an hour of readings. */
const FLASH_SECTORS = 512;

/** What is there beside the ports for whoever shows the device: the patient's, and the bench that it lies on. */
export interface HeadlessPorts extends DevicePorts {
  readonly bench: Bench;
  readonly world: World;
  readonly heart: Heart;
}

export async function headlessPorts(host: HeadlessHost): Promise<HeadlessPorts> {
  const flashPath = host.setting("VAGUS_FLASH");
  const mtu = Number(host.setting("VAGUS_MTU") ?? MTU_MAX);
  const paced = host.setting("VAGUS_PACED") !== "0";
  const peripheral = new LoopbackPeripheral(mtu);
  const server = await host.listen((stream) => peripheral.accept(stream));
  const movable = host.setting("VAGUS_CLOCK") === "bench" ? new MovableClock(host.clock) : undefined;
  const clock = movable ?? host.clock;
  const { sensor, ...shown } = heart(host, clock, paced);
  const { patient } = shown;
  const sectors = Number(host.setting("VAGUS_SECTORS") ?? FLASH_SECTORS);
  const flash = new CutFlash(
    flashPath === undefined ? new MemoryFlash(sectors) : new FileFlash(host.createFile(flashPath), sectors),
    () => host.power?.("cut"),
  );
  const range = (inRange: boolean) => peripheral.setRange(inRange);
  const world = new World({ patient, range, power: powerOf(host, flash) }, host.setting("VAGUS_RHYTHM"));
  const bench = new Bench(host.setting("VAGUS_BUTTON") === "down", world, {
    clock: movable,
    measure: host.measure && (() => host.measure?.() ?? {}),
  });
  const hand = await host.listen((stream) => bench.accept(stream));
  const ports = { port: server.port, bench: hand.port };
  host.print(JSON.stringify({ event: "advertising", ...ports, engine: host.engine }));
  return {
    crypto: host.crypto,
    clock,
    flash,
    peripheral,
    button: bench.button,
    sensor,
    ...(patient && { implant: patient, magnet: world.magnet }),
    bench,
    world,
    pairing: host.setting("VAGUS_PAIRING") === "1",
    heart: shown,
    madeAt: host.wallClock(),
    observe: (event) => host.print(JSON.stringify(describe(event))),
  };
}

function powerOf({ power }: HeadlessHost, flash: CutFlash): ((loss: PowerLoss) => void) | undefined {
  if (power === undefined) return undefined;
  return (loss) => {
    if (loss === "write") return flash.cutNextWrite();
    flash.cut();
    power(loss);
  };
}

function heart(host: HeadlessHost, clock: Clock, paced: boolean): Heart & { readonly sensor: EcgSensor } {
  const name = host.setting("VAGUS_SOURCE") ?? "synthetic";
  const sensorOf = (source: SampleSource) =>
    new PacedSensor(source, { clock: () => clock.monotonicMs(), paced });
  if (name !== "synthetic") {
    const record = openRecord(name, host.openFile);
    return { sensor: sensorOf(record), samples: lookingAt(record), patient: undefined };
  }
  const patient = simulatedPatient(host.setting("VAGUS_RHYTHM"), host.setting("VAGUS_MODE"));
  return { sensor: sensorOf(patient), samples: patient, patient };
}

/** A record may be read twice. */
function lookingAt(record: SampleSource): Samples {
  const look = (first: number, channels: readonly Int16Array[]) => {
    const from = first % record.length;
    const count = Math.min(channels[0]!.length, record.length - from);
    for (const [index, samples] of record.read(from, count).entries()) channels[index]!.set(samples);
    return count;
  };
  return { format: record.format, end: Infinity, look };
}

function describe(event: DeviceEvent): Record<string, unknown> {
  switch (event.kind) {
    case "started":
      return {
        event: "started",
        label: toHex(event.label),
        boot: event.boot,
        fresh: event.fresh,
        state: event.state,
      };
    case "magnet":
      return { event: "magnet", on: event.on };
    case "refused":
    case "fault":
      return { event: event.kind, code: event.error.code, detail: event.error.message };
    default:
      return { event: event.kind };
  }
}
