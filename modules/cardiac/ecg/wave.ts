/**
 * One Gaussian, drawn sample after sample without an exponential: two multiplications a sample. A plain object, and
 * loops that end with `while`: XS takes much more work for a class, and for a `for` loop twice as much to count.
 */
import { exp } from "../exact.js";

/** Drawn this many sigmas to each side: beyond it, less than 3 µV of any surface wave is left. */
export const REACH_SIGMAS = 3.5;

/**
 * g(x) = exp(-x²/2) at steps of h: g(x + h) = g(x) r(x), r(x + h) = r(x) exp(-h²); as one lead sees it, or two that
 * share the work.
 */
export interface Wave {
  /** Index of the sample that is drawn next, and of the one after the last. */
  next: number;
  readonly end: number;
  ratio: number;
  readonly step: number;
  readonly lead: number;
  value: number;
  /** -1 where there is none. */
  readonly other: number;
  otherValue: number;
}

/** @param middle in samples, not rounded; @param sigma in samples; heights as the two leads have them, `other` -1 for none */
export function wave(
  middle: number,
  sigma: number,
  lead: number,
  height: number,
  other: number,
  otherHeight: number,
): Wave {
  const next = Math.ceil(middle - REACH_SIGMAS * sigma);
  const end = Math.floor(middle + REACH_SIGMAS * sigma) + 1;
  const h = 1 / sigma;
  const x = (next - middle) * h;
  const first = exp((-x * x) / 2);
  // r(x) = exp(-xh - h²/2), above 1 on the rising side, is the inverse of an exponential in exp's range there.
  const slope = x * h + (h * h) / 2;
  const ratio = slope > 0 ? exp(-slope) : 1 / exp(slope);
  const step = exp(-h * h);
  return { next, end, ratio, step, lead, value: height * first, other, otherValue: otherHeight * first };
}

/** Adds the wave to `sums`, whose first sample has the index `first`; false once nothing is left of it. */
export function draw(wave: Wave, sums: readonly Float64Array[], first: number): boolean {
  const count = sums[0]!.length;
  if (wave.next < first) skip(wave, first - wave.next);
  const from = wave.next - first;
  if (from >= count || wave.next >= wave.end) return wave.next < wave.end;
  const until = Math.min(wave.end - first, count);
  if (wave.other < 0) drawOne(wave, sums[wave.lead]!, from, until);
  else drawTwo(wave, sums[wave.lead]!, sums[wave.other]!, from, until);
  wave.next = first + until;
  return wave.next < wave.end;
}

/** Over samples that are not wanted: those before the first. */
function skip(wave: Wave, count: number): void {
  for (let skipped = 0; skipped < count; skipped++) {
    wave.value *= wave.ratio;
    wave.otherValue *= wave.ratio;
    wave.ratio *= wave.step;
  }
  wave.next += count;
}

function drawOne(wave: Wave, sums: Float64Array, from: number, until: number): void {
  const { step } = wave;
  let { ratio, value } = wave;
  let i = from;
  do {
    sums[i]! += value;
    value *= ratio;
    ratio *= step;
  } while (++i < until);
  wave.value = value;
  wave.ratio = ratio;
}

/** As `drawOne` for each, which is dearer. */
function drawTwo(wave: Wave, sums: Float64Array, otherSums: Float64Array, from: number, until: number): void {
  const { step } = wave;
  let { ratio, value, otherValue } = wave;
  let i = from;
  do {
    sums[i]! += value;
    otherSums[i]! += otherValue;
    value *= ratio;
    otherValue *= ratio;
    ratio *= step;
  } while (++i < until);
  wave.value = value;
  wave.otherValue = otherValue;
  wave.ratio = ratio;
}
