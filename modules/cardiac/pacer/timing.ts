/** What a set of parameters means for the pacer's clocks, worked out once when it comes into force. */
import type { Mode, PacingParameters } from "./types.js";

export interface Timing {
  readonly parameters: PacingParameters;
  readonly pacesAtrium: boolean;
  readonly pacesVentricle: boolean;
  readonly sensesAtrium: boolean;
  readonly sensesVentricle: boolean;
  /** Intervals of the lower, upper and hysteresis rate; without hysteresis the last is the first. */
  readonly lriMs: number;
  readonly uriMs: number;
  readonly hriMs: number;
  /** From a paced and from a sensed atrial event to the ventricular pace. */
  readonly pavMs: number;
  readonly savMs: number;
  readonly smoothingPercent: number;
}

/** The interval of a rate, in whole milliseconds. */
export function intervalMs(ppm: number): number {
  return Math.round(60_000 / ppm);
}

const has = (mode: Mode, position: number, chamber: string): boolean =>
  mode !== "off" && (mode[position] === chamber || mode[position] === "D");

export function timingOf(parameters: PacingParameters): Timing {
  const { mode, lowerRateLimitPpm, hysteresisRateLimitPpm, avDelayMs } = parameters;
  const lriMs = intervalMs(lowerRateLimitPpm);
  const inhibited = mode[2] === "I" || mode === "DDD";
  const hysteresis = inhibited && hysteresisRateLimitPpm > 0;
  return {
    parameters,
    pacesAtrium: has(mode, 0, "A"),
    pacesVentricle: has(mode, 0, "V"),
    sensesAtrium: has(mode, 1, "A"),
    sensesVentricle: has(mode, 1, "V"),
    lriMs,
    uriMs: intervalMs(parameters.upperRateLimitPpm),
    hriMs: hysteresis ? Math.max(lriMs, intervalMs(hysteresisRateLimitPpm)) : lriMs,
    pavMs: avDelayMs,
    savMs: mode === "DDD" ? avDelayMs + parameters.sensedAvDelayOffsetMs : avDelayMs,
    smoothingPercent: inhibited || mode === "VDD" ? parameters.rateSmoothingPercent : 0,
  };
}
