/**
 * What the journal knows of its streams beside the readings themselves. Each sector begins with it, so that a sector
 * alone, with the entries behind it, is enough to go on from; and so that a reading is sought by halving.
 *
 *   | first generation kept (4) | stream … |
 *   stream  | stream (1) | flags (1) | last (8) | its hash (16) | released (8) | [ format ] | [ lost ] |
 *   format  | since (8) | length (1) | format … |                       of `last`, and the first token that had it
 *   lost    | first (8) | last (8) | its hash (16) | [ format ] |       the format of the last one that is lost
 *
 * A cursor is | boot (4) | sequence (4) |, big-endian; a hash is the first 16 bytes of a token's SHA-256. `flags`: 1
 * something was released, 2 something was lost and nobody was told, 4 the stream has a format, 8 what was lost has one.
 * Journals of before had neither format.
 */
import { equal } from "../bytes/index.js";
import { PREV_LENGTH } from "../reading/claims.js";
import type { Cursor } from "../reading/index.js";
import { after, order } from "./cursor.js";
import { putUint32, uint32 } from "./entry.js";

/** Streams that a journal keeps. */
export const STREAMS_MAX = 4;

export const FORMAT_MAX = 48;
/** The format of which nothing is kept. */
export const UNKNOWN = new Uint8Array(0);

/** What readings are made of, as whoever appends them says it. */
export interface KeptFormat {
  /** None where it was longer than is kept, or the token that brought it has rotted. */
  readonly bytes: Uint8Array;
  /** The first token that had it, and all behind that one have. */
  readonly since: Cursor;
}

/** What went without ever having been released. */
export interface Lost {
  readonly first: Cursor;
  readonly last: Cursor;
  readonly lastHash: Uint8Array;
  /** That of the last one; undefined where nobody can say. */
  readonly format: KeptFormat | undefined;
}

export interface StreamState {
  readonly stream: number;
  /** The newest entry, and the first 16 bytes of its token's SHA-256. */
  last: Cursor;
  lastHash: Uint8Array;
  format: KeptFormat | undefined;
  /** Entries up to this one are gone. */
  released: Cursor | undefined;
  lost: Lost | undefined;
}

/** A stream of which there is nothing as yet. */
export function begin(stream: number): StreamState {
  const nothing = { boot: 0, sequence: 0 };
  return {
    stream,
    last: nothing,
    lastHash: NO_HASH,
    format: undefined,
    released: undefined,
    lost: undefined,
  };
}

/** There is a token more. @param format where it begins with one */
export function advance(
  known: StreamState,
  last: Cursor,
  lastHash: Uint8Array,
  format: Uint8Array | undefined,
): void {
  known.last = last;
  known.lastHash = lastHash;
  if (format === undefined) return;
  if (known.format === undefined || !equal(known.format.bytes, format))
    known.format = { bytes: format, since: last };
}

export interface State {
  /** The first generation of sectors that is kept. */
  readonly tail: number;
  readonly streams: readonly StreamState[];
}

const NO_HASH = new Uint8Array(PREV_LENGTH);
const FLAG = { released: 1, lost: 2, format: 4, lostFormat: 8 } as const;
const TAIL = 4;
const STREAM = 2 + 8 + PREV_LENGTH + 8;
const LOST = 8 + 8 + PREV_LENGTH;
const FORMAT = 8 + 1;

/** The longest state of all. */
export const STATE_MAX = TAIL + STREAMS_MAX * (STREAM + LOST + 2 * (FORMAT + FORMAT_MAX));

