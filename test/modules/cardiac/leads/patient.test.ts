/** Tests of a follow-up visit on whole patients: heart, leads and pacer. */

import type { RhythmName } from "../../../../modules/cardiac/heart/index.js";
import {
  HEALTHY,
  type Observation,
  type RunningTest,
  runTest,
  startImpedanceTest,
  startThresholdTest,
  startWaveTest,
  stepMeasurementTest,
  stepThresholdTest,
} from "../../../../modules/cardiac/leads/index.js";
import { PacedHeart } from "../../../../modules/cardiac/paced/index.js";
import { type Chamber, NOMINAL, type PacingParameters } from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same } from "../../../support/assert.js";

interface Patient {
  readonly heart: PacedHeart;
  /** Lives on; a running test hears of it. */
  live(seconds: number): void;
  begin<Result>(start: (patient: PacedHeart) => RunningTest<Result>): RunningTest<Result>;
  /** When the ventricle was last made to beat by a pulse, and the longest wait for it. */
  longestPauseMs(): number;
}

function patient(rhythm: RhythmName, change: Partial<PacingParameters> = {}): Patient {
  let running: RunningTest<unknown> | undefined;
  let [next, lastMs, longestMs] = [0, 0, 0];
  const observe = (observation: Observation, atMs: number): void => {
    if (observation.type === "pulse" && observation.chamber === "ventricle" && observation.captured) {
      longestMs = Math.max(longestMs, atMs - lastMs);
      lastMs = atMs;
    }
    running?.observe(observation, atMs);
  };
  const heart = new PacedHeart({
    rhythm,
    rateHz: 250,
    leads: HEALTHY,
    parameters: { ...NOMINAL, ...change },
    observe,
  });
  return {
    heart,
    live(seconds) {
      for (let second = 0; second < seconds; second++, next += 250) {
        heart.read(next, 250);
        running?.observe({ type: "tick" }, heart.nowMs);
      }
    },
    begin(start) {
      const test = start(heart);
      running = test;
      return test;
    },
    longestPauseMs: () => longestMs,
  };
}

const threshold = (chamber: Chamber) => (heart: PacedHeart) =>
  runTest(startThresholdTest(heart.parameters, chamber, heart.nowMs), stepThresholdTest, (it) =>
    heart.instruct(it),
  );

describe("cardiac/leads: a visit", () => {
  for (const rhythm of ["avb3", "asystole"] as const)
    it(`threshold in ${rhythm}: found, with one beat lost`, () => {
      const { heart, live, begin, longestPauseMs } = patient(rhythm, { mode: "VVI", lowerRateLimitPpm: 60 });
      live(3);
      const test = begin(threshold("ventricle"));
      live(80);
      deep([test.result?.ending, test.result?.thresholdMv], ["done", 800]);
      same(heart.parameters.ventricularAmplitudeMv, 3500);
      ok(longestPauseMs() <= 1700, `${longestPauseMs()} ms without a beat`);
    });

  it("the session ends in the middle: so does the test, and the pacer's own parameters are back", () => {
    const { heart, live, begin } = patient("asystole", { mode: "VVI" });
    live(3);
    const test = begin(threshold("ventricle"));
    live(20);
    ok(heart.parameters.ventricularAmplitudeMv < 3500, "the test runs");
    test.observe({ type: "end" }, heart.nowMs);
    live(2);
    deep([test.result?.ending, heart.parameters.ventricularAmplitudeMv], ["ended", 3500]);
  });

  it("a magnet ends what a test has programmed", () => {
    const { heart, live, begin } = patient("asystole", { mode: "VVI" });
    begin(threshold("ventricle"));
    live(20);
    heart.instruct({ type: "magnet", on: true });
    live(2);
    deep([heart.parameters.mode, heart.parameters.ventricularAmplitudeMv], ["VOO", 3500]);
  });

  it("impedance and R waves as the lead has them", () => {
    const { heart, live, begin } = patient("sinus");
    const impedance = begin((it) =>
      runTest(startImpedanceTest(it.parameters, "ventricle", it.nowMs), stepMeasurementTest, (event) =>
        it.instruct(event),
      ),
    );
    live(15);
    same(impedance.result?.mean, HEALTHY.ventricle.impedanceOhm);
    const wave = begin((it) =>
      runTest(startWaveTest(it.parameters, "ventricle", it.nowMs), stepMeasurementTest, (event) =>
        it.instruct(event),
      ),
    );
    live(15);
    const { mean = 0, smallest = 0, count } = wave.result ?? {};
    same(count, 8);
    ok(Math.abs(mean - HEALTHY.ventricle.signalUv) < 600 && smallest <= mean, `${mean}, ${smallest}`);
    same(heart.parameters.lowerRateLimitPpm, 60);
  });
});

describe("cardiac/pacer: atrial fibrillation in a patient", () => {
  const rate = (change: Partial<PacingParameters>): number => {
    const { heart, live } = patient("af", change);
    live(150);
    heart.takeMarkers(120_000);
    live(60);
    return heart.takeMarkers(Infinity).filter(({ name, atMs }) => name === "VP" && atMs >= 120_000).length;
  };

  it("without ATR the ventricle is driven, with it only supported", () => {
    const high = { ventricularSensitivityUv: 10_000, lowerRateLimitPpm: 60, mode: "DDD" } as const;
    const [tracked, switched] = [rate(high), rate({ ...high, atrMode: 1, atrDurationCycles: 10 })];
    ok(switched < 0.8 * tracked, `${tracked} and ${switched} pulses`);
  });
});
