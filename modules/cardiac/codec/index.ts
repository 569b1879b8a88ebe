export { decodeBlock } from "./decode.js";
export { encodeBlock } from "./encode.js";
export { MAX_CHANNELS, MAX_SAMPLES } from "./format.js";
export {
  decodeMarkers,
  encodeMarkers,
  type InForce,
  MAX_IN_FORCE,
  MAX_MARKERS,
  MAX_SPAN_MS,
  type MarkerBlock,
} from "./markers.js";
