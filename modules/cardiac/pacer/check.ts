/** Which sets of parameters may be programmed: each value by the table, then the values beside each other. */
import { VagusError } from "../../error/index.js";
import { PARAMETERS, type Parameter, type ParameterName, type Range } from "./parameters.js";
import { intervalMs } from "./timing.js";
import { MODES, type PacingParameters } from "./types.js";

export interface Violation {
  /** The parameters that it takes to see it; whoever changes one of them may mend it. */
  readonly parameters: readonly (keyof PacingParameters)[];
  /** What came and the limit that it broke, with units. */
  readonly message: string;
}

/** No sensed AV delay is shorter: the least that the specification gives a dynamic AV delay. */
const SHORTEST_AV_MS = 30;

function within(value: number, { from, to, step }: Range): boolean {
  return value >= from && value <= to && (value - from) % step === 0;
}

/** The values that a parameter may have: "30 to 50 by 5, 50 to 90 by 1, 90 to 175 by 5 ppm, or 0 (off)". */
export function describeRanges({ ranges, unit, canBeOff }: Parameter): string {
  const parts = ranges.map(({ from, to, step }) => (from === to ? `${from}` : `${from} to ${to} by ${step}`));
  return `${parts.join(", ")}${unit && ` ${unit}`}${canBeOff ? ", or 0 (off)" : ""}`;
}

/** Whether one value is in its ranges. */
export function inRange(parameter: Parameter, value: unknown): value is number {
  if (typeof value !== "number") return false;
  return (parameter.canBeOff && value === 0) || parameter.ranges.some((range) => within(value, range));
}

function outOfRange(parameters: PacingParameters): Violation[] {
  const found: Violation[] = [];
  if (!MODES.includes(parameters.mode))
    found.push({ parameters: ["mode"], message: `mode: expected one of ${MODES.join(", ")}` });
  for (const parameter of PARAMETERS) {
    const value: unknown = parameters[parameter.name];
    if (inRange(parameter, value)) continue;
    const came = typeof value === "number" ? value : typeof value;
    found.push({
      parameters: [parameter.name],
      message: `${parameter.name}: expected ${describeRanges(parameter)}, came ${came}`,
    });
  }
  return found;
}

/**
 * Each value is in range here. Limits on AV delay and refractory periods keep a window in which the atrium and the
 * ventricle can be sensed before the next pace at the upper rate.
 */
function conflicts(p: PacingParameters): Violation[] {
  const { mode } = p;
  const found: Violation[] = [];
  const limit = (kept: boolean, parameters: readonly (keyof PacingParameters)[], message: string): void => {
    if (!kept) found.push({ parameters, message: `${message} (mode ${mode})` });
  };
  const used = (name: ParameterName): boolean =>
    PARAMETERS.some((parameter) => parameter.name === name && parameter.modes.includes(mode));
  const lriMs = intervalMs(p.lowerRateLimitPpm);
  const uriMs = intervalMs(p.upperRateLimitPpm);

  if (used("lowerRateLimitPpm"))
    limit(
      p.lowerRateLimitPpm <= p.upperRateLimitPpm,
      ["lowerRateLimitPpm", "upperRateLimitPpm"],
      `lower rate limit ${p.lowerRateLimitPpm} ppm is above the upper rate limit ${p.upperRateLimitPpm} ppm`,
    );
  if (used("hysteresisRateLimitPpm"))
    limit(
      p.hysteresisRateLimitPpm <= p.lowerRateLimitPpm,
      ["hysteresisRateLimitPpm", "lowerRateLimitPpm"],
      `hysteresis rate limit ${p.hysteresisRateLimitPpm} ppm is above the lower rate limit ${p.lowerRateLimitPpm} ppm`,
    );
  if (used("pvarpMs")) {
    const tarpMs = p.avDelayMs + p.pvarpMs;
    limit(
      tarpMs <= uriMs,
      ["avDelayMs", "pvarpMs", "upperRateLimitPpm"],
      `AV delay and PVARP are ${tarpMs} ms, above the interval of the upper rate limit, ${uriMs} ms`,
    );
    limit(
      tarpMs + p.pvarpExtensionMs <= lriMs,
      ["avDelayMs", "pvarpMs", "pvarpExtensionMs", "lowerRateLimitPpm"],
      `AV delay, PVARP and its extension are ${tarpMs + p.pvarpExtensionMs} ms, above the interval of the lower rate limit, ${lriMs} ms`,
    );
  }
  if (used("sensedAvDelayOffsetMs"))
    limit(
      p.avDelayMs + p.sensedAvDelayOffsetMs >= SHORTEST_AV_MS,
      ["sensedAvDelayOffsetMs", "avDelayMs"],
      `sensed AV delay is ${p.avDelayMs + p.sensedAvDelayOffsetMs} ms, below ${SHORTEST_AV_MS} ms`,
    );
  if (used("vrpMs"))
    limit(
      p.vrpMs <= uriMs,
      ["vrpMs", "upperRateLimitPpm"],
      `VRP ${p.vrpMs} ms is above the interval of the upper rate limit, ${uriMs} ms`,
    );
  if (used("arpMs"))
    limit(
      p.arpMs <= uriMs,
      ["arpMs", "upperRateLimitPpm"],
      `ARP ${p.arpMs} ms is above the interval of the upper rate limit, ${uriMs} ms`,
    );
  if (used("atrialAmplitudeMv"))
    limit(
      p.atrialAmplitudeMv > 0,
      ["atrialAmplitudeMv", "mode"],
      "atrial amplitude is off in a mode that paces the atrium",
    );
  if (used("ventricularAmplitudeMv"))
    limit(
      p.ventricularAmplitudeMv > 0,
      ["ventricularAmplitudeMv", "mode"],
      "ventricular amplitude is off in a mode that paces the ventricle",
    );
  return found;
}

/** All that is wrong with a set of parameters; conflicts are looked for when every value is in range. */
export function findViolations(parameters: PacingParameters): Violation[] {
  const found = outOfRange(parameters);
  return found.length > 0 ? found : conflicts(parameters);
}

/** @throws VagusError `cardiac/parameter` with the first limit that is broken, and how many more are */
export function checkParameters(parameters: PacingParameters): void {
  const [first, ...more] = findViolations(parameters);
  if (first === undefined) return;
  throw new VagusError(
    "cardiac/parameter",
    `${first.message}${more.length > 0 ? `, and ${more.length} more` : ""}`,
  );
}
