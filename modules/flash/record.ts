/**
 * One value that survives a power cut at any byte: the old one is there or the new one.
 *
 * A record has two sectors. Versions are appended to one until it is full, then the other is erased and takes over;
 * so the newest version is never in the sector that is being erased, and wear is spread. A version is
 *
 *   | magic 56 47 | length (2) | generation (4) | CRC-32 (4) | mark (4) | value … | pad to 4 with ff |
 *
 * big-endian; the CRC covers length, generation and value. The version with a right CRC and the highest generation
 * counts. A sector is read up to its first erased magic; behind a version that was torn nothing more is written.
 *
 * The mark is ff until the version has been read back, then 00: a write returns behind it. So a version without a
 * right CRC was torn, and nobody relies on it, where its mark is ff; otherwise it has rotted, and the record is corrupt
 * rather than an older value, or none, taken for the newest.
 *
 * Before a sector is erased, magic and length of the first version in it are programmed to 00: an erase that was torn may
 * leave any bits, and must not be taken for a version that has rotted. So one counts as such only where its magic is
 * still nearly there. Its mark is left as it is: bits are programmed in no order, and a version that was torn must not
 * get a mark before it loses its magic. The first version of all goes to a sector that is blank, if there is one: as long
 * as no version holds, nothing tells a sector that is half erased from one that has rotted.
 */
import { compare, concat, fromUint, toUint } from "../bytes/index.js";
import { VagusError } from "../error/index.js";
import { crc32 } from "./crc32.js";
import { type Flash, SECTOR_SIZE } from "./port.js";

const MAGIC = Uint8Array.of(0x56, 0x47);
const ERASED = Uint8Array.of(0xff, 0xff);
const MARK_AT = 12;
const MARK = Uint8Array.of(0, 0, 0, 0);
const UNMARKED = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
const HEADER = 16;
const RETIRED = new Uint8Array(4);
/** Bits of a magic that may have rotted; that of a header that was retired differs in eight. */
const MAGIC_ROT = 1;
export const VALUE_MAX = 1024;
/** Bytes that are looked through at a time. */
const PIECE = 512;

interface Version {
  readonly sector: number;
  /** Where it begins, from the start of the sector. */
  readonly at: number;
  readonly generation: number;
  readonly value: Uint8Array;
}

interface Scan {
  readonly newest: Version | undefined;
  /** Where the next version may go, from the start of the sector; none behind a torn one. */
  readonly free: number;
  /** The generation of a version that was written to its end and has no right CRC any more. */
  readonly rotten: number | undefined;
  /** Has whatever lies where the next version may not go a mark? */
  readonly marked: boolean;
}

export class FlashRecord {
  readonly #flash: Flash;
  readonly #sectors: readonly [number, number];
  #current: Version | undefined;
  #free = SECTOR_SIZE;

