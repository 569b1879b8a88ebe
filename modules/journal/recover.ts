/** What a journal was when the power went: the newest sector that can be read, and what was written behind its beginning. */
import { VagusError } from "../error/index.js";
import { isErased } from "../flash/record.js";
import { PREV_LENGTH } from "../reading/claims.js";
import { order } from "./cursor.js";
import { type Entry, findEntry, isReading, KIND, openEntry, tokenOf } from "./entry.js";
import { type Chest, type Extent, stateOf } from "./search.js";
import { advance, begin, cursorAt, STREAMS_MAX, type StreamState, UNKNOWN, untold } from "./state.js";

export interface Recovered extends Extent {
  readonly streams: StreamState[];
}

/** Behind this a ring that nobody can read begins at 0 again. */
const GENERATION_HALF = 0x80000000;

/**
 * Whatever the sectors hold: those that are torn, have rotted or are sealed with another key are passed over.
 * @throws VagusError `journal/boot` where something was sealed by this boot or a later one: its nonces are taken
 */
export function recover(chest: Chest, boot: number): Recovered {
  const { ring } = chest;
  const newest = ring.newest(Number.POSITIVE_INFINITY);
  for (let head = newest; head >= 0; head = ring.newest(head)) {
    const state = stateOf(chest, head);
    if (state !== undefined) return replay(chest, boot, head, state.tail, [...state.streams]);
  }
  const none = newest < GENERATION_HALF ? newest : -1;
  return { tail: none + 1, head: none, free: Number.POSITIVE_INFINITY, streams: [] };
}

/** The sector's entries, and those of the ones behind it whose own beginning has rotted. */
function replay(
  chest: Chest,
  boot: number,
  first: number,
  firstKept: number,
  streams: StreamState[],
): Recovered {
  const { crypto, flash, key, ring } = chest;
  let head = first;
  let free = 0;
  for (let generation = first; ring.holds(generation); generation++) {
    let at = ring.begin(generation);
    let readable = false;
    for (let entry = findEntry(flash, at); entry !== undefined; entry = findEntry(flash, at)) {
      const plaintext = openEntry(crypto, flash, key, entry);
      at = entry.end;
      if (plaintext === undefined) {
        forget(entry, streams);
        continue;
      }
      readable = true;
      if (entry.boot >= boot) {
        throw new VagusError("journal/boot", `expected a boot above ${entry.boot}, came ${boot}`);
      }
      apply(chest, entry, plaintext, streams);
    }
    if (!readable) break;
    head = generation;
    free = isErased(flash, at, ring.end(generation) - at) ? at : ring.end(generation);
  }
  const tail = Math.max(firstKept, head + 2 - ring.sectors);
  return { tail, head, free, streams };
}

/** What it has brought nobody can say any more. */
function forget({ kind, stream, boot, sequence }: Entry, streams: StreamState[]): void {
  const known = streams.find((each) => each.stream === stream);
  if (kind === KIND.begin && known !== undefined)
    known.format = { bytes: UNKNOWN, since: { boot, sequence } };
}

function apply({ crypto }: Chest, entry: Entry, plaintext: Uint8Array, streams: StreamState[]): void {
  let known = streams.find(({ stream }) => stream === entry.stream);
  if (isReading(entry)) {
    const last = { boot: entry.boot, sequence: entry.sequence };
    if (known === undefined) {
      if (streams.length === STREAMS_MAX) return;
      known = begin(entry.stream);
      streams.push(known);
    } else if (order(known.last, last) >= 0) return;
    const format = entry.kind === KIND.begin ? plaintext.slice(1, 1 + plaintext[0]) : undefined;
    advance(known, last, crypto.sha256(tokenOf(entry, plaintext)).slice(0, PREV_LENGTH), format);
    return;
  }
  if (known === undefined || plaintext.length !== 8) return;
  const upTo = cursorAt(plaintext, 0);
  if (entry.kind === KIND.released) known.released = upTo;
  if (entry.kind === KIND.told) known.lost = untold(known.lost, upTo);
}
