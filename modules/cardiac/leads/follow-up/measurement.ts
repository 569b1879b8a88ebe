/** Tests that take the mean of a few measurements: the lead's impedance from pulses, the height of P or R waves from beats. */
import type { Chamber, PacingParameters } from "../../pacer/index.js";
import { overdriven, underdriven } from "./temporary.js";
import type { Ending, FollowUpStep, Observation } from "./types.js";

export type Measured = "impedanceOhm" | "signalUv";

/** How many, within which time, and the step that a result is rounded to. */
const PLANS = {
  impedanceOhm: { count: 5, limitMs: 15_000, round: 10 },
  signalUv: { count: 8, limitMs: 30_000, round: 100 },
} as const;

export interface MeasurementResult {
  readonly ending: Ending;
  readonly chamber: Chamber;
  readonly measured: Measured;
  readonly count: number;
  /** Of what was measured, in the unit of its name; undefined if nothing was. */
  readonly mean: number | undefined;
  readonly smallest: number | undefined;
}

export interface MeasurementTest {
  readonly chamber: Chamber;
  readonly measured: Measured;
  readonly count: number;
  readonly sum: number;
  readonly smallest: number;
  readonly limitMs: number;
  readonly result: MeasurementResult | undefined;
}

type Step = FollowUpStep<MeasurementTest, MeasurementResult>;

function start(measured: Measured, chamber: Chamber, program: PacingParameters, nowMs: number): Step {
  const limitMs = nowMs + PLANS[measured].limitMs;
  const test = { chamber, measured, count: 0, sum: 0, smallest: Infinity, limitMs, result: undefined };
  return { test, program, deadlineMs: limitMs };
}

export function startImpedanceTest(own: PacingParameters, chamber: Chamber, nowMs: number): Step {
  return start("impedanceOhm", chamber, overdriven(chamber, own), nowMs);
}

/** P waves of the atrium, R waves of the ventricle: paced slowly, so that the heart's own beats come. */
export function startWaveTest(own: PacingParameters, chamber: Chamber, nowMs: number): Step {
  return start("signalUv", chamber, underdriven(chamber, own), nowMs);
}

function valueIn({ chamber, measured }: MeasurementTest, observation: Observation): number | undefined {
  if (observation.type === "pulse" && measured === "impedanceOhm" && observation.chamber === chamber)
    return observation.impedanceOhm;
  if (observation.type === "signal" && measured === "signalUv" && observation.chamber === chamber)
    return observation.amplitudeUv;
  return undefined;
}

export function stepMeasurementTest(test: MeasurementTest, observation: Observation, nowMs: number): Step {
  if (test.result !== undefined) return { test, result: test.result, deadlineMs: Infinity };
  if (observation.type === "end") return finish(test, "ended");
  if (!(nowMs < test.limitMs)) return finish(test, "late");
  const value = valueIn(test, observation);
  if (value === undefined || !(value >= 0 && value < Infinity)) return { test, deadlineMs: test.limitMs };
  const { count, sum, smallest } = test;
  const measured = { ...test, count: count + 1, sum: sum + value, smallest: Math.min(smallest, value) };
  if (measured.count === PLANS[test.measured].count) return finish(measured, "done");
  return { test: measured, deadlineMs: test.limitMs };
}

function finish(test: MeasurementTest, ending: Ending): Step {
  const { chamber, measured, count, sum, smallest } = test;
  const rounded = (value: number): number | undefined => {
    const { round } = PLANS[measured];
    return count > 0 ? Math.round(value / round) * round : undefined;
  };
  const result = {
    ending,
    chamber,
    measured,
    count,
    mean: rounded(sum / count),
    smallest: rounded(smallest),
  };
  return { test: { ...test, result }, result, deadlineMs: Infinity };
}
