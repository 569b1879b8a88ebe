/** Which parameters are in force: the permanent ones, a temporary set, Pace-Now or the magnet; one of them at a time. */
import { NOMINAL } from "./parameters.js";
import type { BatteryStatus, Mode, PacingParameters } from "./types.js";

/** Pace-Now: values that nobody programs (section 3.6.3 of the specification). */
export const PACE_NOW: PacingParameters = {
  ...NOMINAL,
  mode: "VVI",
  lowerRateLimitPpm: 65,
  ventricularAmplitudeMv: 5000,
  ventricularWidthUs: 1000,
  ventricularSensitivityUv: 1500,
  vrpMs: 320,
};

export const MAGNET_RATES_PPM: Readonly<Record<BatteryStatus, number>> = {
  BOL: 100,
  ERN: 90,
  ERT: 85,
  ERP: 85,
};

/** The magnet's mode paces the same chambers and senses nothing; off stays off. */
export function asynchronous(mode: Mode): Mode {
  if (mode === "off") return "off";
  return mode[0] === "A" ? "AOO" : mode[0] === "V" ? "VOO" : "DOO";
}

export interface Therapy {
  readonly permanent: PacingParameters;
  readonly temporary: PacingParameters | undefined;
  readonly paceNow: boolean;
  readonly magnet: boolean;
  readonly battery: BatteryStatus;
}

export function inForce({ permanent, temporary, paceNow, magnet, battery }: Therapy): PacingParameters {
  const base = paceNow ? PACE_NOW : (temporary ?? permanent);
  if (!magnet) return base;
  return { ...base, mode: asynchronous(base.mode), lowerRateLimitPpm: MAGNET_RATES_PPM[battery] };
}
