/** The chain of filters before the decision: what comes out is large where a QRS complex is. */

/** A biquad in direct form I; Butterworth's, by the bilinear transform (RBJ's Audio EQ Cookbook, Q = 1/√2). */
class Biquad {
  #b: readonly [number, number, number];
  #a: readonly [number, number];
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(kind: "low" | "high", cutoffHz: number, rateHz: number) {
    const w = (2 * Math.PI * cutoffHz) / rateHz;
    const alpha = Math.sin(w) / Math.SQRT2;
    const a0 = 1 + alpha;
    const edge = (kind === "low" ? 1 - Math.cos(w) : 1 + Math.cos(w)) / a0;
    this.#b = [edge / 2, kind === "low" ? edge : -edge, edge / 2];
    this.#a = [(-2 * Math.cos(w)) / a0, (1 - alpha) / a0];
  }

  next(x: number): number {
    const [b0, b1, b2] = this.#b;
    const [a1, a2] = this.#a;
    const y = b0 * x + b1 * this.#x1 + b2 * this.#x2 - a1 * this.#y1 - a2 * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

/** 5 to 15 Hz, slope, square, mean over 150 ms: sections II.A to II.E of Pan and Tompkins (1985), at any rate. */
export class QrsFilter {
  /** What came out of the band pass last, for telling where R is. */
  band = 0;
  /** The slope of it. */
  slope = 0;
  #low: Biquad;
  #high: Biquad;
  #window: Float64Array;
  #at = 0;
  #sum = 0;
  #first: number | undefined;

  constructor(rateHz: number) {
    this.#low = new Biquad("low", 15, rateHz);
    this.#high = new Biquad("high", 5, rateHz);
    this.#window = new Float64Array(Math.max(1, Math.round(0.15 * rateHz)));
  }

  /** The moving mean of the squared slope, after one sample more. */
  next(sample: number): number {
    // From the first sample on, not from 0: an electrode's offset is no QRS.
    this.#first ??= sample;
    const band = this.#high.next(this.#low.next(sample - this.#first));
    this.slope = band - this.band;
    this.band = band;
    const square = this.slope * this.slope;
    this.#sum += square - this.#window[this.#at]!;
    this.#window[this.#at] = square;
    this.#at = (this.#at + 1) % this.#window.length;
    return Math.max(0, this.#sum) / this.#window.length;
  }
}
