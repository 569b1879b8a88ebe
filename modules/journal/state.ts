/**
 * What the journal knows of its streams beside the readings themselves. Each sector begins with it, so that a sector
 * alone, with the entries behind it, is enough to go on from; and so that a reading is sought by halving.
 *
 *   | first generation kept (4) | stream … |
 *   stream  | stream (1) | flags (1) | last (8) | its hash (16) | released (8) | [ first lost (8) | last lost (8) | its hash (16) ] |
 *
 * A cursor is | boot (4) | sequence (4) |, big-endian; a hash is the first 16 bytes of a token's SHA-256. `flags`: 1
 * something was released, 2 something was lost and nobody was told.
 */
import { PREV_LENGTH } from "../reading/claims.js";
import type { Cursor } from "../reading/index.js";
import { after, order } from "./cursor.js";
import { putUint32, uint32 } from "./entry.js";

/** Streams that a journal keeps. */
export const STREAMS_MAX = 4;

/** What went without ever having been released. */
export interface Lost {
  readonly first: Cursor;
  readonly last: Cursor;
  readonly lastHash: Uint8Array;
}

export interface StreamState {
  readonly stream: number;
  /** The newest entry, and the first 16 bytes of its token's SHA-256. */
  last: Cursor;
  lastHash: Uint8Array;
  /** Entries up to this one are gone. */
  released: Cursor | undefined;
  lost: Lost | undefined;
}

export interface State {
  /** The first generation of sectors that is kept. */
  readonly tail: number;
  readonly streams: readonly StreamState[];
}

const FLAG = { released: 1, lost: 2 } as const;
const TAIL = 4;
const STREAM = 2 + 8 + PREV_LENGTH + 8;
const LOST = 8 + 8 + PREV_LENGTH;

/** The longest state of all. */
export const STATE_MAX = TAIL + STREAMS_MAX * (STREAM + LOST);

export function encodeState({ tail, streams }: State): Uint8Array {
  const bytes = new Uint8Array(STATE_MAX);
  putUint32(bytes, 0, tail);
  let at = TAIL;
  for (const { stream, last, lastHash, released, lost } of streams) {
    bytes[at] = stream;
    bytes[at + 1] = (released === undefined ? 0 : FLAG.released) | (lost === undefined ? 0 : FLAG.lost);
    putCursor(bytes, at + 2, last);
    bytes.set(lastHash, at + 10);
    if (released !== undefined) putCursor(bytes, at + 10 + PREV_LENGTH, released);
    at += STREAM;
    if (lost === undefined) continue;
    putCursor(bytes, at, lost.first);
    putCursor(bytes, at + 8, lost.last);
    bytes.set(lost.lastHash, at + 16);
    at += LOST;
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
    if (flags & FLAG.lost && at + LOST > bytes.length) return undefined;
    streams.push({
      stream: bytes[before],
      last: cursorAt(bytes, before + 2),
      lastHash: bytes.slice(before + 10, before + 10 + PREV_LENGTH),
      released: flags & FLAG.released ? cursorAt(bytes, before + 10 + PREV_LENGTH) : undefined,
      lost: flags & FLAG.lost ? lostAt(bytes, at) : undefined,
    });
    if (flags & FLAG.lost) at += LOST;
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

function lostAt(bytes: Uint8Array, at: number): Lost {
  return {
    first: cursorAt(bytes, at),
    last: cursorAt(bytes, at + 8),
    lastHash: bytes.slice(at + 16, at + 16 + PREV_LENGTH),
  };
}
