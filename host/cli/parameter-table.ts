/** Pacing parameters as a table, and the words of `--set`. */
import {
  describeRanges,
  MODES,
  PARAMETERS,
  type PacingParameters,
  type ParameterName,
} from "../../modules/cardiac/pacer/index.js";
import { UsageError } from "./usage.js";

/**
 * A line each: what it is called here, its value, what it may be; those that the mode does not use are marked.
 * @param next what it is to become, where that is something
 */
export function parameterTable(now: PacingParameters, next: PacingParameters = now): string[] {
  const rows = [
    { name: "mode", value: now.mode, next: next.mode, limits: MODES.join(", "), used: true },
    ...PARAMETERS.map((parameter) => ({
      name: parameter.name,
      value: withUnit(now[parameter.name], parameter.unit, parameter.canBeOff),
      next: withUnit(next[parameter.name], parameter.unit, parameter.canBeOff),
      limits: describeRanges(parameter),
      used: parameter.modes.includes(next.mode),
    })),
  ];
  const values = rows.map(({ value, next: to }) => (value === to ? value : `${value} -> ${to}`));
  const width = Math.max(...values.map(({ length }) => length));
  return rows.map(
    ({ name, limits, used }, row) =>
      `  ${used ? " " : "·"} ${name.padEnd(25)} ${(values[row] as string).padEnd(width)}  ${limits}`,
  );
}

function withUnit(value: number, unit: string, canBeOff: boolean): string {
  return canBeOff && value === 0 ? "off" : `${value}${unit && ` ${unit}`}`;
}

/** `name=value` after `name=value`, on what is there. Whether the values may be is for the device, and the table, to say. */
export function changed(parameters: PacingParameters, settings: readonly string[]): PacingParameters {
  const next: Record<string, unknown> = { ...parameters };
  for (const setting of settings) {
    const [name = "", value, ...more] = setting.split("=");
    if (value === undefined || more.length > 0)
      throw new UsageError(`--set: expected NAME=VALUE, came ${setting}`);
    next[knownName(name)] = name === "mode" ? oneMode(value) : toNumber(name, value);
  }
  return next as unknown as PacingParameters;
}

function knownName(name: string): ParameterName | "mode" {
  const names: (ParameterName | "mode")[] = ["mode", ...PARAMETERS.map((parameter) => parameter.name)];
  const found = names.find((known) => known === name);
  if (found !== undefined) return found;
  throw new UsageError(`--set: expected one of ${names.join(", ")}, came ${name || "nothing"}`);
}

function oneMode(value: string): string {
  if ((MODES as readonly string[]).includes(value)) return value;
  throw new UsageError(`--set mode: expected ${MODES.join(", ")}, came ${value || "nothing"}`);
}

/** Off is 0. */
function toNumber(name: string, value: string): number {
  const number = value === "off" ? 0 : Number(value);
  if (value.trim() !== "" && Number.isInteger(number)) return number;
  throw new UsageError(`--set ${name}: expected a whole number or off, came ${value || "nothing"}`);
}