  /**
   * Opens the record in `firstSector` and the one after it.
   * @throws VagusError `flash/corrupt` when the newest version, or every one, has rotted
   */
  constructor(flash: Flash, firstSector: number) {
    this.#flash = flash;
    this.#sectors = [firstSector, firstSector + 1];
    const scans = this.#sectors.map((sector) => scan(flash, sector));
    for (const { newest, free } of scans) {
      if (newest !== undefined && newest.generation > (this.#current?.generation ?? -1)) {
        this.#current = newest;
        this.#free = free;
      }
    }
    const strange = this.#current === undefined && scans.every(({ marked }) => marked);
    if (strange || scans.some((each) => this.#isLost(each))) {
      throw new VagusError(
        "flash/corrupt",
        `expected a whole record in sector ${firstSector} or the next, came one with a wrong CRC`,
      );
    }
  }

  /** The newest value; undefined when none was ever written. */
  get value(): Uint8Array | undefined {
    return this.#current?.value;
  }

  /** Writes a new version and reads it back. @throws VagusError `flash/full`, `flash/program` */
  write(value: Uint8Array): void {
    if (value.length > VALUE_MAX) {
      throw new VagusError("flash/full", `expected at most ${VALUE_MAX} bytes, came ${value.length}`);
    }
    const generation = (this.#current?.generation ?? -1) + 1;
    const version = frame(generation, value);
    let sector = this.#current?.sector ?? this.#sectors[1];
    let free = this.#free;
    this.#free = SECTOR_SIZE; // should this write fail, the next one goes to the other sector
    if (free + version.length > SECTOR_SIZE) {
      const blank = this.#current === undefined ? this.#blank() : undefined;
      sector = blank ?? this.#other(sector);
      if (blank === undefined) this.#erase(sector);
      free = 0;
    }
    const offset = sector * SECTOR_SIZE + free;
    this.#program(offset, version);
    this.#program(offset + MARK_AT, MARK);
    this.#free = free + version.length;
    this.#current = { sector, at: free, generation, value: value.slice() };
  }

  /**
   * Leaves nothing in flash but the newest version: for secrets. What is cut off goes on at the next call.
   * @throws VagusError `flash/program`
   */
  purge(): void {
    const current = this.#current;
    if (current === undefined) return;
    if (current.at > 0) {
      this.#free = SECTOR_SIZE;
      this.write(current.value);
      this.#erase(current.sector);
      return;
    }
    const other = this.#other(current.sector);
    if (!isErased(this.#flash, other * SECTOR_SIZE, SECTOR_SIZE)) this.#erase(other);
  }

  #other(sector: number): number {
    return sector === this.#sectors[0] ? this.#sectors[1] : this.#sectors[0];
  }

  #blank(): number | undefined {
    return this.#sectors.find((sector) => isErased(this.#flash, sector * SECTOR_SIZE, SECTOR_SIZE));
  }

  #erase(sector: number): void {
    this.#flash.program(sector * SECTOR_SIZE, RETIRED);
    this.#flash.erase(sector);
  }

  /** Has a version rotted that was newer than the current one? What is half erased in the other sector was older. */
  #isLost({ rotten, newest }: Scan): boolean {
    if (rotten === undefined) return false;
    const current = this.#current;
    return current === undefined || newest === current || rotten === current.generation + 1;
  }

  #program(offset: number, bytes: Uint8Array): void {
    this.#flash.program(offset, bytes);
    if (compare(this.#flash.read(offset, bytes.length), bytes) !== 0) {
      throw new VagusError(
        "flash/program",
        `expected ${bytes.length} bytes to be kept at ${offset}, came others`,
      );
    }
  }
}

function frame(generation: number, value: Uint8Array): Uint8Array {
  const covered = concat(fromUint(value.length, 2), fromUint(generation, 4), value);
  const padding = new Uint8Array((4 - (value.length % 4)) % 4).fill(0xff);
  return concat(MAGIC, covered.subarray(0, 6), fromUint(crc32(covered), 4), UNMARKED, value, padding);
}

function scan(flash: Flash, sector: number): Scan {
  const start = sector * SECTOR_SIZE;
  let newest: Version | undefined;
  let offset = 0;
  while (offset + HEADER <= SECTOR_SIZE) {
    const header = flash.read(start + offset, HEADER);
    const magic = header.subarray(0, 2);
    if (compare(magic, ERASED) === 0) {
      const erased = isErased(flash, start + offset, SECTOR_SIZE - offset);
      return { newest, free: erased ? offset : SECTOR_SIZE, ...rotIn(header) };
    }
    const length = toUint(header.subarray(2, 4));
    const whole =
      compare(magic, MAGIC) === 0 && length <= VALUE_MAX && offset + HEADER + length <= SECTOR_SIZE;
    const value = whole ? flash.read(start + offset + HEADER, length) : ERASED;
    if (!whole || crc32(concat(header.subarray(2, 8), value)) !== toUint(header.subarray(8, 12))) {
      return { newest, free: SECTOR_SIZE, ...rotIn(header) };
    }
    newest = { sector, at: offset, generation: toUint(header.subarray(4, 8)), value };
    offset += HEADER + length + ((4 - (length % 4)) % 4);
  }
  return { newest, free: SECTOR_SIZE, rotten: undefined, marked: false };
}

/** Has it a mark, and if so the generation of what has a magic or what is left of one. */
function rotIn(header: Uint8Array): Pick<Scan, "rotten" | "marked"> {
  const marked = header.subarray(MARK_AT, HEADER).some((byte) => byte !== 0xff);
  const bits = distance(header[0], MAGIC[0]) + distance(header[1], MAGIC[1]);
  return { rotten: marked && bits <= MAGIC_ROT ? toUint(header.subarray(4, 8)) : undefined, marked };
}

/** In how many bits two bytes differ. */
function distance(a: number, b: number): number {
  let bits = 0;
  for (let rest = a ^ b; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** Are `length` bytes all ff? In pieces, a word at a time: this is read at every change. */
export function isErased(flash: Flash, offset: number, length: number): boolean {
  for (let at = 0; at < length; at += PIECE) {
    const piece = flash.read(offset + at, Math.min(PIECE, length - at)).slice(); // aligned
    const words = new Uint32Array(piece.buffer, 0, piece.length >> 2);
    for (let i = 0; i < words.length; i++) if (words[i] !== 0xffffffff) return false;
    for (let i = words.length << 2; i < piece.length; i++) if (piece[i] !== 0xff) return false;
  }
  return true;
}
