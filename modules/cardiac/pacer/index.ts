export { checkParameters, describeRanges, findViolations, inRange, type Violation } from "./check.js";
export {
  NOMINAL,
  PARAMETERS,
  type Parameter,
  type ParameterName,
  type Range,
  type Unit,
} from "./parameters.js";
export { createPacer, type PacerState, parametersInForce } from "./state.js";
export { pacerStep } from "./step.js";
export { MAGNET_RATES_PPM, PACE_NOW } from "./therapy.js";
export * from "./types.js";
export { parametersFromNumbers, parametersToNumbers } from "./wire.js";
