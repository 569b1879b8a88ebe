import { checkRange, type Flash, SECTOR_SIZE } from "../../flash/index.js";
import type { FileRange } from "./host.js";

/**
 * NOR flash in a file: programming only clears bits, as the chip does. A file that is shorter, or new, is made as long as the chip, erased, a
 * sector at a time: two megabytes at once would stay in the heap of an engine that is to be as small as a board's.
 */
export class FileFlash implements Flash {
  readonly sectors: number;
  readonly #file: FileRange;

  constructor(file: FileRange, sectors: number) {
    this.#file = file;
    this.sectors = sectors;
    for (let at = file.length; at < sectors * SECTOR_SIZE; ) {
      const rest = SECTOR_SIZE - (at % SECTOR_SIZE);
      file.write(at, erased(rest));
      at += rest;
    }
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(offset, length, this.sectors * SECTOR_SIZE);
    return this.#file.read(offset, length);
  }

  program(offset: number, bytes: Uint8Array): void {
    const there = this.read(offset, bytes.length);
    for (let i = 0; i < bytes.length; i++) there[i] &= bytes[i];
    this.#file.write(offset, there);
  }

  erase(sector: number): void {
    checkRange(sector * SECTOR_SIZE, SECTOR_SIZE, this.sectors * SECTOR_SIZE);
    this.#file.write(sector * SECTOR_SIZE, erased(SECTOR_SIZE));
  }
}

function erased(length: number): Uint8Array {
  return new Uint8Array(length).fill(0xff);
}
