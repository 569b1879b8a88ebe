import type { StreamFormat } from "../../../modules/reading/index.js";

/** Stands for a sample that never came. A real one as low as this is kept as the next higher: a step of 65,536. */
export const MISSING = -32768;

/** The last minutes of an ECG, by the index of each sample. What did not come is missing, until it does; memory does not grow. */
export class TraceBuffer {
  readonly format: StreamFormat;
  readonly #rings: readonly Int16Array[];
  readonly #size: number;
  #end = 0;
  #start = 0;
  #empty = true;

  constructor(format: StreamFormat, seconds: number) {
    this.format = format;
    this.#size = Math.ceil(seconds * format.rateHz);
    this.#rings = format.channels.map(() => new Int16Array(this.#size).fill(MISSING));
  }

  /** The index after the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** The index of the oldest sample that may still be there. */
  get start(): number {
    return this.#start;
  }

  get empty(): boolean {
    return this.#empty;
  }

  /** Milliseconds of the device's heart clock at which this sample was. */
  msOf(index: number): number {
    return (index * 1000) / this.format.rateHz;
  }

  /**
   * Samples as they come, in any order: what lies between them and the newest is missing, what is older than the ring is passed
   * over.
   */
  put(first: number, channels: readonly Int16Array[]): void {
    const count = channels[0]?.length ?? 0;
    if (this.#empty) {
      this.#empty = false;
      this.#start = this.#end = first;
    }
    const end = first + count;
    if (end > this.#end) this.#advance(first, end);
    for (const [channel, samples] of channels.entries()) {
      const ring = this.#rings[channel];
      if (ring === undefined) continue;
      for (let i = Math.max(0, this.#end - this.#size - first); i < count; i++)
        ring[(first + i) % this.#size] = Math.max(MISSING + 1, samples[i]!);
    }
    if (first < this.#start) this.#start = Math.max(first, this.#end - this.#size);
  }

  /** `MISSING` for what is not there. */
  at(channel: number, index: number): number {
    if (index < this.#start || index >= this.#end) return MISSING;
    return this.#rings[channel]![index % this.#size]!;
  }

  /** What lies between the newest before and these is missing. */
  #advance(first: number, end: number): void {
    const from = Math.max(this.#end, end - this.#size);
    for (const ring of this.#rings) for (let i = from; i < first; i++) ring[i % this.#size] = MISSING;
    this.#end = end;
    this.#start = Math.max(this.#start, end - this.#size);
  }
}
