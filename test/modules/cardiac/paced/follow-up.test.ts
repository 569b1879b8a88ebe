import {
  captureThresholdMv,
  type FollowUpStep,
  HEALTHY,
  type Observation,
  startImpedanceTest,
  startThresholdTest,
  startWaveTest,
  stepMeasurementTest,
  stepThresholdTest,
} from "../../../../modules/cardiac/leads/index.js";
import { PacedHeart, type PacedHeartOptions } from "../../../../modules/cardiac/paced/index.js";
import { NOMINAL } from "../../../../modules/cardiac/pacer/index.js";
import { ok, same } from "../../../support/assert.js";

/** Runs a test on a patient: programs what it asks for until it has a result, at most two minutes and a bit. */
function follow<Test, Result>(
  options: PacedHeartOptions,
  start: (nowMs: number) => FollowUpStep<Test, Result>,
  next: (test: Test, observation: Observation, nowMs: number) => FollowUpStep<Test, Result>,
): { result: Result; heart: PacedHeart; lost: number } {
  let [lost, running] = [0, undefined as FollowUpStep<Test, Result> | undefined];
  const heart = new PacedHeart({
    ...options,
    observe: (observation, atMs) => {
      if (observation.type === "pulse" && !observation.captured) lost++;
      if (running !== undefined) take(next(running.test, observation, atMs));
    },
  });
  const take = (step: FollowUpStep<Test, Result>) => {
    const over = running?.result !== undefined;
    running = step;
    if (over) return;
    if (step.result !== undefined) heart.instruct({ type: "cancelTemporary" });
    else if (step.program !== undefined)
      heart.instruct({ type: "program", parameters: step.program, temporary: true });
  };
  heart.read(0, 1250);
  take(start(heart.nowMs));
  for (let first = 1250; first < 40_000; first += 250) heart.read(first, 250);
  ok(running?.result !== undefined, "it ended");
  return { result: running.result, heart, lost };
}

describe("cardiac/paced: follow-up tests on a living patient", () => {
  for (const [chamber, rhythm] of [
    ["ventricle", "avb3"],
    ["atrium", "bradycardia"],
  ] as const)
    it(`threshold in the ${chamber}: the lowest amplitude above the strength-duration curve, one beat lost`, () => {
      const { result, heart, lost } = follow(
        { rhythm },
        (nowMs) => startThresholdTest(NOMINAL, chamber, nowMs),
        stepThresholdTest,
      );
      same(result.ending, "done");
      const curveMv = captureThresholdMv(HEALTHY[chamber], NOMINAL.ventricularWidthUs);
      same(result.thresholdMv, Math.ceil(curveMv / 100) * 100);
      same(lost, 1);
      same(
        heart.parameters.ventricularAmplitudeMv,
        NOMINAL.ventricularAmplitudeMv,
        "and its own program is back:",
      );
      same(heart.parameters.lowerRateLimitPpm, NOMINAL.lowerRateLimitPpm);
    });

  it("impedance of the ventricular lead", () => {
    const start = (nowMs: number) => startImpedanceTest(NOMINAL, "ventricle", nowMs);
    const { result } = follow({ rhythm: "avb3" }, start, stepMeasurementTest);
    same(result.ending, "done");
    same(result.mean, HEALTHY.ventricle.impedanceOhm);
  });

  it("P and R waves, within the beat-to-beat variation of a tenth", () => {
    for (const chamber of ["atrium", "ventricle"] as const) {
      const start = (nowMs: number) => startWaveTest(NOMINAL, chamber, nowMs);
      const { result } = follow({ bpm: 60 }, start, stepMeasurementTest);
      same(result.ending, "done");
      const { signalUv } = HEALTHY[chamber];
      ok(Math.abs(result.mean! - signalUv) < 0.08 * signalUv, `${result.mean} µV`);
    }
  });
});
