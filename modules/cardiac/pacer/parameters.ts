/**
 * Every programmable parameter, after Tables 6 and 7 of the PACEMAKER system specification (Boston Scientific, 2007):
 * checks, documentation and the programmer's forms all read this one table. docs/PACING.md says what was left out.
 */
import { MODES, type Mode, type PacingParameters } from "./types.js";

export type ParameterName = Exclude<keyof PacingParameters, "mode">;
export type Unit = "ppm" | "ms" | "mV" | "µs" | "µV" | "%" | "cycles" | "min" | "";

/** The values from `from` to `to` that are `step` apart, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export interface Parameter {
  readonly name: ParameterName;
  readonly label: string;
  readonly unit: Unit;
  /** 0 turns it off, and stands outside the ranges. */
  readonly canBeOff: boolean;
  readonly ranges: readonly Range[];
  readonly nominal: number;
  /** How far what the pacer does may be from what was programmed, either way. */
  readonly tolerance: { readonly value: number; readonly unit: Unit } | undefined;
  readonly modes: readonly Mode[];
}

const range = (from: number, to: number, step: number): Range => ({ from, to, step });

const PACING: readonly Mode[] = MODES.filter((mode) => mode !== "off");
const ATRIAL_PACING: readonly Mode[] = ["AOO", "DOO", "AAI", "DDD"];
const VENTRICULAR_PACING: readonly Mode[] = ["VOO", "DOO", "VVI", "VDD", "DDD"];
const VENTRICULAR_SENSING: readonly Mode[] = ["VVI", "VDD", "DDD"];
const ATRIAL_SENSING: readonly Mode[] = ["AAI", "VDD", "DDD"];
const TRACKING: readonly Mode[] = ["VDD", "DDD"];

const RATES = [range(30, 50, 5), range(50, 90, 1), range(90, 175, 5)];
const AMPLITUDES = [range(500, 3200, 100), range(3500, 7000, 500)];
const WIDTHS = [range(50, 50, 50), range(100, 1900, 100)];
const SENSITIVITIES = [range(250, 750, 250), range(1000, 10_000, 500)];
const REFRACTORY = [range(150, 500, 10)];

const ATR_DURATIONS = [range(10, 10, 1), range(20, 80, 20), range(100, 2000, 100)];

const tolerance = (value: number, unit: Unit) => ({ value, unit });
const MS_8 = tolerance(8, "ms");
const MS_1 = tolerance(1, "ms");
const US_200 = tolerance(200, "µs");
const PERCENT_20 = tolerance(20, "%");
const PERCENT_12 = tolerance(12, "%");
const PERCENT_1 = tolerance(1, "%");
const ONE_CYCLE = tolerance(1, "cycles");

const off = true;
const never = false;

function row(
  name: ParameterName,
  label: string,
  unit: Unit,
  canBeOff: boolean,
  ranges: readonly Range[],
  nominal: number,
  tolerance: Parameter["tolerance"],
  modes: readonly Mode[],
): Parameter {
  return { name, label, unit, canBeOff, ranges, nominal, tolerance, modes };
}

// biome-ignore format: a table
export const PARAMETERS: readonly Parameter[] = [
  row("lowerRateLimitPpm", "Lower rate limit (LRL)", "ppm", never, RATES, 60, MS_8, PACING),
  row("upperRateLimitPpm", "Upper rate limit (URL)", "ppm", never, [range(50, 175, 5)], 120, MS_8, PACING),
  row("avDelayMs", "AV delay", "ms", never, [range(70, 300, 10)], 150, MS_8, ["DOO", "VDD", "DDD"]),
  row("sensedAvDelayOffsetMs", "Sensed AV delay offset", "ms", off, [range(-100, -10, 10)], 0, MS_1, ["DDD"]),
  row("atrialAmplitudeMv", "Atrial amplitude", "mV", off, AMPLITUDES, 3500, PERCENT_12, ATRIAL_PACING),
  row("ventricularAmplitudeMv", "Ventricular amplitude", "mV", off, AMPLITUDES, 3500, PERCENT_12, VENTRICULAR_PACING),
  row("atrialWidthUs", "Atrial pulse width", "µs", never, WIDTHS, 400, US_200, ATRIAL_PACING),
  row("ventricularWidthUs", "Ventricular pulse width", "µs", never, WIDTHS, 400, US_200, VENTRICULAR_PACING),
  row("atrialSensitivityUv", "Atrial sensitivity", "µV", never, SENSITIVITIES, 750, PERCENT_20, ATRIAL_SENSING),
  row("ventricularSensitivityUv", "Ventricular sensitivity", "µV", never, SENSITIVITIES, 2500, PERCENT_20, VENTRICULAR_SENSING),
  row("vrpMs", "Ventricular refractory period (VRP)", "ms", never, REFRACTORY, 320, MS_8, VENTRICULAR_SENSING),
  row("arpMs", "Atrial refractory period (ARP)", "ms", never, REFRACTORY, 250, MS_8, ["AAI"]),
  row("pvarpMs", "Post-ventricular ARP (PVARP)", "ms", never, REFRACTORY, 250, MS_8, TRACKING),
  row("pvarpExtensionMs", "PVARP extension", "ms", off, [range(50, 400, 50)], 0, MS_8, TRACKING),
  row("ventricularBlankingMs", "Ventricular blanking", "ms", never, [range(30, 60, 10)], 40, undefined, ["DDD"]),
  row("hysteresisRateLimitPpm", "Hysteresis rate limit", "ppm", off, RATES, 0, MS_8, ["AAI", "VVI", "DDD"]),
  row("rateSmoothingPercent", "Rate smoothing", "%", off, [range(3, 21, 3), range(25, 25, 1)], 0, PERCENT_1, ["AAI", ...VENTRICULAR_SENSING]),
  row("atrMode", "Atrial tachycardia response (ATR)", "", off, [range(1, 1, 1)], 0, undefined, TRACKING),
  row("atrDurationCycles", "ATR duration", "cycles", never, ATR_DURATIONS, 20, ONE_CYCLE, TRACKING),
  row("atrFallbackMinutes", "ATR fallback time", "min", never, [range(1, 5, 1)], 1, ONE_CYCLE, TRACKING),
];

/** The nominal values, in the nominal mode DDD. */
export const NOMINAL: PacingParameters = ((): PacingParameters => {
  const values: Record<string, Mode | number> = { mode: "DDD" };
  for (const { name, nominal } of PARAMETERS) values[name] = nominal;
  return values as unknown as PacingParameters;
})();
