/**
 * The capture threshold: three pulses an amplitude, downwards by the table's steps, until one does not capture. That one
 * is the only beat lost: with the result the pacer's own amplitude is back for the next pulse.
 */
import { type Chamber, PARAMETERS, type PacingParameters } from "../../pacer/index.js";
import { amplitudeOf, overdriven, withAmplitude } from "./temporary.js";
import type { Ending, FollowUpStep, Observation } from "./types.js";

const PULSES = 3;
const LIMIT_MS = 120_000;

export interface ThresholdResult {
  readonly ending: Ending;
  readonly chamber: Chamber;
  readonly widthUs: number;
  /** The lowest amplitude at which every pulse captured; undefined if there was none. */
  readonly thresholdMv: number | undefined;
}

export interface ThresholdTest {
  readonly chamber: Chamber;
  readonly parameters: PacingParameters;
  readonly pulses: number;
  readonly thresholdMv: number | undefined;
  readonly limitMs: number;
  readonly result: ThresholdResult | undefined;
}

type Step = FollowUpStep<ThresholdTest, ThresholdResult>;

/** The next lower amplitude that can be programmed; undefined below the lowest. */
function lower(amplitudeMv: number): number | undefined {
  const { ranges } = PARAMETERS.find(({ name }) => name === "ventricularAmplitudeMv")!;
  for (let i = ranges.length - 1; i >= 0; i--) {
    const { from, to, step } = ranges[i]!;
    if (amplitudeMv > to) return to;
    if (amplitudeMv > from) return amplitudeMv - step;
  }
  return undefined;
}

/** @param own the patient's parameters; the test begins with their amplitude */
export function startThresholdTest(own: PacingParameters, chamber: Chamber, nowMs: number): Step {
  const parameters = overdriven(chamber, own);
  const limitMs = nowMs + LIMIT_MS;
  const test = { chamber, parameters, pulses: 0, thresholdMv: undefined, limitMs, result: undefined };
  return { test, program: parameters, deadlineMs: limitMs };
}

export function stepThresholdTest(test: ThresholdTest, observation: Observation, nowMs: number): Step {
  if (test.result !== undefined) return over(test, test.result);
  if (observation.type === "end") return finish(test, "ended");
  if (!(nowMs < test.limitMs)) return finish(test, "late");
  const amplitudeMv = amplitudeOf(test.parameters, test.chamber);
  if (
    observation.type !== "pulse" ||
    observation.chamber !== test.chamber ||
    observation.amplitudeMv !== amplitudeMv
  )
    return { test, deadlineMs: test.limitMs };
  if (!observation.captured) return finish(test, "done");
  if (test.pulses + 1 < PULSES)
    return { test: { ...test, pulses: test.pulses + 1 }, deadlineMs: test.limitMs };
  const captured = { ...test, pulses: 0, thresholdMv: amplitudeMv };
  const next = lower(amplitudeMv);
  if (next === undefined) return finish(captured, "done");
  const parameters = withAmplitude(test.parameters, test.chamber, next);
  return { test: { ...captured, parameters }, program: parameters, deadlineMs: test.limitMs };
}

function finish(test: ThresholdTest, ending: Ending): Step {
  const { chamber, parameters, thresholdMv } = test;
  const widthUs = chamber === "atrium" ? parameters.atrialWidthUs : parameters.ventricularWidthUs;
  const result = { ending, chamber, widthUs, thresholdMv };
  return over({ ...test, result }, result);
}

function over(test: ThresholdTest, result: ThresholdResult): Step {
  return { test, result, deadlineMs: Infinity };
}
