import { type Flash, SECTOR_SIZE } from "../../../modules/flash/index.js";

/** The power went. */
export class PowerCut extends Error {}

/** What the chip has done to a byte when the power goes in the middle of it. */
export type Torn = "untouched" | "half" | "done";

/**
 * NOR flash whose power goes after a number of bytes programmed or erased, counted over both. The byte under the
 * cut is left untouched, half done (its even bits) or done; `restart` reads what is left.
 */
export class FailingFlash implements Flash {
  readonly sectors: number;
  readonly bytes: Uint8Array;
  /** Bytes until the power goes. */
  left = Number.POSITIVE_INFINITY;
  torn: Torn = "untouched";
  /** Erasing goes through a sector from its end, as some chips do. */
  backwards = false;
  /** Bytes programmed and erased so far. */
  work = 0;

  constructor(sectors: number, bytes = new Uint8Array(sectors * SECTOR_SIZE).fill(0xff)) {
    this.sectors = sectors;
    this.bytes = bytes;
  }

  read(offset: number, length: number): Uint8Array {
    return this.bytes.slice(offset, offset + length);
  }

  program(offset: number, bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.#set(offset + i, this.bytes[offset + i]! & bytes[i]!);
  }

  erase(sector: number): void {
    for (let i = 0; i < SECTOR_SIZE; i++) {
      this.#set(sector * SECTOR_SIZE + (this.backwards ? SECTOR_SIZE - 1 - i : i), 0xff);
    }
  }

  /** A copy of what the chip holds, with the power on again. */
  restart(): FailingFlash {
    return new FailingFlash(this.sectors, this.bytes.slice());
  }

  #set(at: number, value: number): void {
    this.work++;
    if (this.left === 0) {
      const before = this.bytes[at]!;
      if (this.torn === "done") this.bytes[at] = value;
      if (this.torn === "half") this.bytes[at] = (before & 0xaa) | (value & 0x55);
      throw new PowerCut();
    }
    this.left--;
    this.bytes[at] = value;
  }
}
