export {
  decodeBlock,
  decodeMarkers,
  encodeBlock,
  encodeMarkers,
  type InForce,
  MAX_CHANNELS,
  MAX_SAMPLES,
  type MarkerBlock,
} from "./codec/index.js";
export {
  type Disturbances,
  ECG_LEADS,
  Ecg,
  type EcgLead,
  type EcgOptions,
  NONE,
  QUIET,
  R_PEAK_MS,
  type SyntheticOptions,
  SyntheticSource,
} from "./ecg/index.js";
export {
  type Chamber,
  type Depolarisation,
  Heart,
  type HeartOptions,
  type Origin,
  RHYTHM_NAMES,
  RHYTHMS,
  type RhythmName,
} from "./heart/index.js";
export type { Implant, Instruction, Observer } from "./implant.js";
export { PacedHeart, type PacedHeartOptions, simulatedPatient } from "./paced/index.js";
export type { BatteryStatus, Marker, Mode, PacingParameters } from "./pacer/index.js";
export { MODES, NOMINAL, parametersFromNumbers, parametersToNumbers } from "./pacer/index.js";
export { type ByteReader, RecordedSource } from "./recorded.js";
export { type EcgBlock, type EcgFormat, type EcgSensor, PacedSensor, type SampleSource } from "./sensor.js";
