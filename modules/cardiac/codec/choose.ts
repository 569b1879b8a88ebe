/**
 * The predictor of a channel's block: the one whose residuals' absolute values have the least sum, which for a
 * Rice code is very nearly the one of the fewest bits. Every third sample votes: the record grows by a
 * thousandth for a third of the work, and an odd stride sees both phases of an alternating signal.
 */
const STRIDE = 3;

/** Index into PREDICTORS (format.ts) for `x`, at least one sample. */
export function choosePredictor(x: Int16Array): number {
  const count = x.length;
  // s0 starts at 1: the sample before is the better guess where nothing tells.
  let [s0, s1, s2, s3, s4, s5, s6] = [1, 0, 0, 0, 0, 0, 0];
  for (let i = 3; i < count; i += STRIDE) {
    const s = x[i]!;
    const a = x[i - 1]!;
    const b = x[i - 2]!;
    const f = s - a;
    const d = a - b;
    const e = b - x[i - 3]!;
    s0 += s < 0 ? -s : s;
    s1 += f < 0 ? -f : f;
    let r = f - d;
    s2 += r < 0 ? -r : r;
    r = r - d + e;
    s3 += r < 0 ? -r : r;
    r = f - ((18 * d - 6 * e + 8) >> 4);
    s4 += r < 0 ? -r : r;
    r = f - ((d + 1) >> 1);
    s5 += r < 0 ? -r : r;
    r = f - ((3 * d - e + 1) >> 1);
    s6 += r < 0 ? -r : r;
  }
  const sums = [s0, s1, s2, s3, s4, s5, s6];
  return sums.indexOf(Math.min(...sums));
}
