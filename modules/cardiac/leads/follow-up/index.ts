export {
  type Measured,
  type MeasurementResult,
  type MeasurementTest,
  startImpedanceTest,
  startWaveTest,
  stepMeasurementTest,
} from "./measurement.js";
export { type RunningTest, runTest } from "./run.js";
export {
  startThresholdTest,
  stepThresholdTest,
  type ThresholdResult,
  type ThresholdTest,
} from "./threshold.js";
export type { Ending, FollowUpStep, Observation } from "./types.js";
