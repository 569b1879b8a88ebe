/**
 * The strict pass over CBOR bytes that goes before every decode: deterministic encoding (RFC 8949 section 4.2.1),
 * limits, UTF-8. It never recurses, allocates nothing that the input's lengths name and skips over byte strings.
 */
import { toHex } from "../bytes/index.js";
import { VagusError } from "../error/index.js";
import { isShortestFloat } from "./float.js";
import { findBadUtf8 } from "./utf8.js";
import {
  type CborOptions,
  DEPTH_CEILING,
  isInterpretedByCborX,
  MAX_DEPTH,
  MAX_SIZE,
  MAX_TEXT,
} from "./value.js";

/** Where an item ends, and whether it holds integers of 64 bits, which may have to become numbers. */
export interface Scan {
  end: number;
  wide: boolean;
}

/**
 * Checks one item that starts at `from`; what follows it is not looked at.
 * @throws VagusError `cbor/…` with the byte offset.
 */
export function scan(bytes: Uint8Array, from: number, options: CborOptions): Scan {
  const size = bytes.length;
  if (size > (options.maxSize ?? MAX_SIZE)) {
    throw new VagusError("cbor/too-large", `at most ${options.maxSize ?? MAX_SIZE} bytes, came ${size}`);
  }
  const maxDepth = Math.min(options.maxDepth ?? MAX_DEPTH, DEPTH_CEILING);
  let at = from;
  let wide = false;
  let outside = true; // nothing but tags so far

  // The array, map or tag whose items are being read. In a map `left` counts keys and values: even before a key.
  let left = 1;
  let inMap = false;
  let strict = options.deterministic !== false;
  let keyAt = 0;
  let lastAt = -1; // the key before, in a strict map
  let lastEnd = 0;
  let seen: Set<string> | undefined; // the keys before, in one that is not
  const outer: number[] = []; // the same of those around it, five numbers each
  const outerSeen: (Set<string> | undefined)[] = [];

  for (;;) {
    const isKey = inMap && (left & 1) === 0;
    if (isKey) keyAt = at;
    const start = at;
    if (at >= size) throw truncated(at, "an item");

    // 765 43210
    // mmm iiiii [argument: 1, 2, 4, 8 bytes where i is 24, 25, 26, 27]
    const initial = bytes[at++];
    const major = initial >> 5;
    const info = initial & 31;
    let argument = info;
    if (info > 23) {
      if (info > 27) {
        if (info < 31) throw new VagusError("cbor/reserved", `additional information ${info}`, start);
        throw new VagusError("cbor/indefinite", "expected a definite length", start);
      }
      const width = 1 << (info - 24);
      if (width > size - at) throw truncated(at, `an argument of ${width} bytes`);
      if (width === 1) argument = bytes[at];
      else if (width === 2) argument = (bytes[at] << 8) | bytes[at + 1];
      else {
        argument = uint32(bytes, at);
        if (width === 8) argument = argument * 0x100000000 + uint32(bytes, at + 4);
      }
      at += width;
      if (major < 7) {
        if (argument < SHORTEST[info - 24] && (strict || isKey)) {
          throw new VagusError("cbor/not-shortest", `${argument} in ${width} bytes`, start);
        }
        if (width === 8 && major < 2) wide = true;
      }
    }

    let items = 0;
    if (major !== 6) outside = false;
    if (major === 2 || major === 3) {
      if (argument > size - at) throw truncated(at, `a string of ${argument} bytes`);
      if (major === 3) checkText(bytes, at, argument, options.maxText ?? MAX_TEXT);
      at += argument;
    } else if (major === 7) {
      checkSimple(bytes, start, info, strict || isKey, options.floats === true && !isKey);
    } else if (major > 3) {
      if (outer.length === 5 * maxDepth) {
        throw new VagusError("cbor/too-deep", `at most ${maxDepth} levels`, start);
      }
      if (major === 6) {
        checkTag(argument, start, outside);
        items = 1;
      } else items = major === 5 ? 2 * argument : argument;
      if (items > size - at) throw truncated(at, `${items} items`);
      if (items > 0) {
        outer.push(left, (inMap ? 1 : 0) | (strict ? 2 : 0), keyAt, lastAt, lastEnd);
        strict ||= isKey;
        left = items;
        inMap = major === 5;
        lastAt = -1;
        if (!strict) {
          outerSeen.push(seen);
          seen = inMap ? new Set() : undefined;
        }
        continue;
      }
    }

    // An item is complete, and with it perhaps those that it is the last of.
    for (;;) {
      if (inMap && (left & 1) === 0) {
        if (seen === undefined || strict) {
          if (lastAt >= 0) checkOrder(bytes, lastAt, lastEnd, keyAt, at);
          lastAt = keyAt;
          lastEnd = at;
        } else {
          const key = toHex(bytes.subarray(keyAt, at));
          if (seen.has(key)) throw duplicate(keyAt);
          seen.add(key);
        }
      }
      if (--left > 0) break;
      if (outer.length === 0) return { end: at, wide };
      if (!strict) seen = outerSeen.pop();
      lastEnd = outer.pop()!;
      lastAt = outer.pop()!;
      keyAt = outer.pop()!;
      const flags = outer.pop()!;
      inMap = (flags & 1) !== 0;
      strict = (flags & 2) !== 0;
      left = outer.pop()!;
    }
  }
}

/** The smallest argument that may take 1, 2, 4, 8 bytes. */
const SHORTEST = [24, 0x100, 0x10000, 0x100000000];

function uint32(bytes: Uint8Array, at: number): number {
  return bytes[at] * 0x1000000 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
}

function checkText(bytes: Uint8Array, at: number, length: number, maxText: number): void {
  if (length > maxText)
    throw new VagusError("cbor/too-large", `text of at most ${maxText} bytes, came ${length}`, at);
  const bad = findBadUtf8(bytes, at, at + length);
  if (bad >= 0) throw new VagusError("cbor/utf8", "expected UTF-8 without a byte order mark", bad);
}

function checkSimple(bytes: Uint8Array, start: number, info: number, strict: boolean, floats: boolean): void {
  if (info < 25) {
    if (info < 20 || info === 24) throw new VagusError("cbor/reserved", `simple value ${info}`, start);
    return;
  }
  if (!floats) throw new VagusError("cbor/float", "expected no floating-point number", start);
  if (strict && !isShortestFloat(bytes, start + 1, 1 << (info - 24))) {
    throw new VagusError("cbor/not-shortest", "a floating-point number that fits in fewer bytes", start);
  }
}

/** Tags around the whole item are read by ourselves; within it, cbor-x must leave them alone. */
function checkTag(tag: number, start: number, outside: boolean): void {
  if (tag > 0xffffffff) throw new VagusError("cbor/type", `a tag below 2^32, came ${tag}`, start);
  if (!outside && isInterpretedByCborX(tag)) {
    throw new VagusError("cbor/type", `tag ${tag} inside an item is not supported`, start);
  }
}

/** Bytewise order of two keys (section 4.2.1); no encoding is the beginning of another one. */
function checkOrder(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): void {
  const start = b;
  while (bytes[a] === bytes[b]) {
    a++;
    b++;
    if (a === aEnd || b === bEnd) throw duplicate(start);
  }
  if (bytes[a] > bytes[b]) throw new VagusError("cbor/key-order", "map keys in bytewise order", start);
}

function duplicate(at: number): VagusError {
  return new VagusError("cbor/duplicate-key", "expected every map key once", at);
}

function truncated(at: number, what: string): VagusError {
  return new VagusError("cbor/truncated", `expected ${what}, and the input ends`, at);
}
