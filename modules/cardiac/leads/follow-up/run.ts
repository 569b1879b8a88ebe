/** Joins a test to a pacer. */
import type { PacerEvent } from "../../pacer/index.js";
import type { FollowUpStep, Observation } from "./types.js";

type Instruct = (event: Extract<PacerEvent, { type: "program" | "cancelTemporary" }>) => void;

export interface RunningTest<Result> {
  /** When to `observe` a tick at the latest; Infinity once the test is over. */
  readonly deadlineMs: number;
  readonly result: Result | undefined;
  observe(observation: Observation, nowMs: number): void;
}

/**
 * Programs what the test asks for, as temporary parameters, and takes it back when there is a result. What observes may be
 * called from within `instruct`.
 *
 * @throws VagusError `cardiac/busy` where the pacer takes no temporary parameters now; then no test runs
 */
export function runTest<Test, Result>(
  first: FollowUpStep<Test, Result>,
  next: (test: Test, observation: Observation, nowMs: number) => FollowUpStep<Test, Result>,
  instruct: Instruct,
): RunningTest<Result> {
  let step = first;
  const obey = (): void => {
    if (step.program !== undefined) instruct({ type: "program", parameters: step.program, temporary: true });
  };
  obey();
  return {
    get deadlineMs() {
      return step.deadlineMs;
    },
    get result() {
      return step.result;
    },
    observe(observation, nowMs) {
      if (step.result !== undefined) return;
      step = next(step.test, observation, nowMs);
      if (step.result !== undefined) instruct({ type: "cancelTemporary" });
      else obey();
    },
  };
}
