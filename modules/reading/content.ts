/** What is in a reading's block, by the stream that it is of; and where what comes behind it begins. */
import { decodeBlock, decodeMarkers } from "../cardiac/codec/index.js";
import { VagusError } from "../error/index.js";
import type { EcgContent, MarkerContent, StateContent } from "./accepted.js";
import { STREAM, type StreamFormat } from "./claims.js";
import { decodeDeviceState } from "./state.js";

export type Content = EcgContent | MarkerContent | StateContent;

/** @throws VagusError `cardiac/malformed`, `reading/malformed`, `cbor/…`; `reading/order` for a stream that there is not */
export function decodeContent(
  stream: number,
  block: Uint8Array,
  firstSample: number,
  format: StreamFormat,
): Content {
  if (stream === STREAM.ecg) {
    const channels = decodeBlock(block, format.channels.length);
    return { stream, firstSample, nextSample: firstSample + channels[0].length, channels };
  }
  if (stream === STREAM.pacing) {
    const { endMs, markers, inForce } = decodeMarkers(block, firstSample);
    const parameters = inForce[inForce.length - 1]?.parameters;
    return { stream, firstSample, nextSample: endMs, markers, inForce, parameters };
  }
  if (stream === STREAM.state) {
    const { spanMs, state } = decodeDeviceState(block);
    return { stream, firstSample, nextSample: firstSample + spanMs, state };
  }
  throw new VagusError("reading/order", `expected a stream with blocks, came ${stream}`);
}
