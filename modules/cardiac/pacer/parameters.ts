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
const TRACKING: readonly Mode[] = ["VDD", "DDD"];

const RATES = [range(30, 50, 5), range(50, 90, 1), range(90, 175, 5)];
const AMPLITUDES = [range(500, 3200, 100), range(3500, 7000, 500)];
const WIDTHS = [range(50, 50, 50), range(100, 1900, 100)];
const SENSITIVITIES = [range(250, 750, 250), range(1000, 10_000, 500)];
const REFRACTORY = [range(150, 500, 10)];

const MS_8 = { value: 8, unit: "ms" } as const;
const PERCENT_12 = { value: 12, unit: "%" } as const;
const PERCENT_20 = { value: 20, unit: "%" } as const;
const WIDTH_TOLERANCE = { value: 200, unit: "µs" } as const;
const ONE_CYCLE = { value: 1, unit: "cycles" } as const;

type Row = readonly [
  name: ParameterName,
  label: string,
  unit: Unit,
  canBeOff: boolean,
  ranges: readonly Range[],
  nominal: number,
  tolerance: Parameter["tolerance"],
  modes: readonly Mode[],
];

const ROWS: readonly Row[] = [
  ["lowerRateLimitPpm", "Lower rate limit (LRL)", "ppm", false, RATES, 60, MS_8, PACING],
  ["upperRateLimitPpm", "Upper rate limit (URL)", "ppm", false, [range(50, 175, 5)], 120, MS_8, PACING],
  ["avDelayMs", "AV delay", "ms", false, [range(70, 300, 10)], 150, MS_8, ["DOO", "VDD", "DDD"]],
  [
    "sensedAvDelayOffsetMs",
    "Sensed AV delay offset",
    "ms",
    true,
    [range(-100, -10, 10)],
    0,
    { value: 1, unit: "ms" },
    ["DDD"],
  ],
  ["atrialAmplitudeMv", "Atrial amplitude", "mV", true, AMPLITUDES, 3500, PERCENT_12, ATRIAL_PACING],
  [
    "ventricularAmplitudeMv",
    "Ventricular amplitude",
    "mV",
    true,
    AMPLITUDES,
    3500,
    PERCENT_12,
    VENTRICULAR_PACING,
  ],
  ["atrialWidthUs", "Atrial pulse width", "µs", false, WIDTHS, 400, WIDTH_TOLERANCE, ATRIAL_PACING],
  [
    "ventricularWidthUs",
    "Ventricular pulse width",
    "µs",
    false,
    WIDTHS,
    400,
    WIDTH_TOLERANCE,
    VENTRICULAR_PACING,
  ],
  [
    "atrialSensitivityUv",
    "Atrial sensitivity",
    "µV",
    false,
    SENSITIVITIES,
    750,
    PERCENT_20,
    ["AAI", "VDD", "DDD"],
  ],
  [
    "ventricularSensitivityUv",
    "Ventricular sensitivity",
    "µV",
    false,
    SENSITIVITIES,
    2500,
    PERCENT_20,
    VENTRICULAR_SENSING,
  ],
  ["vrpMs", "Ventricular refractory period (VRP)", "ms", false, REFRACTORY, 320, MS_8, VENTRICULAR_SENSING],
  ["arpMs", "Atrial refractory period (ARP)", "ms", false, REFRACTORY, 250, MS_8, ["AAI"]],
  ["pvarpMs", "Post-ventricular ARP (PVARP)", "ms", false, REFRACTORY, 250, MS_8, TRACKING],
  ["pvarpExtensionMs", "PVARP extension", "ms", true, [range(50, 400, 50)], 0, MS_8, TRACKING],
  ["ventricularBlankingMs", "Ventricular blanking", "ms", false, [range(30, 60, 10)], 40, undefined, ["DDD"]],
  ["hysteresisRateLimitPpm", "Hysteresis rate limit", "ppm", true, RATES, 0, MS_8, ["AAI", "VVI", "DDD"]],
  [
    "rateSmoothingPercent",
    "Rate smoothing",
    "%",
    true,
    [range(3, 21, 3), range(25, 25, 1)],
    0,
    { value: 1, unit: "%" },
    ["AAI", "VVI", "VDD", "DDD"],
  ],
  ["atrMode", "Atrial tachycardia response (ATR)", "", true, [range(1, 1, 1)], 0, undefined, TRACKING],
  [
    "atrDurationCycles",
    "ATR duration",
    "cycles",
    false,
    [range(10, 10, 1), range(20, 80, 20), range(100, 2000, 100)],
    20,
    ONE_CYCLE,
    TRACKING,
  ],
  ["atrFallbackMinutes", "ATR fallback time", "min", false, [range(1, 5, 1)], 1, ONE_CYCLE, TRACKING],
];

export const PARAMETERS: readonly Parameter[] = ROWS.map(
  ([name, label, unit, canBeOff, ranges, nominal, tolerance, modes]) => ({
    name,
    label,
    unit,
    canBeOff,
    ranges,
    nominal,
    tolerance,
    modes,
  }),
);

/** The nominal values, in the nominal mode DDD. */
export const NOMINAL: PacingParameters = ((): PacingParameters => {
  const values: Record<string, Mode | number> = { mode: "DDD" };
  for (const { name, nominal } of PARAMETERS) values[name] = nominal;
  return values as unknown as PacingParameters;
})();
