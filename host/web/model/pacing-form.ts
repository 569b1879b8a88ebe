/**
 * The form of the pacing parameters: what is in force, what is programmed to stay, and what the clinician is about to send.
 * All limits are the device's own, from the one table that it uses itself.
 */
import {
  findViolations,
  inRange,
  MODES,
  type Mode,
  PARAMETERS,
  type PacingParameters,
  type Parameter,
  type ParameterName,
} from "../../../modules/cardiac/pacer/index.js";
import { parameterNamed, shownRanges, shownValue, typedValue, withUnit } from "./units.js";

export interface Group {
  readonly title: string;
  readonly names: readonly ParameterName[];
}

export const GROUPS: readonly Group[] = [
  {
    title: "Rate",
    names: ["lowerRateLimitPpm", "upperRateLimitPpm", "hysteresisRateLimitPpm", "rateSmoothingPercent"],
  },
  { title: "AV conduction", names: ["avDelayMs", "sensedAvDelayOffsetMs"] },
  { title: "Atrium", names: ["atrialAmplitudeMv", "atrialWidthUs", "atrialSensitivityUv", "arpMs"] },
  {
    title: "Ventricle",
    names: [
      "ventricularAmplitudeMv",
      "ventricularWidthUs",
      "ventricularSensitivityUv",
      "vrpMs",
      "ventricularBlankingMs",
    ],
  },
  { title: "After a ventricular event", names: ["pvarpMs", "pvarpExtensionMs"] },
  { title: "Atrial tachycardia", names: ["atrMode", "atrDurationCycles", "atrFallbackMinutes"] },
];

/** What was typed and not sent, by parameter. */
export interface Draft {
  readonly mode: Mode;
  readonly typed: Readonly<Partial<Record<ParameterName, string>>>;
}

export interface Field {
  readonly parameter: Parameter;
  /** As it stands in the form. */
  readonly text: string;
  readonly value: number;
  readonly changed: boolean;
  /** The mode uses it. */
  readonly used: boolean;
  /** Why it may not be so; with the limit. */
  readonly problems: readonly string[];
}

export interface Change {
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

export class PacingForm {
  readonly current: PacingParameters;
  readonly draft: Draft;

  constructor(current: PacingParameters, draft: Draft = { mode: current.mode, typed: {} }) {
    this.current = current;
    this.draft = draft;
  }

  type(name: ParameterName, text: string): PacingForm {
    return new PacingForm(this.current, { ...this.draft, typed: { ...this.draft.typed, [name]: text } });
  }

  choose(mode: Mode): PacingForm {
    return new PacingForm(this.current, { ...this.draft, mode });
  }

  /** As the form has it; NaN where something else than a number was typed. */
  get wanted(): PacingParameters {
    const values: Record<string, Mode | number> = { mode: this.draft.mode };
    for (const parameter of PARAMETERS) values[parameter.name] = this.#value(parameter);
    return values as unknown as PacingParameters;
  }

  field(name: ParameterName): Field {
    const parameter = parameterNamed(name);
    const value = this.#value(parameter);
    return {
      parameter,
      value,
      text: this.draft.typed[name] ?? shownValue(parameter, this.current[name]),
      changed: value !== this.current[name],
      used: parameter.modes.includes(this.draft.mode),
      problems: this.#problems(parameter, value),
    };
  }

  get modeProblems(): readonly string[] {
    return this.#conflicts
      .filter(({ parameters }) => parameters.includes("mode"))
      .map(({ message }) => said(message));
  }

  get changes(): readonly Change[] {
    const { current, wanted } = this;
    const mode = current.mode === wanted.mode ? [] : [{ label: "Mode", from: current.mode, to: wanted.mode }];
    const values = PARAMETERS.filter(({ name }) => current[name] !== wanted[name]).map((parameter) => ({
      label: parameter.label,
      from: withUnit(parameter, current[parameter.name]),
      to: Number.isNaN(wanted[parameter.name]) ? "?" : withUnit(parameter, wanted[parameter.name]),
    }));
    return [...mode, ...values];
  }

  /** May it be sent? */
  get allowed(): boolean {
    return findViolations(this.wanted).length === 0;
  }

  /** How many fields have something wrong. */
  get wrong(): number {
    return PARAMETERS.filter(({ name }) => this.field(name).problems.length > 0).length;
  }

  get #conflicts() {
    return findViolations(this.wanted);
  }

  #value(parameter: Parameter): number {
    const text = this.draft.typed[parameter.name];
    return text === undefined ? this.current[parameter.name] : typedValue(parameter, text);
  }

  #problems(parameter: Parameter, value: number): string[] {
    if (!inRange(parameter, value)) return [`Allowed: ${shownRanges(parameter)}.`];
    return this.#conflicts
      .filter(
        ({ parameters, message }) =>
          parameters.includes(parameter.name) && !message.startsWith(`${parameter.name}:`),
      )
      .map(({ message }) => said(message));
  }
}

/** A violation as a sentence. */
function said(message: string): string {
  return `${message[0]!.toUpperCase()}${message.slice(1).replace(/ \(mode (\w+)\)$/, " in mode $1")}.`;
}

export { MODES };
