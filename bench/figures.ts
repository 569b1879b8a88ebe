/** All figures, taken. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromUint } from "../modules/bytes/index.js";
import { MTU } from "./device.js";
import { handshakes } from "./handshake.js";
import { inside } from "./inside.js";
import { jwtBytes } from "./jwt.js";
import { patientFigures } from "./patient.js";
import { revocationFigures } from "./revocation.js";
import { type SentReading, type StreamRun, streamRun } from "./stream.js";

/** Built beforehand by `bench/run.mjs`. */
export interface Built {
  readonly runner: string;
  readonly firmware: string;
  readonly codec: string;
  readonly cbor: string;
  readonly heart: string;
  readonly pacer: string;
  readonly display: string;
  readonly journal: string;
  readonly edhoc: string;
  readonly record: string;
}

export interface MeasureOptions {
  readonly built: Built;
  /** Seconds of the record, 10 to 300. */
  readonly seconds: number;
  readonly progress: (what: string) => void;
}

export type Figures = Awaited<ReturnType<typeof measure>>;

/** A second of drawing: byte codes, and what the display is given. */
interface Drawn {
  readonly meter: number;
  readonly rectangles: number;
  readonly pixels: number;
}

const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** @throws Error where a run fails */
export async function measure({ built, seconds, progress }: MeasureOptions) {
  const { runner, codec, cbor, heart, pacer, record } = built;
  const run = (readingMs: number, readings: number): Promise<StreamRun> => {
    progress(`the firmware on XS: ${readings} readings of ${readingMs} ms`);
    return streamRun({ ...built, readingMs, readings });
  };
  const whole = await run(1000, seconds);
  const fewer = Math.ceil(seconds / 5);
  const part = await run(1000, fewer);
  const slower = await run(2000, Math.floor(seconds / 2));
  progress("the firmware on XS with the simulated patient, three streams");
  const patient = await patientFigures(built);
  progress("handshakes of the firmware on XS");
  const handshake = await handshakes(built);
  progress("the codec and CBOR on XS");
  const { rawBytesPerSecond } = whole;
  const rateHz = rawBytesPerSecond / 2;
  const packed = await inside(runner, codec, [record, rateHz * seconds, rateHz]);
  const inCbor = await withFile(claimsFile(whole.readings), (path) => inside(runner, cbor, [path]));
  progress("the heart and its pacer on XS");
  const hearts = await inside<Record<string, { alone: number; paced: number }>>(runner, heart, [60]);
  const dearest = (of: "alone" | "paced") => Math.max(...Object.values(hearts).map((it) => it[of]));
  const pacing = await inside(runner, pacer, [60]);
  progress("the view on a display, on XS");
  const display = await inside<Record<string, Drawn>>(runner, built.display, [30]);
  progress("the journal on XS");
  const journal = await inside(runner, built.journal, [512]);
  progress("revocation: a status list of 465,000, a device's list of 47");
  const revocation = await revocationFigures();
  progress("the same readings as JWTs");
  const jwt = await jwtBytes(whole.readings);

  const { report } = whole;
  const aReading = (meter: string) => round(inCbor[meter]! / inCbor.readings!);
  const aSample = (meter: string) => round(packed[meter]! / packed.samples!, 1);
  return {
    engine: report.engine,
    slotBytes: report.slotBytes,
    seconds,
    mtu: MTU,

    rawBytesPerSecond,
    airBytesPerSecond: round(whole.airBytes / whole.seconds, 2),
    airBytesPerSecond2s: round(slower.airBytes / slower.seconds, 2),
    readingsBytesPerSecond: round(sum(whole.readings, (it) => it.airBytes) / whole.seconds, 2),
    readingsBytesPerSecond2s: round(sum(slower.readings, (it) => it.airBytes) / slower.seconds, 2),
    jwtBytesPerSecond: round(jwt / whole.seconds, 2),
    packetsPerSecond: round(whole.packets / whole.seconds, 2),
    packetsPerSecond2s: round(slower.packets / slower.seconds, 2),

    readingBytes: stages(whole.readings),
    readingBytes2s: stages(slower.readings),
    codecBitsPerSample: round((8 * packed.bytes!) / packed.samples!, 3),

    meterPerReading: round((report.meterAfterLoad - part.report.meterAfterLoad) / (seconds - fewer)),
    meterUntilStream: round(
      part.report.meterAfterLoad -
        (fewer * (report.meterAfterLoad - part.report.meterAfterLoad)) / (seconds - fewer),
    ),
    ...handshake,
    revocation,

    codecEncodeMeterPerSample: aSample("encodeMeter"),
    codecDecodeMeterPerSample: aSample("decodeMeter"),
    heartMeterPerSecond: dearest("alone"),
    pacedHeartMeterPerSecond: dearest("paced"),
    pacerMeterPerSecond: pacing.trackedWithEverythingOn!,
    display,
    journal,
    strictMeter: aReading("strictMeter"),
    cborxEncodeMeter: aReading("cborxEncodeMeter"),
    cborxDecodeMeter: aReading("cborxDecodeMeter"),
    cborEncodeMeter: aReading("encodeMeter"),
    cborDecodeMeter: aReading("decodeMeter"),

    residentSlots: report.residentSlots,
    residentChunkBytes: report.residentChunkBytes,
    heapPeakSlots: report.heapPeakSlots,
    heapPeakChunkBytes: report.heapPeakChunkBytes,
    heapPeakSlots2s: slower.report.heapPeakSlots,
    heapPeakChunkBytes2s: slower.report.heapPeakChunkBytes,
    patient,
  };
}

function sum(readings: readonly SentReading[], of: (reading: SentReading) => number): number {
  return readings.reduce((total, reading) => total + of(reading), 0);
}

/** The mean octets of a reading after each stage of its way. */
function stages(readings: readonly SentReading[]) {
  const mean = (of: (reading: SentReading) => number) => round(sum(readings, of) / readings.length, 1);
  return {
    raw: mean((it) => 2 * it.accepted.channels[0]!.length),
    samples: mean((it) => it.claim.block.length),
    cwt: mean((it) => it.cwt.length),
    sign1: mean((it) => it.accepted.token.length),
    encrypt0: mean((it) => it.messageBytes),
    fragments: mean((it) => it.airBytes),
  };
}

/** See `bench/xs/cbor.ts`. */
function claimsFile(readings: readonly SentReading[]): Uint8Array {
  return Buffer.concat(readings.flatMap(({ cwt }) => [fromUint(cwt.length, 2), cwt]));
}

async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "vagus-bench-"));
  try {
    const path = join(folder, "claims");
    writeFileSync(path, bytes);
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
