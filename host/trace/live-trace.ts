/** A trace that moves evenly though samples come a reading at a time: each is drawn one reading after it was taken. */
import { Trace, type TraceOptions } from "./trace.js";

/** Readings that may wait to be drawn; what is behind by more is drawn a reading at a time. */
const WAITING = 2;

export class LiveTrace {
  readonly #rateHz: number;
  readonly #trace: Trace;
  #queue: Int16Array[] = [];
  /** Of a frame, samples that were not whole. */
  #carry = 0;

  constructor(options: TraceOptions) {
    this.#rateHz = options.rateHz;
    this.#trace = new Trace(options);
  }

  push(samples: Int16Array): void {
    this.#queue.push(samples);
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
    this.#trace.gap(Math.floor(this.#carry));
    this.#carry %= 1;
  }

  lines(width: number, height: number): string[] {
    return this.#trace.lines(width, height);
  }

  #flush(): void {
    for (const samples of this.#queue.splice(0)) this.#trace.push(samples);
  }
}
