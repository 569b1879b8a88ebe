import { checkRange, type Flash, SECTOR_SIZE } from "../../flash/index.js";
import type { FileRange } from "./host.js";

/** NOR flash in a file: programming only clears bits, as the chip does. */
export class FileFlash implements Flash {
  readonly sectors: number;
  readonly #file: FileRange;

  constructor(file: FileRange) {
    this.#file = file;
    this.sectors = Math.floor(file.length / SECTOR_SIZE);
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
    this.#file.write(sector * SECTOR_SIZE, new Uint8Array(SECTOR_SIZE).fill(0xff));
  }
}
