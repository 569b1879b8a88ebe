/** A trace that moves evenly though samples come a reading at a time: each is drawn one reading after it was taken. */
import { Trace, type TraceOptions } from "./trace.js";

/** Readings that may wait to be drawn; what is behind by more is drawn a reading at a time. */
const WAITING = 2;

export class LiveTrace {
  readonly #rateHz: number;
  readonly #seconds: number;
  readonly #trace: Trace;
  /** Index of the sample behind the last that was pushed. */
  #next = 0;
  #queue: Int16Array[] = [];
  /** Of a frame, samples that were not whole. */
  #carry = 0;
  /** Samples' worth of white paper behind the last one. */
  #white = 0;

  constructor(options: TraceOptions) {
    this.#rateHz = options.rateHz;
    this.#seconds = options.seconds;
    this.#trace = new Trace(options);
  }

  /** @param first index of the first of them in its stream */
  push(samples: Int16Array, first = this.#next): void {
    this.#queue.push(samples);
    this.#next = first + samples.length;
    this.#white = 0;
  }

  /** The stretch of the stream that is on the paper, as indices of samples. */
  get window(): { readonly from: number; readonly to: number } {
    const waiting = this.#queue.reduce((sum, { length }) => sum + length, 0);
    const to = this.#next - waiting + this.#white;
    return { from: to - Math.round(this.#seconds * this.#rateHz), to };
  }

  /** So many samples are missing: white paper. */
  gap(samples: number): void {
    this.#flush();
    this.#trace.gap(samples);
  }

  /**
   * Time passes. Where there is nothing to draw the paper stands still, and moves on white when what comes is late.
   * @param isLive false: nothing that is here is of now
   */
  frame(ms: number, isLive: boolean): void {
    this.#carry = Math.min(this.#carry + (this.#rateHz * ms) / 1000, this.#rateHz);
    while (this.#queue.length > WAITING) this.#trace.push(this.#queue.shift() as Int16Array);
    while (this.#carry >= 1 && this.#queue.length > 0) {
      const [first] = this.#queue as [Int16Array];
      const count = Math.min(Math.floor(this.#carry), first.length);
      this.#trace.push(first.subarray(0, count));
      this.#carry -= count;
      if (count === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(count);
    }
    if (isLive || this.#queue.length > 0) return;
    const white = Math.floor(this.#carry);
    this.#trace.gap(white);
    this.#white += white;
    this.#carry -= white;
  }

  lines(width: number, height: number): string[] {
    return this.#trace.lines(width, height);
  }

  #flush(): void {
    for (const samples of this.#queue.splice(0)) this.#trace.push(samples);
  }
}
