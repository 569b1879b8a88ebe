/**
 * Entries in flash: a ring of sectors, each of 51 slots of 80 bytes. An entry's number says its slot, and each is written
 * by one program:
 *
 *   | length (1) | check (4): first bytes of the entry's SHA-256 | entry … | ff to 80 |
 *
 * The sector that comes next is erased when the first entry of it is written; so all sectors but one hold entries.
 *
 * A slot that is not blank is never written to: its number is left out, and readers see that something was cut off there, or
 * has rotted. A sector in which nothing is whole and which is not blank either has lost at least its first entry, so the
 * number of that is left out too. Nothing is thrown for what lies in flash, and the newest entry that is whole is the head.
 *
 * The check is a hash since the platform makes it in C, and CRC-32 would be made in JavaScript, bit by bit.
 */
import { compare } from "../bytes/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { type Flash, isErased, SECTOR_SIZE } from "../flash/index.js";
import { type AuditEntry, type AuditHead, auditHash, decodeEntry, encodeEntry, noHead } from "./entry.js";

const SLOT = 80;
export const SLOTS = Math.floor(SECTOR_SIZE / SLOT);
const CHECK = 4;
const FRAME = 1 + CHECK;
/** What an entry begins with: an array of eight. */
const ARRAY_OF_8 = 0x88;

export class Ring {
  readonly #crypto: Crypto;
  readonly #flash: Flash;
  readonly #first: number;
  readonly #sectors: number;
  #next = 1;
  #head: AuditHead = noHead();

  /** Opens the ring in `sectors` sectors, at least two. */
  constructor(crypto: Crypto, flash: Flash, first: number, sectors: number) {
    this.#crypto = crypto;
    this.#flash = flash;
    this.#first = first;
    this.#sectors = sectors;
    let newest = 0;
    for (let sector = 0; sector < sectors; sector++) newest = Math.max(newest, this.begin(sector));
    for (let slot = SLOTS - 1; newest > 0 && slot >= 0; slot--) {
      const entry = this.read(newest + slot);
      if (entry === undefined) continue;
      this.#head = { number: newest + slot, hash: auditHash(crypto, entry) };
      this.#next = newest + slot + 1;
      return;
    }
  }

  get head(): AuditHead {
    return this.#head;
  }

  /** The lowest number that may still be there. */
  get oldest(): number {
    return Math.max(1, this.#next - this.#sectors * SLOTS);
  }

  /** An entry as it lies in flash; undefined where it is gone, was never whole, or has rotted. */
  read(number: number): Uint8Array | undefined {
    const entry = this.whole(this.place(number));
    return entry !== undefined && numberOf(entry) === number ? entry : undefined;
  }

  /** @returns its number. @throws VagusError `audit/entry`, and `flash/program` where flash does not keep it */
  append(entry: Omit<AuditEntry, "number">): number {
    const { hash: prev } = this.#head;
    let encoded = encodeEntry({ ...entry, number: this.#next }, prev); // first: nothing is erased for what has no room
    const number = this.room(this.#next);
    if (number !== this.#next) encoded = encodeEntry({ ...entry, number }, prev);
    this.#next = number;
    this.write(this.place(number), encoded);
    this.#next = number + 1;
    this.#head = { number, hash: auditHash(this.#crypto, encoded) };
    return number;
  }

  /** When the entry before the last `count` numbers was written, or one after it; undefined where there are not as many. */
  ago(count: number): number | undefined {
    const from = this.#next - count;
    if (from < 1) return undefined;
    for (let number = from; number < this.#next; number++) {
      const entry = this.read(number);
      if (entry !== undefined) return decodeEntry(entry).at;
    }
    return undefined;
  }

  /** The next number whose slot is blank; a sector that is begun is erased, if it has to be. */
  private room(number: number): number {
    let next = number;
    for (; (next - 1) % SLOTS !== 0; next++) {
      if (isErased(this.#flash, this.place(next), SLOT)) return next;
    }
    const sector = Math.floor((next - 1) / SLOTS) % this.#sectors;
    if (isErased(this.#flash, (this.#first + sector) * SECTOR_SIZE, SECTOR_SIZE)) return next;
    const old = this.begin(sector) > 0;
    this.#flash.erase(this.#first + sector);
    return old ? next : next + 1;
  }

  private write(offset: number, entry: Uint8Array): void {
    const slot = new Uint8Array(SLOT).fill(0xff);
    slot[0] = entry.length;
    slot.set(this.#crypto.sha256(entry).subarray(0, CHECK), 1);
    slot.set(entry, FRAME);
    this.#flash.program(offset, slot);
    if (compare(this.#flash.read(offset, SLOT), slot) !== 0) {
      throw new VagusError("flash/program", `expected an entry to be kept at ${offset}, came others`);
    }
  }

  /** The number that the first slot of a sector has, by any entry that is whole in it; 0 where none is. */
  private begin(sector: number): number {
    for (let slot = 0; slot < SLOTS; slot++) {
      const offset = (this.#first + sector) * SECTOR_SIZE + slot * SLOT;
      const entry = this.whole(offset);
      if (entry === undefined) continue;
      const number = numberOf(entry);
      if (number > slot && this.place(number) === offset) return number - slot;
    }
    return 0;
  }

  /** Where the entry of this number belongs. */
  private place(number: number): number {
    const slot = (number - 1) % (this.#sectors * SLOTS);
    return (this.#first + Math.floor(slot / SLOTS)) * SECTOR_SIZE + (slot % SLOTS) * SLOT;
  }

  private whole(offset: number): Uint8Array | undefined {
    const slot = this.#flash.read(offset, SLOT);
    const [length] = slot;
    if (length > SLOT - FRAME || slot[FRAME] !== ARRAY_OF_8) return undefined;
    const entry = slot.slice(FRAME, FRAME + length);
    const check = this.#crypto.sha256(entry).subarray(0, CHECK);
    return compare(check, slot.subarray(1, FRAME)) === 0 ? entry : undefined;
  }
}

/** The unsigned integer behind the array's head. */
function numberOf(entry: Uint8Array): number {
  const info = entry[1];
  if (info < 24) return info;
  const width = info > 26 ? 0 : 1 << (info - 24);
  let number = 0;
  for (let i = 2; i < 2 + width; i++) number = number * 256 + entry[i];
  return number;
}
