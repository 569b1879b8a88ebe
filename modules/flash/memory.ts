import { VagusError } from "../error/index.js";
import { type Flash, SECTOR_SIZE } from "./port.js";

/** @throws VagusError `flash/range` unless `offset` to `offset + length` lies inside `size` bytes */
export function checkRange(offset: number, length: number, size: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new VagusError("flash/range", `expected a range inside ${size} bytes, came ${offset} + ${length}`);
  }
}

/** NOR flash in memory, erased at first. For tests, and for a device that need not remember. */
export class MemoryFlash implements Flash {
  readonly sectors: number;
  readonly #bytes: Uint8Array;

  constructor(sectors: number) {
    this.sectors = sectors;
    this.#bytes = new Uint8Array(sectors * SECTOR_SIZE).fill(0xff);
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(offset, length, this.#bytes.length);
    return this.#bytes.slice(offset, offset + length);
  }

  program(offset: number, bytes: Uint8Array): void {
    checkRange(offset, bytes.length, this.#bytes.length);
    for (let i = 0; i < bytes.length; i++) this.#bytes[offset + i] &= bytes[i];
  }

  erase(sector: number): void {
    checkRange(sector * SECTOR_SIZE, SECTOR_SIZE, this.#bytes.length);
    this.#bytes.fill(0xff, sector * SECTOR_SIZE, (sector + 1) * SECTOR_SIZE);
  }
}
