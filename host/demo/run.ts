import type { SampleSource } from "../../modules/cardiac/index.js";
import { type CborValue, encode } from "../../modules/cbor/index.js";
import { toCoseKey, type VerificationKey } from "../../modules/cose/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { type AcceptedToken, STREAM } from "../../modules/reading/index.js";
import type { Firmware } from "../../sim/firmware.js";
import { QrsDetector } from "../ecg/qrs.js";
import type { CentralLink } from "../link/link.js";
import { LoopbackLink } from "../link/loopback.js";
import { Programmer, type ProgrammerEvent } from "../programmer/programmer.js";
import { Recording } from "../store/recording.js";
import type { DemoClinic } from "./clinic.js";
import type { DemoResult } from "./result.js";
import { Tally } from "./tally.js";
import type { View } from "./view.js";

export interface DemoOptions {
  readonly crypto: Crypto;
  readonly firmware: Firmware;
  readonly clinic: DemoClinic;
  /** What the firmware plays, read once more on this side, to hold it against what comes out. */
  readonly source: SampleSource;
  readonly sourceName: string;
  readonly store: string;
  readonly readingMs: number;
  readonly mtu: number;
  /** How the device is reached; over the loopback link where nothing is said. */
  readonly connect?: () => Promise<CentralLink>;
  /** How many readings; 0 until interrupted. */
  readonly readings: number;
  readonly view: View;
}

/** The button, held so long, lets whoever has the label provision the device (PROTOCOL, "The button"). */
export const HOLD_MS = 3200;
/** How long the head may take after a stop. */
const HEAD_MS = 3000;
const LINK_TRIES = 20;
const LINK_PAUSE_MS = 50;

/** One run of the demo: connect, stream, hold against the source, store, sum up. */
export class DemoRun {
  readonly #options: DemoOptions;
  readonly #tally: Tally;
  readonly #qrs: QrsDetector;
  #finish: (() => void) | undefined;
  #interrupted: (() => void) | undefined;
  #closed: string | undefined;
  #programmer: Programmer | undefined;
  /** Octets on air up to the last token, and those of readings among them. */
  #airBytes = 0;
  #readingBytes = 0;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#tally = new Tally(options.source);
    this.#qrs = new QrsDetector(options.source.format);
  }

  /** Ends the stream in order, as Ctrl-C does. */
  interrupt(): void {
    this.#interrupted?.();
  }

  /** @throws VagusError where there is no session to be had, or it ended before its stream did */
  async run(): Promise<DemoResult> {
    const { crypto, firmware, clinic, view, readingMs, readings } = this.#options;
    const recording = new Recording(this.#options.store);
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    const interrupted = new Promise<"interrupted">((resolve) => {
      this.#interrupted = () => resolve("interrupted");
    });
    if (firmware.state !== "provisioned") await this.#provision();
    const link = await this.#link();
    const programmer = await Programmer.connect({
      crypto,
      link,
      credential: clinic.credential,
      key: clinic.key,
      trust: clinic.trust,
      observe: (event) => this.#observe(event, recording),
    });
    this.#programmer = programmer;
    try {
      view.event({
        kind: "connected",
        engine: firmware.engine,
        mtu: link.mtu,
        source: this.#options.sourceName,
      });
      await programmer.start(STREAM.ecg, readingMs, readings);
      if ((await Promise.race([finished, interrupted])) === "interrupted") {
        await programmer.stop(STREAM.ecg);
        await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, HEAD_MS).unref())]);
      }
    } finally {
      await programmer.finish().catch(() => programmer.close());
      recording.close();
    }
    if (this.#closed !== undefined && !this.#tally.closed) {
      throw new VagusError("gatt/disconnected", `expected the stream's head, came: ${this.#closed}`);
    }
    return this.#result(programmer, link.mtu, recording);
  }

  async #provision(): Promise<void> {
    const { firmware, clinic } = this.#options;
    await firmware.press(HOLD_MS);
    await clinic.provision(await this.#link(), firmware.label);
  }

  /** The device serves one central at a time: it may not have seen the last one go. */
  async #link(): Promise<CentralLink> {
    const { firmware, mtu, connect = () => LoopbackLink.open({ port: firmware.port, mtu }) } = this.#options;
    for (let left = LINK_TRIES; ; left--) {
      try {
        return await connect();
      } catch (error) {
        if (left <= 1 || !(error instanceof VagusError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, LINK_PAUSE_MS));
      }
    }
  }

  #observe(event: ProgrammerEvent, recording: Recording): void {
    if (event.kind === "closed") {
      this.#closed = event.reason;
      this.#finish?.();
    }
    if (event.kind === "authenticated") recording.keepKey(encodedKey(event.device.key));
    if (event.kind === "refused") this.#options.view.event(event);
    if (event.kind !== "token") return;
    const airBytes = this.#programmer?.figures.airBytes ?? 0;
    if (event.token.kind === "reading") this.#readingBytes += airBytes - this.#airBytes;
    this.#airBytes = airBytes;
    this.#take(event.token, recording);
    this.#options.view.event({
      kind: "token",
      token: event.token,
      figures: this.#programmer?.figures,
      heartRate: this.#qrs.heartRate,
      seconds: this.#tally.samples / this.#options.source.format.rateHz,
    });
    if (event.token.kind === "head") this.#finish?.();
  }

  #take(token: AcceptedToken, recording: Recording): void {
    recording.append(token.token);
    this.#tally.add(token);
    if (token.kind === "reading" && token.stream === STREAM.ecg) this.#qrs.push(token.channels[0]);
  }

  #result(programmer: Programmer, mtu: number, recording: Recording): DemoResult {
    const { source, sourceName, firmware, readingMs } = this.#options;
    const { airBytes, packets, verified, refused } = programmer.figures;
    const { samples, closed, lastSequence } = this.#tally;
    const digests = this.#tally.digests();
    const seconds = samples / source.format.rateHz;
    return {
      engine: firmware.engine,
      source: sourceName,
      lossless: closed && samples > 0 && digests.sha256In === digests.sha256Out,
      seconds,
      samples,
      ...digests,
      verified,
      refused,
      lastSequence,
      mtu,
      readingMs,
      airBytes,
      airPackets: packets,
      airBytesPerSecond: seconds > 0 ? Math.round((100 * this.#readingBytes) / seconds) / 100 : 0,
      rawBytesPerSecond: 2 * source.format.rateHz * source.format.channels.length,
      heartRate: this.#qrs.heartRate ?? null,
      recording: recording.path,
      recordingBytes: recording.bytes,
    };
  }
}

function encodedKey({ curve, publicKey }: VerificationKey): Uint8Array {
  return encode(toCoseKey({ curve, publicKey }) as Map<CborValue, CborValue>);
}
