/** CBOR data items as JavaScript values, and the limits that hold for them everywhere. */
import { Tag as CborXTag } from "cbor-x/decode";

/** A tagged item (RFC 8949 section 3.4): `new Tag(value, tag)`, the tag below 2^32. */
export const Tag = CborXTag as new (value: CborValue, tag: number) => Tag;
export type Tag = CborXTag<CborValue>;

/**
 * Integers within ±(2^53 - 1) are numbers, those beyond it bigints, in both directions. Simple values are
 * false, true, null and undefined. Maps keep their keys' types.
 */
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Uint8Array
  | CborValue[]
  | Map<CborValue, CborValue>
  | Tag;

/** What one text string may have at most by default: cbor-x takes a slot of XS's stack for each character. */
export const MAX_TEXT = 128;
export const MAX_SIZE = 4096;
/**
 * Levels by default, and in what we write. cbor-x takes 58 slots of XS's stack for each, measured, and a stack
 * overflow cannot be caught; devices have 384 to 512 slots unless their manifest says more.
 */
export const MAX_DEPTH = 8;
/** Levels that a caller may ask for. */
export const DEPTH_CEILING = 16;

export interface CborOptions {
  /** Bytes of input at most; 4096 by default. */
  maxSize?: number;
  /** Bytes of UTF-8 in one text string at most; 128 by default. Hosts may raise it. */
  maxText?: number;
  /** Arrays, maps and tags inside one another at most; 8 by default, and never more than 16. */
  maxDepth?: number;
  /** Allow floating-point numbers, shortest form; not by default. Never as a map key. */
  floats?: boolean;
  /**
   * `false` reads what others signed: map keys in any order, and integers and lengths that are not shortest
   * (in map keys they still are, so that equal keys are equal bytes). Definite lengths, unique keys, UTF-8 and the
   * limits hold all the same.
   */
  deterministic?: boolean;
}

/** Tags that cbor-x reads its own meaning into (dates, references, records, …) and which would not come back as `Tag`. */
export function isInterpretedByCborX(tag: number): boolean {
  if (tag < 30) return tag < 7 || tag === 14 || tag === 15 || tag >= 27;
  if (tag < 216) return tag === 51 || (tag >= 64 && tag <= 87) || tag === 105;
  return tag < 260 || tag >= 27647;
}
