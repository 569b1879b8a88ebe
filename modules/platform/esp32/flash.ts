import Partition from "flash";
import { checkRange, type Flash, SECTOR_SIZE } from "../../flash/index.js";

/**
 * Raw sectors of a partition (manifests/esp32/partitions.csv). The chip itself only clears bits when it programs.
 *
 * esp_partition_write takes any offset and length, and bytes out of flash too, as long as the partition has not the flag `encrypted`. It must not have it:
 * writes would have to be whole blocks of 16 bytes, and one over another would no longer clear bits. What is secret is sealed before it comes here.
 *
 * Each call is done when it returns. While the chip programs or erases, whatever runs from flash waits, XS and NimBLE's host with it.
 */
export class PartitionFlash implements Flash {
  readonly sectors: number;
  readonly #partition: Partition;

  /** @throws Error of the SDK where the partition table has none of this name */
  constructor(name: string) {
    this.#partition = new Partition(name);
    this.sectors = Math.floor(this.#partition.byteLength / SECTOR_SIZE);
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(offset, length, this.sectors * SECTOR_SIZE);
    return length === 0 ? new Uint8Array(0) : new Uint8Array(this.#partition.read(offset, length));
  }

  program(offset: number, bytes: Uint8Array): void {
    checkRange(offset, bytes.length, this.sectors * SECTOR_SIZE);
    if (bytes.length > 0) this.#partition.write(offset, bytes.length, bytes);
  }

  erase(sector: number): void {
    checkRange(sector * SECTOR_SIZE, SECTOR_SIZE, this.sectors * SECTOR_SIZE);
    this.#partition.erase(sector);
  }
}
