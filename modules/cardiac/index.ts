export { decodeBlock, encodeBlock, MAX_CHANNELS, MAX_SAMPLES } from "./codec/index.js";
export { type ByteReader, RecordedSource } from "./recorded.js";
export { type EcgBlock, type EcgFormat, type EcgSensor, PacedSensor, type SampleSource } from "./sensor.js";
export { type HeartEvent, type Rhythm, SinusRhythm } from "./synthetic/rhythm.js";
export { type SyntheticOptions, SyntheticSource } from "./synthetic/source.js";
