export { decodeBlock } from "./decode.js";
export { encodeBlock } from "./encode.js";
export { MAX_CHANNELS, MAX_SAMPLES } from "./format.js";
