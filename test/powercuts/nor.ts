/**
 * NOR flash as the chip is: erasing sets the bits of a sector, programming clears bits, and never sets one. It keeps what
 * it held before every program and erase call, so that the power can be taken away in the middle of any of them.
 */
import { checkRange, type Flash, SECTOR_SIZE } from "../../modules/flash/index.js";

/** What a chip holds: its sectors, none of which is changed in place. */
export type Image = readonly Uint8Array[];

/** A program or erase call: what the chip held before, and what becomes of `target.length` bytes at `at` of a sector. */
export interface Call {
  readonly kind: "program" | "erase";
  readonly image: Image;
  readonly sector: number;
  readonly at: number;
  readonly target: Uint8Array;
}

const BLANK = new Uint8Array(SECTOR_SIZE).fill(0xff);

/** A chip from the factory. */
export function blank(sectors: number): Image {
  return new Array<Uint8Array>(sectors).fill(BLANK);
}

export class NorFlash implements Flash {
  readonly sectors: number;
  /** Told of each call before it is carried out. */
  onCall: ((call: Call) => void) | undefined;
  /** Erases of each sector. */
  readonly erases: number[];
  #image: Uint8Array[];

  constructor(image: Image) {
    this.sectors = image.length;
    this.erases = image.map(() => 0);
    this.#image = [...image];
  }

  get image(): Image {
    return [...this.#image];
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(offset, length, this.sectors * SECTOR_SIZE);
    const at = offset % SECTOR_SIZE;
    return this.#of(offset, length).slice(at, at + length);
  }

  /** @throws Error where a bit would have to be set: code that asks for it does not know what it writes over */
  program(offset: number, bytes: Uint8Array): void {
    checkRange(offset, bytes.length, this.sectors * SECTOR_SIZE);
    const before = this.#of(offset, bytes.length);
    const at = offset % SECTOR_SIZE;
    for (let i = 0; i < bytes.length; i++) {
      if ((bytes[i]! & ~before[at + i]!) !== 0) throw new Error(`a 0 programmed to 1 at byte ${offset + i}`);
    }
    this.#change("program", Math.floor(offset / SECTOR_SIZE), at, bytes.slice());
  }

  erase(sector: number): void {
    checkRange(sector * SECTOR_SIZE, SECTOR_SIZE, this.sectors * SECTOR_SIZE);
    this.erases[sector]!++;
    this.#change("erase", sector, 0, BLANK);
  }

  #change(kind: Call["kind"], sector: number, at: number, target: Uint8Array): void {
    this.onCall?.({ kind, image: this.image, sector, at, target });
    this.#image[sector] = replaced(this.#image[sector]!, at, target);
  }

  #of(offset: number, length: number): Uint8Array {
    if ((offset % SECTOR_SIZE) + length > SECTOR_SIZE)
      throw new Error(`${offset} + ${length} leaves its sector`);
    return this.#image[Math.floor(offset / SECTOR_SIZE)]!;
  }
}

/** A copy of a sector with other bytes at `at`. */
export function replaced(sector: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const copy = sector.slice();
  copy.set(bytes, at);
  return copy;
}
