/**
 * Tests of a follow-up visit: pure state machines. Each asks for temporary parameters, looks at what the leads do with
 * them, and ends by itself: with its result, when its time is over, or when it is told to. Whoever runs a test gives its
 * `program` to the pacer as temporary parameters, and `cancelTemporary` when there is a result; so nothing outlives it.
 */
import type { Chamber, PacingParameters } from "../../pacer/index.js";

/**
 * - `pulse`: the pacer gave a pulse; what it did and what the lead's impedance was.
 * - `signal`: a P or R wave of this height.
 * - `end`: the session is over, a magnet came, or the clinician wants no more.
 */
export type Observation =
  | {
      readonly type: "pulse";
      readonly chamber: Chamber;
      readonly amplitudeMv: number;
      readonly captured: boolean;
      readonly impedanceOhm: number;
    }
  | { readonly type: "signal"; readonly chamber: Chamber; readonly amplitudeUv: number }
  | { readonly type: "tick" }
  | { readonly type: "end" };

/** How a test came to its end: with enough measured, told to, or out of time. */
export type Ending = "done" | "ended" | "late";

export interface FollowUpStep<Test, Result> {
  readonly test: Test;
  /** Temporary parameters to program now. */
  readonly program?: PacingParameters;
  /** The test is over; further steps give the same. */
  readonly result?: Result;
  /** When to step with `tick` at the latest. */
  readonly deadlineMs: number;
}
