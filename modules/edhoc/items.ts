/**
 * EDHOC's messages and plaintexts are CBOR sequences (RFC 8742). They are cut into items without decoding them, so
 * that transcripts and MACs cover the very bytes that came. Encoding is deterministic (RFC 9528 section 3.1), which
 * here includes the order of an ID_CRED's labels, although section 3.5.3 leaves that open.
 */
import { encode } from "../cbor/index.js";
import { scan } from "../cbor/strict.js";
import { VagusError } from "../error/index.js";

/** What a message may have at most; KEYSTREAM_2 would reach to 8160. */
export const MESSAGE_MAX = 4096;

const MAJOR = { uint: 0, negative: 1, bytes: 2, array: 4, map: 5 } as const;

/** The items of a sequence, each a view of `bytes`. @throws VagusError `cbor/…` with the byte offset */
export function splitItems(bytes: Uint8Array): Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { end } = scan(bytes, at, { maxSize: MESSAGE_MAX });
    items.push(bytes.subarray(at, end));
    at = end;
  }
  return items;
}

function majorOf(item: Uint8Array | undefined): number {
  return item === undefined ? -1 : item[0] >> 5;
}

export function isBytes(item: Uint8Array | undefined): item is Uint8Array {
  return majorOf(item) === MAJOR.bytes;
}

export function isInt(item: Uint8Array | undefined): item is Uint8Array {
  return majorOf(item) === MAJOR.uint || majorOf(item) === MAJOR.negative;
}

export function isMap(item: Uint8Array | undefined): item is Uint8Array {
  return majorOf(item) === MAJOR.map;
}

/** The content of a byte string, a view. @throws VagusError `edhoc/malformed` */
export function bytesIn(item: Uint8Array | undefined, field: string, length?: number): Uint8Array {
  if (!isBytes(item)) throw malformed(`${field}: expected a byte string, came something else`);
  const info = item[0] & 31;
  const content = item.subarray(1 + (info < 24 ? 0 : 1 << (info - 24)));
  if (length !== undefined && content.length !== length) {
    throw malformed(`${field}: expected ${length} bytes, came ${content.length}`);
  }
  return content;
}

/** A message that is one byte string. @throws VagusError `edhoc/malformed`, `cbor/…` */
export function onlyBytes(message: Uint8Array, field: string): Uint8Array {
  const items = splitItems(message);
  if (items.length !== 1) throw malformed(`${field}: expected 1 item, came ${items.length}`);
  return bytesIn(items[0], field);
}

// h'00' to h'17' and h'20' to h'37' travel as the integers that those bytes are; every other one as a byte string.
/** A connection identifier or a compact kid (section 3.3.2). */
export function encodeIdentifier(identifier: Uint8Array): Uint8Array {
  return isOneByteInt(identifier) ? identifier.slice() : encode(identifier);
}

/** The other way, and never both ways. @throws VagusError `edhoc/malformed` */
export function decodeIdentifier(item: Uint8Array | undefined, field: string): Uint8Array {
  if (isInt(item)) {
    if (item.length === 1) return item.slice();
    throw malformed(`${field}: expected an integer from -24 to 23, came another`);
  }
  const identifier = bytesIn(item, field).slice();
  if (isOneByteInt(identifier)) throw malformed(`${field}: expected an integer, came a byte string of 1`);
  return identifier;
}

function isOneByteInt(identifier: Uint8Array): boolean {
  return identifier.length === 1 && identifier[0] < 0x40 && (identifier[0] & 31) < 24;
}

export function malformed(detail: string): VagusError {
  return new VagusError("edhoc/malformed", detail);
}
