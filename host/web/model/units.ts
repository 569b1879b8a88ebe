/** Parameters in the units that clinicians use: V, ms, mV in place of mV, µs, µV. */
import {
  PARAMETERS,
  type Parameter,
  type ParameterName,
  type Unit,
} from "../../../modules/cardiac/pacer/index.js";

interface Shown {
  readonly unit: string;
  /** Of the table's unit. */
  readonly factor: number;
}

const THOUSANDTHS: Partial<Record<Unit, Shown>> = {
  mV: { unit: "V", factor: 1000 },
  µs: { unit: "ms", factor: 1000 },
  µV: { unit: "mV", factor: 1000 },
};

export function parameterNamed(name: ParameterName): Parameter {
  return PARAMETERS.find((parameter) => parameter.name === name) as Parameter;
}

export function shownUnit({ unit }: Parameter): string {
  return THOUSANDTHS[unit]?.unit ?? unit;
}

function factorOf({ unit }: Parameter): number {
  return THOUSANDTHS[unit]?.factor ?? 1;
}

const MINUS = "−";

/** A value as it is shown, without its unit: "3.5", "off", "on". */
export function shownValue(parameter: Parameter, value: number): string {
  if (parameter.name === "atrMode") return value === 1 ? "on" : "off";
  if (value === 0 && parameter.canBeOff) return "off";
  return `${value / factorOf(parameter)}`.replace("-", MINUS);
}

/** "3.5 V", "off". */
export function withUnit(parameter: Parameter, value: number): string {
  const shown = shownValue(parameter, value);
  const unit = shownUnit(parameter);
  return shown === "off" || shown === "on" || unit === "" ? shown : `${shown} ${unit}`;
}

/** What was typed, in the table's unit; NaN for what is no number. */
export function typedValue(parameter: Parameter, text: string): number {
  const word = text.trim().toLowerCase().replace(MINUS, "-").replace(",", ".");
  if (word === "off" && parameter.canBeOff) return 0;
  if (word === "on" && parameter.name === "atrMode") return 1;
  if (!/^-?\d+(\.\d+)?$/.test(word)) return Number.NaN;
  return Math.round(Number(word) * factorOf(parameter) * 1000) / 1000;
}

/** Every value that the parameter may have, rising. */
export function allowedValues({ ranges, canBeOff }: Parameter): number[] {
  const values = new Set<number>(canBeOff ? [0] : []);
  for (const { from, to, step } of ranges)
    for (let value = from; value <= to; value += step) values.add(value);
  return [...values].sort((a, b) => a - b);
}

/** The next allowed value above or below one that need not be allowed itself. */
export function neighbour(parameter: Parameter, value: number, up: boolean): number {
  const values = allowedValues(parameter);
  const next = up ? values.find((it) => it > value) : values.reverse().find((it) => it < value);
  if (next !== undefined) return next;
  return Number.isNaN(value) ? parameter.nominal : value;
}

/** "30 to 50 by 5, 50 to 90 by 1, 90 to 175 by 5 ppm, or off": as `describeRanges`, in the units that are shown. */
export function shownRanges(parameter: Parameter): string {
  if (parameter.name === "atrMode") return "on or off";
  const factor = factorOf(parameter);
  const number = (value: number) => `${value / factor}`.replace("-", MINUS);
  const parts = parameter.ranges.map(({ from, to, step }) =>
    from === to ? number(from) : `${number(from)} to ${number(to)} by ${number(step)}`,
  );
  const unit = shownUnit(parameter);
  return `${parts.join(", ")}${unit && ` ${unit}`}${parameter.canBeOff ? ", or off" : ""}`;
}
