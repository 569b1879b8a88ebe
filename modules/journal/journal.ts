/**
 * Readings in flash until they are released (DESIGN section 6): sealed entries in a ring of sectors. When it is full the
 * oldest sector goes first, and what was in it and never released is remembered until it was told.
 *
 * One sector of the ring is always given up already: the state at the beginning of the newest sector says that the next
 * one's content is gone, before it is erased. So a cut leaves all of the old state or all of the new one. A reading never
 * crosses sectors: on average half a reading of each is left over.
 */
import { concat, equal } from "../bytes/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { type Flash, SECTOR_SIZE } from "../flash/index.js";
import { type Cursor, PREV_LENGTH } from "../reading/index.js";
import { after, order, show } from "./cursor.js";
import { type Entry, entrySize, findEntry, KIND, openEntry, sealEntry, tokenOf } from "./entry.js";
import { recover } from "./recover.js";
import { Ring, SECTOR_HEADER, sectorHeader } from "./ring.js";
import { type Chest, type Extent, nextEntry, sectorBefore, stateOf } from "./search.js";
import {
  advance,
  begin,
  encodeCursor,
  encodeState,
  FORMAT_MAX,
  type Lost,
  STATE_MAX,
  STREAMS_MAX,
  type StreamState,
  UNKNOWN,
  untold,
} from "./state.js";

export interface JournalOptions {
  /** The first of the journal's sectors, and how many: 3 at the least. */
  readonly firstSector: number;
  readonly sectors: number;
  /** 16 bytes, of `openStorageKey`. */
  readonly key: Uint8Array;
  /** The boot count, reserved in flash: nonces are of it. */
  readonly boot: number;
}

export interface JournalReading extends Cursor {
  readonly token: Uint8Array;
  /** Where to go on reading. */
  readonly next: Cursor;
}

/** A token of this length always fits. */
export const TOKEN_MAX = SECTOR_SIZE - SECTOR_HEADER - entrySize(STATE_MAX) - entrySize(1 + FORMAT_MAX) - 4;
const NOTHING: Cursor = { boot: 0, sequence: 0 };
/** Sectors that may fail, one behind the other, before a write does. */
const ATTEMPTS = 4;

/** Where a reader of a stream stands: what it asks for next, and where that is looked for. */
interface Bookmark {
  readonly stream: number;
  next: Cursor;
  generation: number;
  at: number;
}

/** Its methods are private by name alone: on XS a method with # takes a slot of every instance. */
export class Journal {
  readonly #chest: Chest;
  readonly #boot: number;
  readonly #streams: StreamState[];
  readonly #bookmarks: Bookmark[] = [];
  #counter = 0;
  #tail: number;
  #head: number;
  /** Where the next entry goes, in bytes from the start of the partition; infinite where it takes a new sector. */
  #free: number;

