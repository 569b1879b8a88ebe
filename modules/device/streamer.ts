import type { EcgSensor } from "../cardiac/index.js";
import { VagusError } from "../error/index.js";
import { type DeviceTime, type Signer, StreamWriter } from "../reading/index.js";

const NOTHING = () => Promise.resolve(undefined);

export interface StreamRequest {
  readonly stream: number;
  readonly readingMs: number;
  /** How many readings; 0 goes on until it is stopped. */
  readonly readings: number;
}

/** The shortest and the longest reading, in milliseconds (DESIGN section 6). */
export const READING_MS = { min: 250, max: 4000 } as const;

/**
 * The ECG stream of a session: takes due blocks from the sensor and gives signed tokens, one at a call. At most one
 * is in hand, so nothing piles up behind a slow link: the sensor keeps what is not yet taken.
 */
export class Streamer {
  readonly #signer: Signer;
  readonly #sensor: EcgSensor;
  readonly #boot: number;
  readonly #time: () => DeviceTime;
  #writer: StreamWriter | undefined;
  #begun = false;
  #left = 0;
  #nextSequence = 0;

  constructor(signer: Signer, sensor: EcgSensor, boot: number, time: () => DeviceTime) {
    this.#signer = signer;
    this.#sensor = sensor;
    this.#boot = boot;
    this.#time = time;
  }

  get running(): boolean {
    return this.#writer !== undefined;
  }

  /** @throws VagusError `device/busy` while a stream runs, `device/parameter` for a length out of range */
  start({ stream, readingMs, readings }: StreamRequest): void {
    if (this.running)
      throw new VagusError("device/busy", "expected no stream to be running, came another start");
    const { rateHz, nanovoltsPerStep, channels } = this.#sensor.format;
    const blockSamples = Math.round((readingMs * rateHz) / 1000);
    if (readingMs < READING_MS.min || readingMs > READING_MS.max) {
      const range = `${READING_MS.min} to ${READING_MS.max} ms`;
      throw new VagusError("device/parameter", `expected a reading of ${range}, came ${readingMs}`);
    }
    this.#sensor.configure({ blockSamples, live: true });
    this.#left = readings === 0 ? Number.POSITIVE_INFINITY : readings;
    this.#begun = false;
    this.#writer = new StreamWriter(this.#signer, {
      boot: this.#boot,
      stream,
      firstSequence: this.#nextSequence,
      format: { rateHz, nanovoltsPerStep, channels },
      firstSample: this.#sensor.nextSample,
      time: this.#time,
    });
  }

  /** Ends the stream at the next call of `next`, which gives its head. */
  stop(): void {
    this.#left = 0;
  }

  /** Ends the stream now; its head, where a stream ran and had begun. */
  async finish(): Promise<Uint8Array | undefined> {
    const [writer, begun] = [this.#writer, this.#begun];
    this.#writer = undefined;
    if (writer === undefined || !begun) return undefined;
    this.#nextSequence = writer.sequence + 1;
    return writer.head();
  }

  /** Ends the stream without a head: nobody is there to hear it. */
  abandon(): void {
    this.#writer = undefined;
  }

  /** Milliseconds until `next` has something; undefined when no stream runs. */
  dueInMs(): number | undefined {
    if (this.#writer === undefined) return undefined;
    return this.#begun && this.#left > 0 ? this.#sensor.dueInMs() : 0;
  }

  /** The next token of the stream, if one is due: header, readings, head. */
  next(): Promise<Uint8Array | undefined> {
    const writer = this.#writer;
    if (writer === undefined) return NOTHING();
    this.#nextSequence = writer.sequence + 1;
    if (!this.#begun) {
      this.#begun = true;
      return writer.header();
    }
    if (this.#left === 0) {
      this.#writer = undefined;
      return writer.head();
    }
    const block = this.#sensor.sample();
    if (block === undefined) return NOTHING();
    this.#left--;
    return writer.reading(block.channels);
  }
}
