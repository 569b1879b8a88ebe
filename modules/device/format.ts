/** A stream's format as the journal keeps it: the CBOR of `encodeFormat`. */
import { decode, encode } from "../cbor/index.js";
import { VagusError } from "../error/index.js";
import type { KeptFormat } from "../journal/index.js";
import { decodeFormat, encodeFormat, type StreamFormat } from "../reading/index.js";

export function toKeep(format: StreamFormat): Uint8Array {
  return encode(encodeFormat(format));
}

/** Undefined where the journal could not keep it. */
export function formatOf({ bytes }: KeptFormat): StreamFormat | undefined {
  try {
    return decodeFormat(decode(bytes));
  } catch (error) {
    if (error instanceof VagusError) return undefined;
    throw error;
  }
}
