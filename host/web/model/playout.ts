/**
 * Where the sweep stands. Readings come in blocks and not on time, a pen moves evenly: it follows the newest sample by about
 * a reading, a little faster or slower as it has to, stops where nothing is left, and jumps where too much is waiting.
 */

/** The pen's speed is within so much of real time. */
const STRETCH = 0.06;
/** Over so many seconds a difference from where it should be is made up. */
const MEND_S = 1.5;
/** With so much more waiting than there should be, the pen jumps: what it passes over can still be seen in the frozen strip. */
const JUMP_S = 2;
/** How much later than usual the next reading may come before the pen is out of ink. */
const MARGIN_S = 0.25;

export interface Step {
  /** Draw from here to here: sample indices, with fractions. */
  readonly from: number;
  readonly to: number;
  /** It did not come to `from` by drawing. */
  readonly jumped: boolean;
}

export class Playout {
  readonly #rateHz: number;
  #at: number | undefined;
  #lastMs = 0;
  #targetS = 0.5 + MARGIN_S;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  get at(): number | undefined {
    return this.#at;
  }

  /** A reading of so many samples has come: the pen keeps behind by about as much. */
  expect(samples: number): void {
    const wantedS = samples / this.#rateHz + MARGIN_S;
    this.#targetS += (wantedS - this.#targetS) / 4;
  }

  /** @param nowMs of a monotonic clock @param start the oldest sample @param end the index after the newest */
  advance(nowMs: number, start: number, end: number): Step {
    const targetSamples = this.#targetS * this.#rateHz;
    const dtS = Math.min(1, Math.max(0, (nowMs - this.#lastMs) / 1000));
    this.#lastMs = nowMs;
    const before = this.#at;
    if (before === undefined || end - before > targetSamples + JUMP_S * this.#rateHz || before > end) {
      this.#at = Math.max(start, end - targetSamples);
      return { from: this.#at, to: this.#at, jumped: before !== undefined };
    }
    const excessS = (end - before) / this.#rateHz - this.#targetS;
    const speed = 1 + Math.max(-STRETCH, Math.min(STRETCH, excessS / MEND_S));
    this.#at = Math.min(end, before + dtS * speed * this.#rateHz);
    return { from: before, to: this.#at, jumped: false };
  }

  /** Starts again with what comes next. */
  reset(): void {
    this.#at = undefined;
  }
}
