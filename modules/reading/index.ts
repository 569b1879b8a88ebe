export * from "./accepted.js";
export { type ChainMark, RESERVED, readChain, writeChain } from "./chain-record.js";
export * from "./claims.js";
export * from "./declarations.js";
export { DeviceVerifier, type Known } from "./device-verifier.js";
export type { Hole } from "./holes.js";
export { type StreamPosition, StreamVerifier } from "./verifier.js";
export * from "./writer.js";
