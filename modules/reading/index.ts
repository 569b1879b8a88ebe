export { type ChainMark, RESERVED, readChain, writeChain } from "./chain-record.js";
export * from "./claims.js";
export * from "./declarations.js";
export type { Hole } from "./holes.js";
export * from "./verifier.js";
export * from "./writer.js";
