/**
 * Intervals read off samples of lead II as a person with callipers would, knowing nothing of how they were made:
 * onset and end where the curve leaves and reaches the level, the end of T where the tangent to its steepest descent does.
 */

export interface Beat {
  readonly r: number;
  readonly qrsOnset: number;
  readonly qrsEnd: number;
  /** Undefined where no P stands before. */
  readonly pOnset: number | undefined;
  readonly tEnd: number;
  /** Of the highest of QRS and of T, with its sign, in steps from the level. */
  readonly qrsHeight: number;
  readonly tHeight: number;
}

const median = (values: Int16Array): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The index of what is furthest from `level` in [from, to). */
function furthest(x: Int16Array, from: number, to: number, level: number): number {
  let best = from;
  for (let i = from; i < to; i++) if (Math.abs(x[i]! - level) > Math.abs(x[best]! - level)) best = i;
  return best;
}

/**
 * @param x at 1,000 Hz, without noise
 * @param near the highest point of a narrow QRS; of a wide one, up to 45 ms after it begins
 * @param least what counts as away from the level, in steps
 */
export function measure(x: Int16Array, near: number, least = 4): Beat {
  const level = median(x.slice(near - 65, near - 50));
  const r = furthest(x, near - 45, near + 130, level);
  const away = (i: number, floor = level) => Math.abs(x[i]! - floor) > least;
  let qrsOnset = r;
  while (x.slice(qrsOnset - 8, qrsOnset).some((_, k) => away(qrsOnset - 8 + k))) qrsOnset--;
  let qrsEnd = r;
  while (x.slice(qrsEnd, qrsEnd + 8).some((_, k) => away(qrsEnd + k))) qrsEnd++;

  const t = furthest(x, qrsEnd + 20, qrsEnd + 330, level);
  const sign = Math.sign(x[t]! - level);
  let steepest = t + 1;
  const fall = (i: number) => sign * (x[i - 4]! - x[i + 4]!);
  for (let i = t + 1; i < t + 130; i++) if (fall(i) > fall(steepest)) steepest = i;
  const tEnd = Math.round(steepest + (sign * (x[steepest]! - level)) / (fall(steepest) / 8));

  const before = qrsOnset - 200;
  let p: number | undefined = furthest(x, Math.max(0, before), qrsOnset - 10, level);
  if (Math.abs(x[p]! - level) < 10) p = undefined;
  else {
    const floor = median(x.slice(Math.max(0, p - 90), Math.max(1, p - 65)));
    while (p > 0 && away(p, floor)) p--;
  }
  return { r, qrsOnset, qrsEnd, pOnset: p, tEnd, qrsHeight: x[r]! - level, tHeight: x[t]! - level };
}

/** Where QRS complexes stand in lead II: steep, and 250 ms after the one before. */
export function beats(x: Int16Array, rateHz: number, steepStepsPerMs = 4): number[] {
  const found: number[] = [];
  const wide = Math.max(1, Math.round(rateHz / 125));
  const steep = (steepStepsPerMs * 1000 * wide) / rateHz;
  for (let i = wide; i < x.length - wide; i++) {
    if (Math.abs(x[i]! - x[i - wide]!) < steep) continue;
    let r = i;
    const end = Math.min(x.length, i + Math.round(0.12 * rateHz));
    for (let k = i; k < end; k++) if (x[k]! > x[r]!) r = k;
    found.push(r);
    i = r + Math.round(0.25 * rateHz);
  }
  return found;
}
