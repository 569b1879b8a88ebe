/** Where a reading lies. Its sector is found by halving, since each sector begins with what was newest before it. */
import type { Crypto } from "../crypto/port.js";
import type { Flash } from "../flash/index.js";
import type { Cursor } from "../reading/index.js";
import { order } from "./cursor.js";
import { type Entry, findEntry, isReading, KIND, openEntry } from "./entry.js";
import type { Ring } from "./ring.js";
import { decodeState, type State } from "./state.js";

/** What a journal lies in and is sealed with. */
export interface Chest {
  readonly crypto: Crypto;
  readonly flash: Flash;
  readonly key: Uint8Array;
  readonly ring: Ring;
}

/** The generations that are kept, and where the last one ends as yet. */
export interface Extent {
  readonly tail: number;
  readonly head: number;
  readonly free: number;
}

/** What stands at the beginning of a sector; undefined where it is not that sector, or cannot be read. */
export function stateOf({ crypto, flash, key, ring }: Chest, generation: number): State | undefined {
  if (!ring.holds(generation)) return undefined;
  const entry = findEntry(flash, ring.begin(generation));
  if (entry === undefined || entry.kind !== KIND.state) return undefined;
  const plaintext = openEntry(crypto, flash, key, entry);
  return plaintext && decodeState(plaintext);
}

export interface Place {
  generation: number;
  /** In bytes from the start of the partition. */
  at: number;
}

/** A sector before which nothing of the stream is at `from` or later; the last such one, where none has rotted. */
export function sectorBefore(chest: Chest, { tail, head }: Extent, stream: number, from: Cursor): number {
  let low = tail;
  let high = head;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    let known = middle;
    let state = stateOf(chest, known);
    while (state === undefined && --known > low) state = stateOf(chest, known);
    if (state === undefined) {
      high = middle - 1;
      continue;
    }
    const last = state.streams.find((each) => each.stream === stream)?.last;
    if (last === undefined || order(last, from) < 0) low = known;
    else high = known - 1;
  }
  return low;
}

/**
 * The first entry of the stream at `from` or later, from `place` on, which is left where the entry is, or at the end.
 * Only headers are looked at.
 */
export function nextEntry(
  { flash, ring }: Chest,
  { head, free }: Extent,
  stream: number,
  from: Cursor,
  place: Place,
): Entry | undefined {
  for (;;) {
    const entry = place.generation === head && place.at >= free ? undefined : findEntry(flash, place.at);
    if (entry === undefined) {
      if (place.generation >= head) return undefined;
      do place.generation++;
      while (place.generation < head && !ring.holds(place.generation));
      place.at = ring.begin(place.generation);
      continue;
    }
    if (isReading(entry) && entry.stream === stream && order(entry, from) >= 0) return entry;
    place.at = entry.end;
  }
}
