/**
 * The sectors of the journal, in a ring: sector `generation % sectors` is opened next, whatever it holds, so all are
 * worn alike. Each begins with
 *
 *   | magic "VGJ1" (4) | generation (4) | its complement (4) |
 *
 * big-endian. A header that was torn has a bit that is 1 in both, one that has rotted one that is the same in both.
 */
import { type Flash, SECTOR_SIZE } from "../flash/index.js";
import { putUint32, uint32 } from "./entry.js";

export const SECTOR_HEADER = 12;
const MAGIC = 0x56474a31;
/** A sector a second would take 136 years to get there. */
const GENERATION_MAX = 0xfffffff0;

export class Ring {
  readonly #flash: Flash;
  readonly #first: number;
  readonly sectors: number;

  constructor(flash: Flash, first: number, sectors: number) {
    this.#flash = flash;
    this.#first = first;
    this.sectors = sectors;
  }

  /** The sector of a generation, from the start of the partition. */
  sector(generation: number): number {
    return this.#first + (generation % this.sectors);
  }

  /** Where its entries begin, in bytes from the start of the partition. */
  begin(generation: number): number {
    return this.sector(generation) * SECTOR_SIZE + SECTOR_HEADER;
  }

  /** Where the sector ends. */
  end(generation: number): number {
    return (this.sector(generation) + 1) * SECTOR_SIZE;
  }

  /** Is it the one that is in its sector? */
  holds(generation: number): boolean {
    return this.generationAt(generation % this.sectors) === generation;
  }

  /** The highest generation below `below` that a sector has; -1 where none has. */
  newest(below: number): number {
    let newest = -1;
    for (let index = 0; index < this.sectors; index++) {
      const generation = this.generationAt(index);
      if (generation > newest && generation < below) newest = generation;
    }
    return newest;
  }

  private generationAt(index: number): number {
    const header = this.#flash.read((this.#first + index) * SECTOR_SIZE, SECTOR_HEADER);
    const generation = uint32(header, 4);
    const right =
      uint32(header, 0) === MAGIC &&
      (generation ^ uint32(header, 8)) === -1 &&
      generation % this.sectors === index &&
      generation < GENERATION_MAX;
    return right ? generation : -1;
  }
}

export function sectorHeader(generation: number): Uint8Array {
  const header = new Uint8Array(SECTOR_HEADER);
  putUint32(header, 0, MAGIC);
  putUint32(header, 4, generation);
  putUint32(header, 8, ~generation);
  return header;
}
