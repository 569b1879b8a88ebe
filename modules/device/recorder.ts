import { VagusError } from "../error/index.js";
import type { Journal } from "../journal/index.js";
import { type Chain, type Cursor, type DeviceTime, type Signer, StreamWriter } from "../reading/index.js";
import { toKeep } from "./format.js";
import type { Clock } from "./ports.js";
import { checkReadingMs, type StreamSource } from "./sources/source.js";

export interface StreamRequest {
  readonly stream: number;
  readonly readingMs: number;
  /** How many readings; 0 goes on until it is stopped. */
  readonly readings: number;
}

/** What the recorders of all streams work with as long as the device runs. */
export interface RecorderOptions {
  readonly clock: Clock;
  readonly boot: number;
  readonly time: () => DeviceTime;
  /** Who signs from the next stream on. */
  readonly signer: () => Signer;
  readonly journal: () => Journal;
  readonly chain: Chain;
  /** Is whoever listens to the stream so far behind that a source which is not bound to the time should wait? */
  readonly behind: (stream: number) => boolean;
  /** There is a token more in the journal. */
  readonly appended: () => void;
  /** Recording has ended, for it failed. */
  readonly failed: (error: unknown) => void;
}

/**
 * Makes one stream and keeps it: takes due blocks from its source, signs them, and appends them to the journal, one after
 * the other. It goes on whether somebody listens or not, until it is stopped or has made as many as it should.
 *
 * Its methods are private by name alone: on XS a method with # takes a slot of every instance.
 */
export class Recorder {
  readonly stream: number;
  readonly source: StreamSource;
  private options: RecorderOptions;
  private writer: StreamWriter | undefined;
  private begun = false;
  private left = 0;
  private nextSequence = 0;
  /** The token that is being made, if one is. */
  private making: Promise<unknown> | undefined;
  private stopTimer: (() => void) | undefined;

  constructor(options: RecorderOptions, stream: number, source: StreamSource) {
    this.options = options;
    this.stream = stream;
    this.source = source;
  }

  get running(): boolean {
    return this.writer !== undefined;
  }

  /** Is no token being made? */
  get idle(): boolean {
    return this.making === undefined;
  }

  /** @returns its first token. @throws VagusError `device/busy` while it runs, `device/parameter` for a length out of range */
  start(readingMs: number, readings: number): Cursor {
    if (this.running)
      throw new VagusError("device/busy", "expected the stream not to be running, came another start");
    checkReadingMs(readingMs);
    const { stream, source } = this;
    const { boot, time, signer } = this.options;
    source.begin(readingMs);
    this.left = readings === 0 ? Number.POSITIVE_INFINITY : readings;
    this.begun = false;
    this.writer = new StreamWriter(signer(), {
      boot,
      stream,
      firstSequence: this.nextSequence,
      format: source.format,
      firstSample: source.next,
      time,
    });
    this.run();
    return { boot, sequence: this.nextSequence };
  }

  /** The stream's head is its next token. */
  stop(): void {
    this.left = 0;
    this.run();
  }

  /** Ends the stream now; its head, where a stream ran and had begun. */
  finish(): Promise<Uint8Array | undefined> {
    return (this.making ?? Promise.resolve()).then(() => {
      const { writer, begun } = this;
      if (writer === undefined || !begun) {
        this.abandon();
        return undefined;
      }
      this.left = 0;
      return this.keep(writer);
    });
  }

  /** Ends the stream without a head: there is no key any more that could sign it. */
  abandon(): void {
    this.writer = undefined;
    this.stopTimer?.();
    this.stopTimer = undefined;
  }

  /** Call it whenever something may have changed: it sees for itself. */
  run(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
    const due = this.dueInMs();
    if (this.making !== undefined || due === undefined || due === Number.POSITIVE_INFINITY) return;
    this.stopTimer = this.options.clock.after(due, () => {
      this.stopTimer = undefined;
      const { writer } = this;
      if (writer !== undefined && this.making === undefined) this.make(writer);
    });
  }

  private dueInMs(): number | undefined {
    if (this.writer === undefined || this.options.behind(this.stream)) return undefined;
    return this.begun && this.left > 0 ? this.source.dueInMs() : 0;
  }

  private make(writer: StreamWriter): void {
    const done = () => {
      this.making = undefined;
      this.run();
    };
    this.making = this.keep(writer).then(done, (error) => {
      this.making = undefined;
      this.abandon();
      this.options.failed(error);
    });
  }

  /** Signs the next token, if there is one, and appends it. */
  private keep(writer: StreamWriter): Promise<Uint8Array | undefined> {
    const { sequence } = writer;
    const format = this.begun ? undefined : toKeep(this.source.format);
    const signed = this.sign(writer);
    if (signed === undefined) return Promise.resolve(undefined);
    return signed.then((token) => {
      const { journal, appended } = this.options;
      journal().append(this.stream, sequence, token, format);
      appended();
      return token;
    });
  }

  private sign(writer: StreamWriter): Promise<Uint8Array> | undefined {
    try {
      if (!this.begun) {
        this.begun = true;
        this.take(writer);
        return writer.header();
      }
      if (this.left === 0) {
        this.writer = undefined;
        this.take(writer);
        return writer.head();
      }
      const { source } = this;
      const block = source.take();
      if (block === undefined) return undefined;
      this.left--;
      this.take(writer);
      return writer.reading(block, source.next);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Takes the next sequence, which is reserved in flash before it is used. */
  private take(writer: StreamWriter): void {
    const { sequence } = writer;
    this.options.chain.take(this.stream, writer);
    this.nextSequence = sequence + 1;
  }
}
