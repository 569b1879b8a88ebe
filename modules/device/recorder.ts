import { VagusError } from "../error/index.js";
import { type Chain, type Cursor, type DeviceTime, type Signer, StreamWriter } from "../reading/index.js";
import { toKeep } from "./format.js";
import { checkReadingMs, type StreamSource } from "./sources/source.js";
import type { Maker, Turn } from "./turn.js";

export interface StreamRequest {
  readonly stream: number;
  readonly readingMs: number;
  /** How many readings; 0 goes on until it is stopped. */
  readonly readings: number;
}

/** What the recorders of all streams work with as long as the device runs. */
export interface RecorderOptions {
  readonly boot: number;
  readonly time: () => DeviceTime;
  /** Who signs from the next stream on. */
  readonly signer: () => Signer;
  readonly chain: Chain;
  readonly turn: Turn;
  /** Is whoever listens to the stream so far behind that a source which is not bound to the time should wait? */
  readonly behind: (stream: number) => boolean;
}

/**
 * Makes one stream and keeps it: takes due blocks from its source, signs them, and appends them to the journal, one after
 * the other. It goes on whether somebody listens or not, until it is stopped or has made as many as it should.
 *
 * Its methods are private by name alone: on XS a method with # takes a slot of every instance.
 */
export class Recorder implements Maker {
  readonly stream: number;
  readonly source: StreamSource;
  private options: RecorderOptions;
  private writer: StreamWriter | undefined;
  private begun = false;
  private left = 0;
  private nextSequence = 0;
  private readingMs = 0;

  constructor(options: RecorderOptions, stream: number, source: StreamSource) {
    this.options = options;
    this.stream = stream;
    this.source = source;
  }

  get running(): boolean {
    return this.writer !== undefined;
  }

  /** @returns its first token. @throws VagusError `device/busy` while it runs, `device/parameter` for a length out of range */
  start(readingMs: number, readings: number): Cursor {
    if (this.running)
      throw new VagusError("device/busy", "expected the stream not to be running, came another start");
    checkReadingMs(readingMs);
    this.readingMs = readingMs;
    this.left = readings === 0 ? Number.POSITIVE_INFINITY : readings;
    this.open();
    return { boot: this.options.boot, sequence: this.nextSequence };
  }

  /** The stream's head is its next token. */
  stop(): void {
    this.left = 0;
  }

  /** Ends the stream now; its head, where a stream ran and had begun. */
  finish(): Promise<Uint8Array | undefined> {
    const { turn } = this.options;
    const { writer, begun } = this;
    if (turn.making !== undefined) {
      const again = () => this.finish();
      return turn.making.then(again, again);
    }
    this.abandon();
    if (writer === undefined || !begun) return Promise.resolve(undefined);
    const { sequence } = writer;
    return turn.take(this, { sequence }, this.head(writer), true);
  }

  /** Ends the stream without a head: there is no key any more that could sign it. */
  abandon(): void {
    this.writer = undefined;
  }

  /** Until a token is due; Infinity where none is. */
  dueInMs(): number {
    if (this.writer === undefined || this.options.behind(this.stream)) return Number.POSITIVE_INFINITY;
    return this.begun && this.left > 0 ? this.source.dueInMs() : 0;
  }

  /** The next token, if there is one; to be asked where no other is being made. */
  make(): void {
    const { writer } = this;
    if (writer === undefined) return;
    const { sequence } = writer;
    const format = this.begun ? undefined : toKeep(this.source.format);
    const signed = this.sign(writer);
    if (signed !== undefined) this.options.turn.take(this, { sequence, format }, signed);
  }

  /** A stream from what is live now on, or what is still there. */
  private open(late = false): void {
    const { stream, source, readingMs } = this;
    const { boot, time, signer } = this.options;
    source.begin(readingMs, late);
    this.begun = false;
    this.writer = new StreamWriter(signer(), {
      boot,
      stream,
      firstSequence: this.nextSequence,
      format: source.format,
      firstSample: source.next,
      time,
    });
  }

  private sign(writer: StreamWriter): Promise<Uint8Array> | undefined {
    try {
      if (!this.begun) {
        this.begun = true;
        this.reserve(writer);
        return writer.header();
      }
      if (this.left === 0) {
        this.writer = undefined;
        return this.head(writer);
      }
      const { source } = this;
      if (source.late) {
        const head = this.head(writer);
        this.open(true);
        return head;
      }
      const block = source.take();
      if (block === undefined) return undefined;
      this.left--;
      this.reserve(writer);
      return writer.reading(block, source.next);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private head(writer: StreamWriter): Promise<Uint8Array> {
    try {
      this.reserve(writer);
      return writer.head();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Takes the next sequence, which is reserved in flash before it is used. */
  private reserve(writer: StreamWriter): void {
    const { sequence } = writer;
    this.options.chain.take(this.stream, writer);
    this.nextSequence = sequence + 1;
  }
}
