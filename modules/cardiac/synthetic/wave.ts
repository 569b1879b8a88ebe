/** One Gaussian, drawn sample after sample without an exponential: two multiplications a sample. */
import { exp } from "./exact.js";
import { type Kernel, REACH_SIGMAS } from "./morphology.js";

export class Wave {
  /** Index of the sample that is drawn next, and of the one after the last. */
  #next: number;
  #end: number;
  // g(x) = exp(-x²/2) at steps of h: g(x + h) = g(x) r(x), r(x + h) = r(x) exp(-h²).
  #value: number;
  #ratio: number;
  #step: number;

  /** @param atSample the event's place in samples, not rounded; @param scale steps of the signal a microvolt */
  constructor(kernel: Kernel, atSample: number, rateHz: number, scale: number) {
    const sigma = (kernel.sigmaMs * rateHz) / 1000;
    const middle = atSample + (kernel.offsetMs * rateHz) / 1000;
    this.#next = Math.ceil(middle - REACH_SIGMAS * sigma);
    this.#end = Math.floor(middle + REACH_SIGMAS * sigma) + 1;
    const h = 1 / sigma;
    const x = (this.#next - middle) * h;
    // r(x) = exp(-xh - h²/2), above 1 on the rising side, is the inverse of an exponential in exp's range there.
    const slope = x * h + (h * h) / 2;
    this.#value = kernel.microvolts * scale * exp((-x * x) / 2);
    this.#ratio = slope > 0 ? exp(-slope) : 1 / exp(slope);
    this.#step = exp(-h * h);
  }

  /** Adds its part to `sums`, whose first sample has the index `first`; false once nothing is left of it. */
  draw(sums: Float64Array, first: number): boolean {
    const end = Math.min(this.#end - first, sums.length);
    let value = this.#value;
    let ratio = this.#ratio;
    const step = this.#step;
    let i = this.#next - first;
    for (; i < 0; i++) {
      value *= ratio;
      ratio *= step;
    }
    for (; i < end; i++) {
      sums[i] = sums[i]! + value;
      value *= ratio;
      ratio *= step;
    }
    this.#value = value;
    this.#ratio = ratio;
    this.#next = first + i;
    return this.#next < this.#end;
  }
}
