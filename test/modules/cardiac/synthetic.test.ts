import { type HeartEvent, SinusRhythm, SyntheticSource } from "../../../modules/cardiac/index.js";
import { exp, Random, sinTurns } from "../../../modules/cardiac/synthetic/exact.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { fnv1a } from "./shapes.js";

const events = (bpm: number, count: number): HeartEvent[] => {
  const rhythm = new SinusRhythm({ seed: 3, bpm });
  return Array.from({ length: count }, () => rhythm.next());
};

describe("cardiac/synthetic: exact functions", () => {
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
});

describe("cardiac/synthetic: samples", () => {
  it("a minute has the same digest on every engine", () => {
    same(fnv1a(new SyntheticSource({ seed: 1 }).read(0, 15_000)[0]!), "67e20b0c");
  });

  it("do not depend on how they are read", () => {
    const whole = new SyntheticSource({ seed: 7 }).read(0, 1500)[0]!;
    const source = new SyntheticSource({ seed: 7 });
    const parts: number[] = [];
    for (const count of [1, 249, 3, 600, 647]) parts.push(...source.read(parts.length, count)[0]!);
    deep(Int16Array.from(parts), whole);
    deep(source.read(400, 100)[0], whole.slice(400, 500), "backwards:");
    deep(source.read(1400, 100)[0], whole.slice(1400, 1500), "over a hole:");
  });

  it("refuses to read what is not whole samples", () => {
    const source = new SyntheticSource();
    for (const [first, count] of [
      [0, 0.5],
      [0.5, 1],
      [-1, 1],
      [0, -1],
      [Number.NaN, 1],
      [0, Infinity],
    ] as const)
      throws("cardiac/parameter", () => source.read(first, count));
  });

  it("another seed, another heart", () => {
    ok(
      fnv1a(new SyntheticSource({ seed: 2 }).read(0, 500)[0]!) !==
        fnv1a(new SyntheticSource({ seed: 3 }).read(0, 500)[0]!),
    );
  });

  it("stay within 2 mV for ten minutes at every rate", () => {
    for (const bpm of [20, 60, 220])
      for (const sample of new SyntheticSource({ bpm }).read(0, 150_000)[0]!)
        ok(sample > -400 && sample < 400, `${sample} steps at ${bpm} bpm`);
  });

  it("refuses rates and hearts that do not exist", () => {
    for (const rateHz of [0, 99, 1001, 250.5, Number.NaN])
      throws("cardiac/parameter", () => new SyntheticSource({ rateHz }));
    for (const bpm of [0, 19, 221, Number.NaN])
      throws("cardiac/parameter", () => new SyntheticSource({ bpm }));
  });
});

describe("cardiac/synthetic: the heart", () => {
  it("keeps its mean rate, breathes, and gives a P before each R", () => {
    const all = events(75, 2000);
    const beats = all.filter((event) => event.kind === "ventricular");
    const intervals = beats.map((beat) => beat.intervalMs);
    const mean = intervals.reduce((sum, value) => sum + value) / intervals.length;
    ok(Math.abs(mean - 800) < 8, `mean ${mean} ms`);
    const swing = Math.max(...intervals) - Math.min(...intervals);
    ok(swing > 50 && swing < 90, `swing ${swing} ms`);
    for (const [index, event] of all.entries()) {
      same(event.kind, index % 2 === 0 ? "atrial" : "ventricular");
      ok(index === 0 || event.atMs >= all[index - 1]!.atMs, "time never falls");
    }
  });

  // Without noise, at 1,000 Hz: a wave lasts while it is beyond 20 µV (4 steps) of the level between P and QRS.
  it("PR is 120 to 200 ms and QRS 80 to 110 ms, T is upright, at 40 to 120 bpm", () => {
    for (const bpm of [40, 60, 80, 120]) {
      const source = new SyntheticSource({ bpm, rateHz: 1000, noiseSteps: 0 });
      const rhythm = new SinusRhythm({ seed: 1, bpm });
      const r = [1, 2, 3, 4].map(() => rhythm.next())[3]!.atMs;
      const x = source.read(0, r + 500)[0]!;
      const level = x[r - 60]!;
      const away = (at: number) => Math.abs(x[at]! - level) > 4;
      let onset = r - 60;
      while (!away(onset)) onset++;
      let end = r + 25;
      while (away(end)) end++;
      let p = r - 300;
      while (Math.abs(x[p]! - x[r - 250]!) < 4 || p < r - 250) p++;
      ok(end - onset >= 80 && end - onset <= 110, `QRS ${end - onset} ms at ${bpm} bpm`);
      // At 120 bpm the P wave begins on the T wave before it.
      if (bpm < 100) ok(onset - p >= 120 && onset - p <= 200, `PR ${onset - p} ms at ${bpm} bpm`);
      const t = Math.max(...x.slice(r + 120, r + 420));
      ok(t - level > 40, `T of ${5 * (t - level)} µV at ${bpm} bpm`);
    }
  });
});
