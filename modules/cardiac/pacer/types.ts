/**
 * What goes into the pacer and what comes out of it. Times are milliseconds of one monotonic clock, whole numbers; the
 * names are those of the PACEMAKER system specification (Boston Scientific, 2007) and of the NBG mode code.
 */
export const MODES = ["off", "AOO", "VOO", "DOO", "AAI", "VVI", "VDD", "DDD"] as const;
export type Mode = (typeof MODES)[number];

export type Chamber = "atrium" | "ventricle";

/** Of the battery: beginning of life, elective replacement near, elective replacement time, elective replacement past. */
export type BatteryStatus = "BOL" | "ERN" | "ERT" | "ERP";

/** Everything that can be programmed; 0 is "off" where a parameter can be off. `parameters.ts` has ranges and nominal values. */
export interface PacingParameters {
  readonly mode: Mode;
  readonly lowerRateLimitPpm: number;
  readonly upperRateLimitPpm: number;
  readonly avDelayMs: number;
  /** 0 or negative: what a sensed atrial event shortens the AV delay by. */
  readonly sensedAvDelayOffsetMs: number;
  readonly atrialAmplitudeMv: number;
  readonly ventricularAmplitudeMv: number;
  readonly atrialWidthUs: number;
  readonly ventricularWidthUs: number;
  readonly atrialSensitivityUv: number;
  readonly ventricularSensitivityUv: number;
  readonly vrpMs: number;
  readonly arpMs: number;
  readonly pvarpMs: number;
  readonly pvarpExtensionMs: number;
  readonly ventricularBlankingMs: number;
  readonly hysteresisRateLimitPpm: number;
  readonly rateSmoothingPercent: number;
  /** 1 when on. */
  readonly atrMode: number;
  readonly atrDurationCycles: number;
  readonly atrFallbackMinutes: number;
}

/**
 * - `sense`: the leads saw an event in this chamber, at `nowMs`.
 * - `tick`: nothing but time has passed; due when `deadlineMs` comes, harmless at any other time.
 * - `program`: parameters that `checkParameters` has let pass, effective at the next safe point of the cycle; `temporary`
 *   ones end with `cancelTemporary`.
 */
export type PacerEvent =
  | { readonly type: "sense"; readonly chamber: Chamber }
  | { readonly type: "tick" }
  | { readonly type: "magnet"; readonly on: boolean }
  | { readonly type: "battery"; readonly status: BatteryStatus }
  | { readonly type: "program"; readonly parameters: PacingParameters; readonly temporary?: boolean }
  | { readonly type: "paceNow" }
  | { readonly type: "cancelTemporary" };

/** `AT` is an atrial event sensed while the atrial rate is above the upper rate limit. */
export type MarkerName = "AS" | "AP" | "AT" | "VS" | "VP" | "PVC";

export interface Pace {
  readonly type: "pace";
  readonly chamber: Chamber;
  /** When the pulse was due; never after `nowMs`. */
  readonly atMs: number;
  readonly amplitudeMv: number;
  readonly widthUs: number;
}

export interface Marker {
  readonly type: "marker";
  readonly name: MarkerName;
  /** In a refractory period: written in parentheses. */
  readonly refractory: boolean;
  readonly atMs: number;
}

export type PacerOutput = Pace | Marker;

export interface PacerStep<State> {
  readonly state: State;
  readonly outputs: readonly PacerOutput[];
  /** When to call with `tick` if nothing comes before; Infinity when the pacer waits for nothing. */
  readonly deadlineMs: number;
}
