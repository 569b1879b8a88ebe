/** One run of the whole firmware on XS: handshake, so many readings of the record, the end, the engine's report. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tally } from "../host/demo/tally.js";
import { LoopbackLink } from "../host/link/loopback.js";
import { Programmer } from "../host/programmer/programmer.js";
import { RecordedSource, type SampleSource, simulatedPatient } from "../modules/cardiac/index.js";
import { HEADER, parseSign1Unverified } from "../modules/cose/index.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { parseCwtUnverified } from "../modules/cwt/index.js";
import {
  type AcceptedEcg,
  decodeReading,
  PRIVATE_CLAIM,
  type ReadingClaim,
  STREAM,
} from "../modules/reading/index.js";
import { startFirmware } from "../sim/firmware.js";
import { type AirMessage, CountingLink } from "./counting-link.js";
import { type DeviceOptions, type EngineReport, MTU, provisionedDevice, within } from "./device.js";

/** A reading as it was sent: what it holds, and its octets at each stage. */
export interface SentReading extends AirMessage {
  readonly accepted: AcceptedEcg;
  readonly kid: Uint8Array;
  /** The claims' bytes, as signed. */
  readonly cwt: Uint8Array;
  readonly claim: ReadingClaim;
}

export interface StreamRun {
  readonly report: EngineReport;
  readonly rawBytesPerSecond: number;
  readonly seconds: number;
  /** Octets of all notifications: the stream's header, readings, head. */
  readonly airBytes: number;
  readonly packets: number;
  readonly readings: readonly SentReading[];
}

export interface StreamOptions extends DeviceOptions {
  readonly readingMs: number;
  readonly readings: number;
  /** The simulated patient with this rhythm, and a pacer in DDD, in the place of the record. */
  readonly rhythm?: string;
  /** `STREAM.ecg` alone where not given. Of the state's, which goes by the time, there are as many readings as come. */
  readonly streams?: readonly number[];
}

/** @throws Error unless all that was sent came, was verified and is the source, sample for sample */
export async function streamRun(options: StreamOptions): Promise<StreamRun> {
  const folder = mkdtempSync(join(tmpdir(), "vagus-bench-"));
  const reportPath = join(folder, "report.json");
  try {
    const streamed = await stream(options, join(folder, "device"), reportPath);
    return { ...streamed, report: JSON.parse(readFileSync(reportPath, "utf8")) as EngineReport };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function stream(
  options: StreamOptions,
  folder: string,
  reportPath: string,
): Promise<Omit<StreamRun, "report">> {
  const { runner, firmware: bundle, record, rhythm, readingMs, readings: count } = options;
  const { streams = [STREAM.ecg] } = options;
  const crypto = createPortableCrypto();
  const clinic = await provisionedDevice(options, folder);
  let parted: () => void = () => {};
  const parting = () =>
    new Promise<void>((resolve) => {
      parted = resolve;
    });
  const firmware = await startFirmware({
    command: [runner, "--measure", "--step-slots", "8", "--report", reportPath, bundle],
    folder,
    source: rhythm === undefined ? record : "synthetic",
    ...(rhythm !== undefined && { rhythm }),
    paced: false,
    mtu: MTU,
    onEvent: ({ event }) => event === "disconnected" && parted(),
  });
  try {
    const source = rhythm === undefined ? recorded(record) : simulatedPatient(rhythm);
    const tally = new Tally(source);
    const readings: SentReading[] = [];
    let running = streams.filter((stream) => stream !== STREAM.state).length;
    const disconnected = parting();
    const link = new CountingLink(await LoopbackLink.open({ port: firmware.port, mtu: MTU }));
    let finish: (problem?: string) => void = () => {};
    const finished = new Promise<string | undefined>((resolve) => {
      finish = resolve;
    });
    const programmer = await Programmer.connect({
      crypto,
      link,
      credential: clinic.credential,
      key: clinic.key,
      trust: clinic.trust,
      observe: (event) => {
        if (event.kind === "refused") finish(`refused: ${event.error.message}`);
        if (event.kind === "closed") finish(`closed: ${event.reason}`);
        if (event.kind !== "token") return;
        tally.add(event.token);
        if (event.token.kind === "reading" && event.token.stream === STREAM.ecg)
          readings.push(sent(event.token, link.message));
        if (event.token.kind === "head" && --running === 0) finish();
      },
    });
    for (const stream of streams)
      await programmer.start(stream, readingMs, stream === STREAM.state ? 0 : count);
    const problem = await within(finished);
    const { airBytes, packets } = programmer.figures;
    programmer.close();
    if (problem === undefined) await within(disconnected); // what the device does then is in every report
    const { sha256In, sha256Out } = tally.digests();
    if (problem !== undefined || sha256In !== sha256Out || readings.length !== count)
      throw new Error(
        `expected ${count} readings of the source, came ${readings.length}, ${problem ?? "others"}`,
      );
    const { rateHz } = source.format;
    return { rawBytesPerSecond: 2 * rateHz, seconds: tally.samples / rateHz, airBytes, packets, readings };
  } finally {
    await firmware.stop();
  }
}

function recorded(record: string): SampleSource {
  const bytes = new Uint8Array(readFileSync(record));
  return new RecordedSource({
    length: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  });
}

function sent(accepted: AcceptedEcg, message: AirMessage): SentReading {
  const { payload } = parseSign1Unverified(accepted.token, { understood: [HEADER.typ] });
  const { claims, kid } = parseCwtUnverified(accepted.token);
  return {
    ...message,
    accepted,
    kid: kid as Uint8Array,
    cwt: payload as Uint8Array,
    claim: decodeReading(claims.get(PRIVATE_CLAIM.reading)),
  };
}
