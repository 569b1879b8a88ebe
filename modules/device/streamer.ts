import type { EcgSensor } from "../cardiac/index.js";
import { SECTOR } from "../credential/index.js";
import { VagusError } from "../error/index.js";
import type { Flash } from "../flash/index.js";
import { type DeviceTime, RESERVED, type Signer, StreamWriter, writeChain } from "../reading/index.js";

const NOTHING = () => Promise.resolve(undefined);

export interface StreamRequest {
  readonly stream: number;
  readonly readingMs: number;
  /** How many readings; 0 goes on until it is stopped. */
  readonly readings: number;
}

/** What a streamer works with as long as the device runs. */
export interface StreamerOptions {
  readonly flash: Flash;
  readonly sensor: EcgSensor;
  readonly boot: number;
  readonly time: () => DeviceTime;
  /** Who signs from the next stream on. */
  readonly signer: () => Signer;
}

/** The shortest and the longest reading, in milliseconds (DESIGN section 6). */
export const READING_MS = { min: 250, max: 4000 } as const;

/**
 * The ECG stream of a session: takes due blocks from the sensor and gives signed tokens, one at a call. At most one
 * is in hand, so nothing piles up behind a slow link: the sensor keeps what is not yet taken.
 */
export class Streamer {
  readonly #options: StreamerOptions;
  #writer: StreamWriter | undefined;
  #stream = 0;
  #begun = false;
  /** Who signed the last token. */
  #last: StreamWriter | undefined;
  #left = 0;
  #nextSequence = 0;
  /** In flash: no sequence from here on has been used. */
  #ceiling = 0;

  constructor(options: StreamerOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#writer !== undefined;
  }

  /** @throws VagusError `device/busy` while a stream runs, `device/parameter` for a length out of range */
  start({ stream, readingMs, readings }: StreamRequest): void {
    if (this.running)
      throw new VagusError("device/busy", "expected no stream to be running, came another start");
    const { sensor, boot, time, signer } = this.#options;
    const { rateHz, nanovoltsPerStep, channels } = sensor.format;
    const blockSamples = Math.round((readingMs * rateHz) / 1000);
    if (readingMs < READING_MS.min || readingMs > READING_MS.max) {
      const range = `${READING_MS.min} to ${READING_MS.max} ms`;
      throw new VagusError("device/parameter", `expected a reading of ${range}, came ${readingMs}`);
    }
    sensor.configure({ blockSamples, live: true });
    this.#left = readings === 0 ? Number.POSITIVE_INFINITY : readings;
    this.#begun = false;
    this.#stream = stream;
    this.#writer = new StreamWriter(signer(), {
      boot,
      stream,
      firstSequence: this.#nextSequence,
      format: { rateHz, nanovoltsPerStep, channels },
      firstSample: sensor.nextSample,
      time,
    });
  }

  /** Ends the stream at the next call of `next`, which gives its head. */
  stop(): void {
    this.#left = 0;
  }

  /** Ends the stream now; its head, where a stream ran and had begun. */
  finish(): Promise<Uint8Array | undefined> {
    const [writer, begun] = [this.#writer, this.#begun];
    this.#writer = undefined;
    if (writer === undefined || !begun) return NOTHING();
    this.#take(writer);
    return writer.head();
  }

  /** Ends the stream without a head: nobody is there to hear it. */
  abandon(): void {
    this.#writer = undefined;
  }

  /** Milliseconds until `next` has something; undefined when no stream runs. */
  dueInMs(): number | undefined {
    if (this.#writer === undefined) return undefined;
    return this.#begun && this.#left > 0 ? this.#options.sensor.dueInMs() : 0;
  }

  /** The next token of the stream, if one is due: header, readings, head. */
  next(): Promise<Uint8Array | undefined> {
    const writer = this.#writer;
    if (writer === undefined) return NOTHING();
    if (!this.#begun) {
      this.#begun = true;
      this.#take(writer);
      return writer.header();
    }
    if (this.#left === 0) {
      this.#writer = undefined;
      this.#take(writer);
      return writer.head();
    }
    const block = this.#options.sensor.sample();
    if (block === undefined) return NOTHING();
    this.#left--;
    this.#take(writer);
    return writer.reading(block.channels);
  }

  /** Takes the next sequence, which is reserved in flash before it is used. */
  #take(writer: StreamWriter): void {
    const { sequence } = writer;
    const before = this.#last;
    this.#last = writer;
    this.#nextSequence = sequence + 1;
    if (sequence < this.#ceiling) return;
    const { flash, boot } = this.#options;
    const last = before && { sequence: before.sequence - 1, hash: before.hash };
    const ceiling = sequence + RESERVED;
    writeChain(flash, SECTOR.chain, { boot, stream: this.#stream, ceiling, last });
    this.#ceiling = ceiling;
  }
}
