/**
 * One Gaussian, drawn sample after sample without an exponential: two multiplications a sample. A plain object, and
 * loops that end with `while`: XS takes much more work for a class, and for a `for` loop twice as much to count.
 */
import { exp } from "../exact.js";

/** Drawn this many sigmas to each side: beyond it, less than 3 µV of any surface wave is left. */
export const REACH_SIGMAS = 3.5;

/** What one lead sees of a wave: made with its height, it holds the value of the next sample from then on. */
export interface Part {
  readonly lead: number;
  value: number;
}

/** g(x) = exp(-x²/2) at steps of h: g(x + h) = g(x) r(x), r(x + h) = r(x) exp(-h²). */
export interface Wave {
  /** Index of the sample that is drawn next, and of the one after the last. */
  next: number;
  readonly end: number;
  ratio: number;
  readonly step: number;
  readonly parts: readonly Part[];
}

/** @param middle in samples, not rounded; @param sigma in samples; @param parts one at least, kept and changed */
export function wave(middle: number, sigma: number, parts: readonly Part[]): Wave {
  const next = Math.ceil(middle - REACH_SIGMAS * sigma);
  const end = Math.floor(middle + REACH_SIGMAS * sigma) + 1;
  const h = 1 / sigma;
  const x = (next - middle) * h;
  const value = exp((-x * x) / 2);
  for (let index = 0; index < parts.length; index++) parts[index]!.value *= value;
  // r(x) = exp(-xh - h²/2), above 1 on the rising side, is the inverse of an exponential in exp's range there.
  const slope = x * h + (h * h) / 2;
  const ratio = slope > 0 ? exp(-slope) : 1 / exp(slope);
  return { next, end, ratio, step: exp(-h * h), parts };
}

/** Adds the wave to `sums`, whose first sample has the index `first`; false once nothing is left of it. */
export function draw(wave: Wave, sums: readonly Float64Array[], first: number): boolean {
  const count = sums[0]!.length;
  if (wave.next < first) skip(wave, first - wave.next);
  const from = wave.next - first;
  if (from >= count || wave.next >= wave.end) return wave.next < wave.end;
  const until = Math.min(wave.end - first, count);
  const { parts, ratio } = wave;
  for (let index = 0; index < parts.length; index += 2) {
    wave.ratio = ratio;
    const part = parts[index]!;
    const other = parts[index + 1];
    if (other === undefined) drawOne(wave, sums[part.lead]!, part, from, until);
    else drawTwo(wave, sums[part.lead]!, part, sums[other.lead]!, other, from, until);
  }
  wave.next = first + until;
  return wave.next < wave.end;
}

/** Over samples that are not wanted: those before the first. */
function skip(wave: Wave, count: number): void {
  for (let skipped = 0; skipped < count; skipped++) {
    for (const part of wave.parts) part.value *= wave.ratio;
    wave.ratio *= wave.step;
  }
  wave.next += count;
}

function drawOne(wave: Wave, sums: Float64Array, part: Part, from: number, until: number): void {
  const { step } = wave;
  let { ratio } = wave;
  let { value } = part;
  let i = from;
  do {
    sums[i]! += value;
    value *= ratio;
    ratio *= step;
  } while (++i < until);
  part.value = value;
  wave.ratio = ratio;
}

/** As `drawOne` for each, which is dearer. */
function drawTwo(
  wave: Wave,
  sumsA: Float64Array,
  a: Part,
  sumsB: Float64Array,
  b: Part,
  from: number,
  until: number,
): void {
  const { step } = wave;
  let { ratio } = wave;
  let valueA = a.value;
  let valueB = b.value;
  let i = from;
  do {
    sumsA[i]! += valueA;
    sumsB[i]! += valueB;
    valueA *= ratio;
    valueB *= ratio;
    ratio *= step;
  } while (++i < until);
  a.value = valueA;
  b.value = valueB;
  wave.ratio = ratio;
}