export function encodeState({ tail, streams }: State): Uint8Array {
  const bytes = new Uint8Array(STATE_MAX);
  putUint32(bytes, 0, tail);
  let at = TAIL;
  for (const { stream, last, lastHash, released, format, lost } of streams) {
    bytes[at] = stream;
    bytes[at + 1] =
      (released === undefined ? 0 : FLAG.released) |
      (lost === undefined ? 0 : FLAG.lost) |
      (format === undefined ? 0 : FLAG.format) |
      (lost?.format === undefined ? 0 : FLAG.lostFormat);
    putCursor(bytes, at + 2, last);
    bytes.set(lastHash, at + 10);
    if (released !== undefined) putCursor(bytes, at + 10 + PREV_LENGTH, released);
    at = putFormat(bytes, at + STREAM, format);
    if (lost === undefined) continue;
    putCursor(bytes, at, lost.first);
    putCursor(bytes, at + 8, lost.last);
    bytes.set(lost.lastHash, at + 16);
    at = putFormat(bytes, at + LOST, lost.format);
  }
  return bytes.subarray(0, at);
}

/** Undefined for what `encodeState` did not make. */
export function decodeState(bytes: Uint8Array): State | undefined {
  const streams: StreamState[] = [];
  let at = TAIL;
  while (at + STREAM <= bytes.length && streams.length < STREAMS_MAX) {
    const flags = bytes[at + 1];
    const before = at;
    at += STREAM;
    const format = flags & FLAG.format ? formatAt(bytes, at) : undefined;
    if (format !== undefined) at += FORMAT + bytes[at + 8]; // what it says: it may be cut
    const lost = flags & FLAG.lost ? lostAt(bytes, at, (flags & FLAG.lostFormat) !== 0) : undefined;
    if (lost !== undefined) at += LOST;
    if (lost?.format !== undefined) at += FORMAT + bytes[at + 8];
    if (at > bytes.length) return undefined;
    streams.push({
      stream: bytes[before],
      last: cursorAt(bytes, before + 2),
      lastHash: bytes.slice(before + 10, before + 10 + PREV_LENGTH),
      format,
      released: flags & FLAG.released ? cursorAt(bytes, before + 10 + PREV_LENGTH) : undefined,
      lost,
    });
  }
  return at === bytes.length ? { tail: uint32(bytes, 0), streams } : undefined;
}

/** What is left to be told when everything up to `upTo` was. */
export function untold(lost: Lost | undefined, upTo: Cursor): Lost | undefined {
  if (lost === undefined || order(lost.last, upTo) <= 0) return undefined;
  return order(lost.first, upTo) > 0 ? lost : { ...lost, first: after(upTo) };
}

export function encodeCursor(cursor: Cursor): Uint8Array {
  const bytes = new Uint8Array(8);
  putCursor(bytes, 0, cursor);
  return bytes;
}

export function cursorAt(bytes: Uint8Array, at: number): Cursor {
  return { boot: uint32(bytes, at), sequence: uint32(bytes, at + 4) };
}

function putCursor(bytes: Uint8Array, at: number, { boot, sequence }: Cursor): void {
  putUint32(bytes, at, boot);
  putUint32(bytes, at + 4, sequence);
}

function lostAt(bytes: Uint8Array, at: number, hasFormat: boolean): Lost {
  return {
    first: cursorAt(bytes, at),
    last: cursorAt(bytes, at + 8),
    lastHash: bytes.slice(at + 16, at + 16 + PREV_LENGTH),
    format: hasFormat ? formatAt(bytes, at + LOST) : undefined,
  };
}

/** @returns where it ends */
function putFormat(bytes: Uint8Array, at: number, format: KeptFormat | undefined): number {
  if (format === undefined) return at;
  putCursor(bytes, at, format.since);
  bytes[at + 8] = format.bytes.length;
  bytes.set(format.bytes, at + FORMAT);
  return at + sizeOf(format);
}

function formatAt(bytes: Uint8Array, at: number): KeptFormat {
  const begin = at + FORMAT;
  return { since: cursorAt(bytes, at), bytes: bytes.slice(begin, begin + bytes[at + 8]) };
}

function sizeOf(format: KeptFormat | undefined): number {
  return format === undefined ? 0 : FORMAT + format.bytes.length;
}
