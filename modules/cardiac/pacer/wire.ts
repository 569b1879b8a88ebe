/** Parameters as they travel and are stored: the mode's index in `MODES`, then every value in the order of the table. */
import { VagusError } from "../../error/index.js";
import { checkParameters } from "./check.js";
import { PARAMETERS } from "./parameters.js";
import { MODES, type PacingParameters } from "./types.js";

/** 21 whole numbers. */
export function parametersToNumbers(parameters: PacingParameters): number[] {
  return [MODES.indexOf(parameters.mode), ...PARAMETERS.map(({ name }) => parameters[name])];
}

/** @throws VagusError `cardiac/parameter` unless these are the numbers of a set that may be programmed */
export function parametersFromNumbers(numbers: readonly number[]): PacingParameters {
  if (numbers.length !== PARAMETERS.length + 1)
    throw new VagusError(
      "cardiac/parameter",
      `expected ${PARAMETERS.length + 1} numbers, came ${numbers.length}`,
    );
  const values: Record<string, unknown> = { mode: MODES[numbers[0]!] };
  for (const [index, { name }] of PARAMETERS.entries()) values[name] = numbers[index + 1];
  const parameters = values as unknown as PacingParameters;
  checkParameters(parameters);
  return parameters;
}
