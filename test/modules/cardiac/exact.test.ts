import { exp, Random, sinTurns } from "../../../modules/cardiac/exact.js";
import { ok, same } from "../../support/assert.js";

describe("cardiac: exact functions", () => {
  it("exp is within 1e-11 of its value from -50 to 0", () => {
    for (let x = -50; x <= 0; x += 0.125)
      ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-11, `exp(${x}) = ${exp(x)}`);
  });
  it("sine is within 1e-7", () => {
    for (let t = -2; t <= 2; t += 1 / 128)
      ok(Math.abs(sinTurns(t) - Math.sin(2 * Math.PI * t)) < 1e-7, `sin(2π ${t}) = ${sinTurns(t)}`);
  });
  it("xorshift32 from the seed of Marsaglia's paper", () => {
    // y = 2463534242 gives 723471715 first (Marsaglia, "Xorshift RNGs", 2003, section 3).
    same(new Random(2463534242).next() >>> 0, 723471715);
  });
  it("numbers between two others fill what is between them, evenly", () => {
    const random = new Random(1);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 5000; i++) {
      const value = random.between(-3, 7);
      ok(value >= -3 && value < 7);
      tenths[Math.floor(value + 3)]!++;
    }
    for (const count of tenths) ok(count > 420 && count < 580, `${tenths}`);
  });
});
