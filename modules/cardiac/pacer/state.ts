/** What the pacer remembers from one event to the next. `pacerStep` never changes a state; it makes the next one. */
import { VagusError } from "../../error/index.js";
import { checkParameters } from "./check.js";
import { inForce, type Therapy } from "./therapy.js";
import { type Timing, timingOf } from "./timing.js";
import type { BatteryStatus, PacingParameters } from "./types.js";

/** Phases of the atrial tachycardia response. */
export const ATR_OFF = 0;
export const ATR_DURATION = 1;
export const ATR_FALLBACK = 2;

export interface PacerState extends Therapy {
  readonly timing: Timing;
  /** Other parameters wait for the cycle's end. */
  readonly switching: boolean;
  /** The latest time that was seen. */
  readonly nowMs: number;
  /** The event that began the cycle: ventricular, or atrial in AOO and AAI. */
  readonly cycleStartMs: number;
  /** Length of the cycle before. */
  readonly lastCycleMs: number;
  readonly atrialPaceDueMs: number;
  readonly ventricularPaceDueMs: number;
  /** ARP, or PVARP with its extension. */
  readonly atriumRefractoryUntilMs: number;
  readonly ventricleRefractoryUntilMs: number;
  readonly ventricleBlankUntilMs: number;
  /** An AV interval runs. */
  readonly inAv: boolean;
  /** There was an atrial event in this cycle: a ventricular one is no PVC. */
  readonly atrialInCycle: boolean;
  readonly pvarpExtended: boolean;
  readonly lastAtrialMs: number;
  /** The latest signal on each lead, in a refractory period or not: noise is known by its rate. */
  readonly atrialSignalMs: number;
  readonly ventricularSignalMs: number;
  readonly atrPhase: number;
  /** The last ten atrial intervals, a bit each: 1 if shorter than the upper rate's. */
  readonly atrIntervals: number;
  readonly atrCyclesLeft: number;
  readonly atrFallbackStartMs: number;
  readonly atrFallbackFromPpm: number;
}

/** The parameters in force now: what the leads are to be as sensitive as. */
export function parametersInForce(state: PacerState): PacingParameters {
  return state.timing.parameters;
}

/** A state in the making. */
export type Draft = { -readonly [Key in keyof PacerState]: PacerState[Key] };

/**
 * A pacer that begins now, as if an event had just been sensed.
 * @throws VagusError `cardiac/parameter` for parameters that may not be programmed, or a time that is no number
 */
export function createPacer(
  parameters: PacingParameters,
  nowMs: number,
  battery: BatteryStatus = "BOL",
): PacerState {
  checkParameters(parameters);
  if (!Number.isFinite(nowMs))
    throw new VagusError("cardiac/parameter", `expected a time in ms, came ${nowMs}`);
  const therapy = { permanent: parameters, temporary: undefined, paceNow: false, magnet: false, battery };
  const timing = timingOf(inForce(therapy));
  const { lriMs, pavMs, pacesAtrium, pacesVentricle } = timing;
  const atrialEscapeMs = pacesVentricle ? lriMs - pavMs : lriMs;
  return {
    ...therapy,
    timing,
    switching: false,
    nowMs,
    cycleStartMs: nowMs,
    lastCycleMs: lriMs,
    atrialPaceDueMs: pacesAtrium ? nowMs + atrialEscapeMs : Infinity,
    ventricularPaceDueMs: pacesVentricle ? nowMs + lriMs : Infinity,
    atriumRefractoryUntilMs: nowMs,
    ventricleRefractoryUntilMs: nowMs,
    ventricleBlankUntilMs: nowMs,
    inAv: false,
    atrialInCycle: true,
    pvarpExtended: false,
    lastAtrialMs: -Infinity,
    atrialSignalMs: -Infinity,
    ventricularSignalMs: -Infinity,
    atrPhase: ATR_OFF,
    atrIntervals: 0,
    atrCyclesLeft: 0,
    atrFallbackStartMs: 0,
    atrFallbackFromPpm: 0,
  };
}
