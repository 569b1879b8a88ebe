/**
 * Raw NOR flash: a port. Erasing sets every bit of a sector, programming only clears bits. Offsets and lengths are
 * in bytes from the start of the partition. A platform's flash throws `flash/range` outside of it.
 */
export const SECTOR_SIZE = 4096;

export interface Flash {
  readonly sectors: number;
  read(offset: number, length: number): Uint8Array;
  /** Clears bits: what is read afterwards is the AND of what was there and `bytes`. */
  program(offset: number, bytes: Uint8Array): void;
  /** Sets the 4,096 bytes of a sector to 0xff. */
  erase(sector: number): void;
}
