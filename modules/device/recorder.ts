import type { EcgSensor } from "../cardiac/index.js";
import { VagusError } from "../error/index.js";
import type { Flash } from "../flash/index.js";
import type { Journal } from "../journal/index.js";
import {
  type Cursor,
  type DeviceTime,
  RESERVED,
  type Signer,
  StreamWriter,
  writeChain,
} from "../reading/index.js";
import { DEVICE_SECTOR } from "./layout.js";
import type { Clock } from "./ports.js";

export interface StreamRequest {
  readonly stream: number;
  readonly readingMs: number;
  /** How many readings; 0 goes on until it is stopped. */
  readonly readings: number;
}

/** What a recorder works with as long as the device runs. */
export interface RecorderOptions {
  readonly flash: Flash;
  readonly clock: Clock;
  readonly sensor: EcgSensor;
  readonly boot: number;
  readonly time: () => DeviceTime;
  /** Who signs from the next stream on. */
  readonly signer: () => Signer;
  readonly journal: () => Journal;
  /** Is whoever listens so far behind that a sensor which is not bound to the time should wait? */
  readonly behind: () => boolean;
  /** There is a token more in the journal. */
  readonly appended: () => void;
  /** Recording has ended, for it failed. */
  readonly failed: (error: unknown) => void;
}

/** The shortest and the longest reading, in milliseconds (DESIGN section 6). */
export const READING_MS = { min: 250, max: 4000 } as const;

/**
 * Makes the ECG stream and keeps it: takes due blocks from the sensor, signs them, and appends them to the journal, one
 * after the other. It goes on whether somebody listens or not, until it is stopped or has made as many as it should.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  #writer: StreamWriter | undefined;
  #stream = 0;
  #begun = false;
  #left = 0;
  #nextSequence = 0;
  /** In flash: no sequence from here on has been used. */
  #ceiling = 0;
  /** Who signed the last token. */
  #last: StreamWriter | undefined;
  /** The token that is being made, if one is. */
  #making: Promise<unknown> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#writer !== undefined;
  }

  /** Is no token being made? */
  get idle(): boolean {
    return this.#making === undefined;
  }

  /** @returns its first token. @throws VagusError `device/busy` while a stream runs, `device/parameter` for a length out of range */
  start({ stream, readingMs, readings }: StreamRequest): Cursor {
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
    this.run();
    return { boot, sequence: this.#nextSequence };
  }

  /** The stream's head is its next token. */
  stop(): void {
    this.#left = 0;
    this.run();
  }

  /** Ends the stream now; its head, where a stream ran and had begun. */
  finish(): Promise<Uint8Array | undefined> {
    return (this.#making ?? Promise.resolve()).then(() => {
      const [writer, begun] = [this.#writer, this.#begun];
      if (writer === undefined || !begun) {
        this.abandon();
        return undefined;
      }
      this.#left = 0;
      return this.#keep(writer);
    });
  }

  /** Ends the stream without a head: there is no key any more that could sign it. */
  abandon(): void {
    this.#writer = undefined;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** Call it whenever something may have changed: it sees for itself. */
  run(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const due = this.#dueInMs();
    if (this.#making !== undefined || due === undefined || due === Number.POSITIVE_INFINITY) return;
    this.#stopTimer = this.#options.clock.after(due, () => {
      this.#stopTimer = undefined;
      const writer = this.#writer;
      if (writer !== undefined && this.#making === undefined) this.#make(writer);
    });
  }

  #dueInMs(): number | undefined {
    if (this.#writer === undefined || this.#options.behind()) return undefined;
    return this.#begun && this.#left > 0 ? this.#options.sensor.dueInMs() : 0;
  }

  #make(writer: StreamWriter): void {
    const { failed } = this.#options;
    const done = () => {
      this.#making = undefined;
      this.run();
    };
    this.#making = this.#keep(writer).then(done, (error) => {
      this.#making = undefined;
      this.abandon();
      failed(error);
    });
  }

  /** Signs the next token, if there is one, and appends it. */
  #keep(writer: StreamWriter): Promise<Uint8Array | undefined> {
    const { sequence } = writer;
    const signed = this.#sign(writer);
    if (signed === undefined) return Promise.resolve(undefined);
    return signed.then((token) => {
      const { journal, appended } = this.#options;
      journal().append(this.#stream, sequence, token);
      appended();
      return token;
    });
  }

  #sign(writer: StreamWriter): Promise<Uint8Array> | undefined {
    try {
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
      if (block === undefined) return undefined;
      this.#left--;
      this.#take(writer);
      return writer.reading(block.channels);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Takes the next sequence, which is reserved in flash before it is used. */
  #take(writer: StreamWriter): void {
    const { sequence } = writer;
    const before = this.#last;
    if (sequence >= this.#ceiling) {
      const { flash, boot } = this.#options;
      const last = before && { sequence: before.sequence - 1, hash: before.hash };
      const ceiling = sequence + RESERVED;
      writeChain(flash, DEVICE_SECTOR.chain, { boot, stream: this.#stream, ceiling, last });
      this.#ceiling = ceiling;
    }
    this.#last = writer;
    this.#nextSequence = sequence + 1;
  }
}
