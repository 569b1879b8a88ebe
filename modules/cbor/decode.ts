/** From bytes to values: the strict pass, then cbor-x. */
import { Decoder } from "cbor-x/decode";
import { VagusError } from "../error/index.js";
import { scan } from "./strict.js";
import { type CborOptions, type CborValue, Tag } from "./value.js";

// Of the settings: maps keep their keys' types, and no extension of cbor-x (records, shared structures) is on.
const decoder = new Decoder({ useRecords: false, mapsAsObjects: false, useTag259ForMaps: false });

/**
 * One item, and nothing after it. Byte strings are views of `bytes`: copy what outlives it.
 * @throws VagusError `cbor/…` with the byte offset.
 */
export function decode(bytes: Uint8Array, options: CborOptions = {}): CborValue {
  const { end, wide } = scan(bytes, 0, options);
  checkEnd(bytes, end);
  return read(bytes, 0, end, wide);
}

/** Items one after another (RFC 8742), perhaps none. The limits hold for the whole. */
export function decodeSequence(bytes: Uint8Array, options: CborOptions = {}): CborValue[] {
  const values: CborValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { end, wide } = scan(bytes, at, options);
    values.push(read(bytes, at, end, wide));
    at = end;
  }
  return values;
}

/** Throws what `decode` would. */
export function check(bytes: Uint8Array, options: CborOptions = {}): void {
  checkEnd(bytes, scan(bytes, 0, options).end);
}

function checkEnd(bytes: Uint8Array, end: number): void {
  if (end !== bytes.length) throw new VagusError("cbor/trailing", "expected nothing after the item", end);
}

/** The item between `from` and `end`, which has passed the strict pass. */
function read(bytes: Uint8Array, from: number, end: number, wide: boolean): CborValue {
  const initial = bytes[from];
  if (initial >> 5 === 6) {
    const info = initial & 31;
    const width = info < 24 ? 0 : 1 << (info - 24);
    let tag = info < 24 ? info : 0;
    for (let i = 1; i <= width; i++) tag = tag * 256 + bytes[from + i];
    return new Tag(read(bytes, from + 1 + width, end, wide), tag);
  }
  // A view of our own: cbor-x hangs a DataView on what it is given, and Node's Buffers would beget Buffers.
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset + from, end - from);
  const value = decoder.decode(view) as CborValue;
  return wide ? narrow(value) : value;
}

/** Integers that cbor-x made bigints because they took 8 bytes, as numbers where they are below 2^53. */
function narrow(value: CborValue): CborValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(narrow);
  if (value instanceof Map) {
    const map = new Map<CborValue, CborValue>();
    for (const [key, entry] of value) map.set(narrow(key), narrow(entry));
    return map;
  }
  return value instanceof Tag ? new Tag(narrow(value.value), value.tag) : value;
}
