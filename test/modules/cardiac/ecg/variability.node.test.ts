import { type SyntheticOptions, SyntheticSource } from "../../../../modules/cardiac/index.js";
import { ok } from "../../../support/assert.js";
import { beats } from "./measure.js";

const MINUTES = 20;
const RATE_HZ = 250;

/** R peaks of 20 minutes in s, from the samples of lead II: the top of a parabola through three of them. */
function peaks(options: SyntheticOptions): number[] {
  const x = new SyntheticSource({ rateHz: RATE_HZ, ...options }).read(0, MINUTES * 60 * RATE_HZ)[0]!;
  return beats(x, RATE_HZ)
    .filter((r) => r + 1 < x.length)
    .map((r) => {
      const [a, b, c] = [x[r - 1]!, x[r]!, x[r + 1]!];
      const bend = a - 2 * b + c;
      return (r + (bend === 0 ? 0 : (a - c) / (2 * bend))) / RATE_HZ;
    });
}

/**
 * Power in ms² between two frequencies: the sum over all multiples of 1 / 20 minutes of the squared heights of the
 * sines that the intervals have, at the times at which they end (no resampling, which would damp the fast ones).
 */
function power(at: readonly number[], lowHz: number, highHz: number): number {
  const rr = at.slice(1).map((s, index) => 1000 * (s - at[index]!));
  const mean = rr.reduce((sum, value) => sum + value) / rr.length;
  let total = 0;
  const stepHz = 1 / (MINUTES * 60);
  for (let hz = Math.ceil(lowHz / stepHz) * stepHz; hz < highHz; hz += stepHz) {
    let [re, im] = [0, 0];
    for (const [index, value] of rr.entries()) {
      const angle = 2 * Math.PI * hz * at[index + 1]!;
      re += (value - mean) * Math.cos(angle);
      im += (value - mean) * Math.sin(angle);
    }
    total += (2 * (re * re + im * im)) / rr.length ** 2;
  }
  return total;
}

const within = (what: string, value: number, wanted: number, share: number) =>
  ok(Math.abs(value - wanted) <= share * wanted, `${what}: ${value.toFixed(1)}, wanted ${wanted.toFixed(1)}`);

// Bands of "Heart rate variability", Task Force of the ESC and NASPE (1996): LF 0.04 to 0.15 Hz, HF 0.15 to 0.4 Hz.
describe("cardiac/ecg: heart rate variability over 20 minutes, from the samples", () => {
  for (const [bpm, lfMs, hfMs] of [
    [60, 34, 31],
    [60, 50, 20],
    [60, 20, 50],
    [75, 30, 30],
    [50, 60, 40],
  ] as const)
    it(`${bpm} bpm, LF ${lfMs}² ms², HF ${hfMs}² ms²: each within 15 %, their ratio within 20 %`, () => {
      for (const seed of [1, 2]) {
        const at = peaks({ bpm, lfMs, hfMs, seed });
        const [lf, hf] = [power(at, 0.04, 0.15), power(at, 0.15, 0.4)];
        within("LF", lf, lfMs ** 2, 0.15);
        within("HF", hf, hfMs ** 2, 0.15);
        within("LF/HF", lf / hf, lfMs ** 2 / hfMs ** 2, 0.2);
        within("rate", (60 * (at.length - 1)) / (at.at(-1)! - at[0]!), bpm, 0.01);
      }
    });

  it("none where none is wanted", () => {
    const at = peaks({ lfMs: 0, hfMs: 0 });
    ok(power(at, 0.003, 0.4) < 4, `${power(at, 0.003, 0.4)} ms²`);
  });

  it("the breath's band moves with the breath", () => {
    for (const breathMs of [3000, 5500]) {
      const at = peaks({ lfMs: 0, hfMs: 30, breathMs });
      const hz = 1000 / breathMs;
      ok(power(at, hz - 0.03, hz + 0.03) > 0.85 * 900, `${power(at, hz - 0.03, hz + 0.03)} ms²`);
    }
  });
});
