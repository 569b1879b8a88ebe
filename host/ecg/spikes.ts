/**
 * Takes pacing pulses out of an ECG: the median over a window in which a pulse of 2 ms is less than half. A pulse says what a
 * pacemaker does, and nothing of whether the heart followed; what the heart does is never as short.
 */
const PULSE_MS = 2;

export class SpikeFilter {
  readonly #window: Float64Array;
  readonly #sorted: Float64Array;
  #next = -1;

  /** @param rateHz samples a second, 100 or more */
  constructor(rateHz: number) {
    const wide = Math.max(1, Math.round((PULSE_MS * rateHz) / 1000));
    this.#window = new Float64Array(2 * wide + 1);
    this.#sorted = new Float64Array(2 * wide + 1);
  }

  /** Samples from one that goes in until it is in the middle. */
  get delay(): number {
    return (this.#window.length - 1) / 2;
  }

  next(sample: number): number {
    const { length } = this.#window;
    if (this.#next < 0) this.#window.fill(sample);
    this.#next = (this.#next + 1) % length;
    this.#window[this.#next] = sample;
    this.#sorted.set(this.#window);
    this.#sorted.sort();
    return this.#sorted[this.delay]!;
  }
}
