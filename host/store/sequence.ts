/** A CBOR sequence (RFC 8742) in a file, item after item, with no more of it in memory than a piece. */

import type { ByteReader } from "../../modules/cardiac/recorded.js";
import { scan } from "../../modules/cbor/strict.js";
import { VagusError } from "../../modules/error/index.js";

const PIECE = 1 << 16;

export interface SequenceItem {
  readonly bytes: Uint8Array;
  /** Where it begins in the file. */
  readonly at: number;
}

/**
 * @param maxItem bytes of one item at most
 * @param torn told of the bytes of a last item that is not whole, as a power cut leaves one; without it that is an error
 * @throws VagusError `cbor/…` with the byte offset in the file
 */
export function* readSequence(
  file: ByteReader,
  maxItem = 4096,
  torn?: (bytes: number) => void,
): Generator<SequenceItem> {
  let [buffer, start] = [new Uint8Array(0), 0];
  const piece = Math.max(PIECE, 2 * maxItem);
  for (let at = 0; at < file.length; ) {
    const end = start + buffer.length;
    if (end - at < maxItem && end < file.length) {
      buffer = file.read(at, piece).slice();
      start = at;
      if (buffer.length === 0)
        throw new VagusError("cbor/truncated", "expected more of the file, came its end", at);
    }
    const rest = buffer.subarray(at - start, at - start + maxItem);
    let length: number;
    try {
      length = located(at, () => scan(rest, 0, { maxSize: maxItem, maxDepth: 16 })).end;
    } catch (error) {
      const cut =
        error instanceof VagusError && error.code === "cbor/truncated" && file.length - at < maxItem;
      if (torn === undefined || !cut) throw error;
      torn(file.length - at);
      return;
    }
    yield { bytes: rest.slice(0, length), at };
    at += length;
  }
}

/** An error of an item says where in the file it is. */
function located<T>(start: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof VagusError) || error.at === undefined) throw error;
    const detail = error.message.slice(error.code.length + 2).replace(/ \(byte \d+\)$/, "");
    throw new VagusError(error.code, detail, start + error.at);
  }
}