  /**
   * Whatever lies in its sectors is taken for what it is worth.
   * @throws VagusError `journal/size` below 3 sectors, `journal/boot` where this boot or a later one has written
   */
  constructor(crypto: Crypto, flash: Flash, { firstSector, sectors, key, boot }: JournalOptions) {
    if (sectors < 3) throw new VagusError("journal/size", `expected 3 sectors or more, came ${sectors}`);
    this.#chest = { crypto, flash, key, ring: new Ring(flash, firstSector, sectors) };
    this.#boot = boot;
    const { tail, head, free, streams } = recover(this.#chest, boot);
    this.#tail = tail;
    this.#head = head;
    this.#free = free;
    this.#streams = streams;
  }

  /** Bytes for entries, 36 and padding each, when the ring is full and nothing was released. */
  get capacityBytes(): number {
    const state = entrySize(encodeState({ tail: 0, streams: this.#streams }).length);
    return (this.#chest.ring.sectors - 1) * (SECTOR_SIZE - SECTOR_HEADER - state);
  }

  /** Bytes of the sectors from the first one with something that was not released. */
  get usedBytes(): number {
    let first = this.#head + 1;
    for (const { stream, last, released } of this.#streams) {
      if (released !== undefined && order(last, released) <= 0) continue;
      const from = released === undefined ? NOTHING : after(released);
      first = Math.min(first, sectorBefore(this.#chest, this.extent(), stream, from));
    }
    if (first > this.#head) return 0;
    const { ring } = this.#chest;
    const unwritten = Math.max(0, ring.end(this.#head) - this.#free);
    return (this.#head - first + 1) * SECTOR_SIZE - unwritten;
  }

  /** The newest token of a stream, of this boot or one before, and the first 16 bytes of its SHA-256. */
  last(stream: number): (Cursor & { readonly hash: Uint8Array }) | undefined {
    const known = this.find(stream);
    return known && { ...known.last, hash: known.lastHash };
  }

  /**
   * Keeps a token; when it returns, the token outlives the power.
   * @param sequence above that of every token of the stream and boot before
   * @param format what it and all behind it are made of, where that may be another than before: above 48 bytes it is not
   *   kept, and nobody can say
   * @throws VagusError `journal/order`, `journal/stream` beyond four streams, `journal/too-long`, `flash/program`
   */
  append(stream: number, sequence: number, token: Uint8Array, format?: Uint8Array): void {
    const cursor: Cursor = { boot: this.#boot, sequence };
    const known = this.find(stream);
    if (known !== undefined && order(cursor, known.last) <= 0) {
      throw new VagusError(
        "journal/order",
        `expected what follows ${show(known.last)}, came ${show(cursor)}`,
      );
    }
    if (known === undefined && this.#streams.length === STREAMS_MAX) {
      throw new VagusError("journal/stream", `expected ${STREAMS_MAX} streams at the most, came another`);
    }
    if (token.length > TOKEN_MAX) {
      throw new VagusError("journal/too-long", `expected at most ${TOKEN_MAX} bytes, came ${token.length}`);
    }
    const lastHash = this.hash(token);
    const kept = format === undefined || format.length <= FORMAT_MAX ? format?.slice() : UNKNOWN;
    const kind = kept === undefined ? KIND.reading : KIND.begin;
    const plaintext = kept === undefined ? token : concat(Uint8Array.of(kept.length), kept, token);
    for (let attempt = 0; !this.put(kind, stream, sequence, plaintext); attempt++) {
      if (attempt === ATTEMPTS)
        throw new VagusError("flash/program", "expected a token to be kept, came others");
      this.open();
    }
    const now = known ?? begin(stream);
    if (known === undefined) this.#streams.push(now);
    advance(now, cursor, lastHash, kept);
  }

  /**
   * The first token of the stream at `from` or behind it that was not released; undefined where there is none yet. One
   * that has rotted is passed over: that its sequence is missing shows.
   */
  read(stream: number, from: Cursor): JournalReading | undefined {
    const known = this.find(stream);
    if (known === undefined) return undefined;
    const { released } = known;
    let next = released !== undefined && order(from, released) <= 0 ? after(released) : from;
    const { crypto, flash, key } = this.#chest;
    for (;;) {
      const bookmark = this.seek(stream, next);
      const entry = nextEntry(this.#chest, this.extent(), stream, next, bookmark);
      if (entry === undefined) return undefined;
      const { boot, sequence } = entry;
      next = { boot, sequence: sequence + 1 };
      bookmark.next = next;
      bookmark.at = entry.end;
      const plaintext = openEntry(crypto, flash, key, entry);
      if (plaintext !== undefined) return { boot, sequence, token: tokenOf(entry, plaintext), next };
    }
  }

  /**
   * Gives up everything of the stream up to a token, which never comes back.
   * @param hash the first 16 bytes of the token's SHA-256
   * @throws VagusError `journal/release` where the token is not there, or is another: then nothing changes;
   *   `flash/program`
   */
  release(stream: number, upTo: Cursor, hash: Uint8Array): void {
    const known = this.checkRelease(stream, upTo, hash);
    const { released } = known;
    known.released = { boot: upTo.boot, sequence: upTo.sequence };
    try {
      this.note(KIND.released, stream, upTo);
    } catch (error) {
      known.released = released;
      throw error;
    }
  }

  /** @throws VagusError `journal/release` where `release` would refuse */
  checkRelease(stream: number, upTo: Cursor, hash: Uint8Array): StreamState {
    const known = this.find(stream);
    const there = known && this.tokenAt(known, upTo);
    if (there === undefined || known === undefined) {
      throw new VagusError("journal/release", `expected a token that is kept, came ${show(upTo)}`);
    }
    if (!equal(this.hash(there), hash)) {
      throw new VagusError("journal/release", `expected the hash of ${show(upTo)}, came another`);
    }
    return known;
  }

  /** What went because the ring was full, and nobody was told yet: one range, whatever in it was released in between. */
  lost(stream: number): Lost | undefined {
    return this.find(stream)?.lost;
  }

  /** It was told, all of it or up to a token. @throws VagusError `flash/program` */
  told(stream: number, upTo = this.lost(stream)?.last): void {
    const known = this.find(stream);
    if (known?.lost === undefined || upTo === undefined) return;
    const { lost } = known;
    known.lost = untold(lost, upTo);
    try {
      this.note(KIND.told, stream, upTo);
    } catch (error) {
      known.lost = lost;
      throw error;
    }
  }

  private find(stream: number): StreamState | undefined {
    return this.#streams.find((each) => each.stream === stream);
  }

  private extent(): Extent {
    return { tail: this.#tail, head: this.#head, free: this.#free };
  }

  private hash(token: Uint8Array): Uint8Array {
    return this.#chest.crypto.sha256(token).slice(0, PREV_LENGTH);
  }

  /** The stream's bookmark, which stands where `next` is looked for. */
  private seek(stream: number, next: Cursor): Bookmark {
    let bookmark = this.#bookmarks.find((each) => each.stream === stream);
    if (bookmark !== undefined && order(bookmark.next, next) === 0 && bookmark.generation >= this.#tail) {
      return bookmark;
    }
    const generation = sectorBefore(this.#chest, this.extent(), stream, next);
    const at = this.#chest.ring.begin(generation);
    if (bookmark === undefined) {
      bookmark = { stream, next, generation, at };
      this.#bookmarks.push(bookmark);
    }
    bookmark.next = next;
    bookmark.generation = generation;
    bookmark.at = at;
    return bookmark;
  }

  /** The first entry that is kept from `from` on, apart from bookmarks. */
  private entryFrom(stream: number, from: Cursor): Entry | undefined {
    const extent = this.extent();
    const generation = sectorBefore(this.#chest, extent, stream, from);
    const place = { generation, at: this.#chest.ring.begin(generation) };
    return nextEntry(this.#chest, extent, stream, from, place);
  }

  /** The token with this name, where it is kept and can be read. */
  private tokenAt({ stream, released }: StreamState, cursor: Cursor): Uint8Array | undefined {
    if (released !== undefined && order(cursor, released) <= 0) return undefined;
    const entry = this.entryFrom(stream, cursor);
    if (entry === undefined || order(entry, cursor) !== 0) return undefined;
    const { crypto, flash, key } = this.#chest;
    const plaintext = openEntry(crypto, flash, key, entry);
    return plaintext && tokenOf(entry, plaintext);
  }

  /** What has changed goes behind the newest entry, or with everything else to the beginning of a new sector. */
  private note(kind: number, stream: number, upTo: Cursor): void {
    if (!this.put(kind, stream, 0, encodeCursor(upTo))) this.open();
  }

  /** Seals and programs an entry and reads it back. False where it has no room or was not kept. */
  private put(kind: number, stream: number, sequence: number, plaintext: Uint8Array): boolean {
    const { crypto, flash, key, ring } = this.#chest;
    const at = this.#free;
    if (at + entrySize(plaintext.length) > ring.end(this.#head)) return false;
    this.#free = Number.POSITIVE_INFINITY; // nothing more goes behind what was not kept
    flash.program(at, this.seal(kind, stream, sequence, plaintext));
    const entry = findEntry(flash, at);
    if (entry === undefined || openEntry(crypto, flash, key, entry) === undefined) return false;
    this.#free = entry.end;
    return true;
  }

  private seal(kind: number, stream: number, sequence: number, plaintext: Uint8Array): Uint8Array {
    const { crypto, key } = this.#chest;
    const counter = this.#counter++;
    return sealEntry(crypto, key, { kind, stream, boot: this.#boot, sequence, counter, plaintext });
  }

  /** Opens the next sector that can be written, and gives up the one behind it. @throws VagusError `flash/program` */
  private open(): void {
    const { flash, ring } = this.#chest;
    const streams = this.#streams;
    const lost = streams.map((each) => each.lost);
    try {
      for (let generation = this.#head + 1; generation <= this.#head + ATTEMPTS; generation++) {
        const tail = Math.max(this.#tail, generation + 2 - ring.sectors);
        if (tail > this.#tail) this.giveUp(tail);
        const state = this.seal(KIND.state, 0, 0, encodeState({ tail, streams }));
        flash.erase(ring.sector(generation));
        flash.program(ring.begin(generation) - SECTOR_HEADER, concat(sectorHeader(generation), state));
        if (stateOf(this.#chest, generation) === undefined) continue;
        this.#head = generation;
        this.#tail = tail;
        this.#free = ring.begin(generation) + state.length;
        return;
      }
      throw new VagusError("flash/program", `expected one of ${ATTEMPTS} sectors to be kept, came others`);
    } catch (error) {
      for (const [index, each] of streams.entries()) each.lost = lost[index];
      throw error;
    }
  }

  /** What is in the sectors before `tail` and was not released is lost. */
  private giveUp(tail: number): void {
    const gone = tail > this.#head ? this.#streams : stateOf(this.#chest, tail)?.streams;
    if (gone === undefined) return; // it has rotted: the next one says it too
    for (const { stream, last, lastHash, format } of gone) {
      const known = this.find(stream);
      if (known === undefined) continue;
      const { released, lost } = known;
      if (released !== undefined && order(last, released) <= 0) continue;
      if (lost !== undefined && order(last, lost.last) <= 0) continue;
      known.lost = { first: lost?.first ?? this.firstKept(known, last), last, lastHash, format };
    }
  }

  private firstKept({ stream, released }: StreamState, last: Cursor): Cursor {
    const from = released === undefined ? NOTHING : after(released);
    const entry = this.entryFrom(stream, from);
    if (entry !== undefined && order(entry, last) <= 0) return { boot: entry.boot, sequence: entry.sequence };
    return released === undefined ? last : from;
  }
}
