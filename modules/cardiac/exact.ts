/**
 * Functions whose last bit is the same on every engine: made of the additions, multiplications and divisions that
 * IEEE 754 rounds exactly, where `Math.exp` and `Math.sin` are left to the engine (ECMA-262 section 21.3).
 */

/** e^x for -50 ≤ x ≤ 0, to 1e-11 of its value: the Taylor polynomial at x / 256, squared eight times. */
export function exp(x: number): number {
  const y = x / 256;
  // A loop over the terms costs XS three times as much.
  const rest = 1 / 120 + y * (1 / 720 + y * (1 / 5040 + y * (1 / 40320 + y * (1 / 362880))));
  let e = 1 + y * (1 + y * (1 / 2 + y * (1 / 6 + y * (1 / 24 + y * rest))));
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  return e * e;
}

/** sin(2π turns) for any number of turns below 2^31, to 1e-7: the Taylor polynomial over a quarter turn. */
export function sinTurns(turns: number): number {
  let t = turns - Math.floor(turns);
  if (t > 0.75) t -= 1;
  else if (t > 0.25) t = 0.5 - t;
  const x = 6.283185307179586 * t;
  const z = x * x;
  return x * (1 - (z / 6) * (1 - (z / 20) * (1 - (z / 42) * (1 - (z / 72) * (1 - z / 110)))));
}

/** Marsaglia's xorshift32 (2003): the same numbers from the same seed, on integers alone. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed | 0) === 0 ? 0x9e3779b9 | 0 : seed | 0;
  }

  /** 32 bits, signed, never 0. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x;
  }

  /** At least `low` and less than `high`. */
  between(low: number, high: number): number {
    return low + ((high - low) * (this.next() >>> 0)) / 0x100000000;
  }
}
