/** From values to bytes: checked and put in order, then cbor-x. What comes out always passes the strict pass. */
import { Encoder } from "cbor-x/encode";
import { compare, concat } from "../bytes/index.js";
import { VagusError } from "../error/index.js";
import { isEncodable } from "./utf8.js";
import { type CborValue, isInterpretedByCborX, MAX_DEPTH, Tag } from "./value.js";

const encoder = new Encoder({
  useRecords: false,
  mapsAsObjects: false,
  useTag259ForMaps: false,
  tagUint8Array: false,
  variableMapSize: true,
});
/** cbor-x's RESET_BUFFER_MODE: write from where its shared buffer began, as we copy at once. */
const RESET_BUFFER = 1024;

/**
 * Deterministic CBOR (RFC 8949 section 4.2.1) in an array that owns its buffer. Maps may have any insertion order.
 * @throws VagusError `cbor/type` for what is no `CborValue`, `cbor/float` for a number that is no safe integer,
 *   `cbor/utf8`, `cbor/duplicate-key`, `cbor/too-deep`, `cbor/too-large` for a bigint beyond 64 bits.
 */
export function encode(value: CborValue): Uint8Array {
  return new Uint8Array(encoder.encode(canonical(value, 0, true), RESET_BUFFER));
}

/** Items one after another (RFC 8742). */
export function encodeSequence(...values: CborValue[]): Uint8Array {
  return concat(...values.map(encode));
}

/** The value as cbor-x has to be given it; the same object where nothing has to change. */
function canonical(value: CborValue, depth: number, outside: boolean): CborValue {
  switch (typeof value) {
    case "number":
      return fromNumber(value);
    case "bigint":
      return fromBigint(value);
    case "string":
      if (!isEncodable(value)) {
        throw new VagusError("cbor/utf8", "text without lone surrogates and byte order mark");
      }
      return value;
    case "boolean":
    case "undefined":
      return value;
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (depth >= MAX_DEPTH) throw new VagusError("cbor/too-deep", `at most ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return fromArray(value, depth + 1);
  if (value instanceof Map) return fromMap(value, depth + 1);
  if (value instanceof Tag) return fromTag(value, depth + 1, outside);
  throw new VagusError("cbor/type", "expected a CBOR value, came another object");
}

/** cbor-x writes numbers from 2^32 as floats, but bigints as integers of 8 bytes. */
function fromNumber(value: number): number | bigint {
  if (!Number.isSafeInteger(value))
    throw new VagusError("cbor/float", `expected a safe integer, came ${value}`);
  return value > 0xffffffff || value < -0x100000000 ? BigInt(value) : value;
}

/** cbor-x writes -2^64 as a bignum, so it is refused with what lies beyond. */
function fromBigint(value: bigint): number | bigint {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return fromNumber(number);
  const magnitude = value < 0 ? -value : value;
  if (magnitude >> BigInt(64) > 0) throw new VagusError("cbor/too-large", "an integer beyond ±(2^64 - 1)");
  return value;
}

function fromArray(array: CborValue[], depth: number): CborValue[] {
  let copy: CborValue[] | undefined;
  for (let i = 0; i < array.length; i++) {
    const item = canonical(array[i], depth, false);
    if (item !== array[i]) {
      copy ??= array.slice();
      copy[i] = item;
    }
  }
  return copy ?? array;
}

function fromMap(map: Map<CborValue, CborValue>, depth: number): Map<CborValue, CborValue> {
  const entries: [CborValue, CborValue][] = [];
  let same = true;
  let sorted = true;
  for (const [key, value] of map) {
    const entry: [CborValue, CborValue] = [canonical(key, depth, false), canonical(value, depth, false)];
    same &&= entry[0] === key && entry[1] === value;
    if (entries.length > 0) sorted &&= compareKeys(entries[entries.length - 1][0], entry[0]) < 0;
    entries.push(entry);
  }
  if (sorted) return same ? map : new Map(entries);
  entries.sort((a, b) => compareKeys(a[0], b[0]));
  for (let i = 1; i < entries.length; i++) {
    if (compareKeys(entries[i - 1][0], entries[i][0]) === 0) {
      throw new VagusError("cbor/duplicate-key", "expected every map key once");
    }
  }
  return new Map(entries);
}

/** Bytewise order of the keys' encodings (section 4.2.1), without encoding where both are small integers. */
function compareKeys(a: CborValue, b: CborValue): number {
  if (typeof a === "number" && typeof b === "number") {
    if (a < 0) return b < 0 ? b - a : 1;
    return b < 0 ? -1 : a - b;
  }
  return compare(encode(a), encode(b));
}

function fromTag(tag: Tag, depth: number, outside: boolean): Tag {
  if (!(Number.isInteger(tag.tag) && tag.tag >= 0 && tag.tag <= 0xffffffff)) {
    throw new VagusError("cbor/type", `expected a tag from 0 to 2^32 - 1, came ${tag.tag}`);
  }
  if (!outside && isInterpretedByCborX(tag.tag)) {
    throw new VagusError("cbor/type", `tag ${tag.tag} inside an item is not supported`);
  }
  const value = canonical(tag.value, depth, outside);
  return value === tag.value ? tag : new Tag(value, tag.tag);
}
