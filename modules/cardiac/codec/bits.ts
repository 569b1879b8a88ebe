/** Reads bits from each byte's most significant end; reading past the end is cardiac/malformed. */
import { VagusError } from "../../error/index.js";

export class BitReader {
  #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  malformed(detail: string): VagusError {
    return new VagusError("cardiac/malformed", detail, this.#at >> 3);
  }

  /** @throws VagusError cardiac/malformed where fewer than `count` bits are left */
  need(count: number): void {
    const left = 8 * this.#bytes.length - this.#at;
    if (left < count) throw this.malformed(`expected ${count} bits more, came ${left}`);
  }

  /** The next `count` bits, 0 to 16, as an unsigned number. */
  bits(count: number): number {
    this.need(count);
    const byte = this.#at >> 3;
    const window = (this.#bytes[byte]! << 16) | (this.#bytes[byte + 1]! << 8) | this.#bytes[byte + 2]!;
    const value = (window >> (24 - (this.#at & 7) - count)) & ((1 << count) - 1);
    this.#at += count;
    return value;
  }

  /** Counts zeros up to the one that ends them; `most` zeros have no one after them. */
  zeros(most: number): number {
    const bytes = this.#bytes;
    let count = 0;
    while (count < most) {
      this.need(1);
      const byte = this.#at >> 3;
      const skip = this.#at & 7;
      const window = (bytes[byte]! << 16) | (bytes[byte + 1]! << 8) | bytes[byte + 2]!;
      const seen = Math.min(24 - skip, 8 * bytes.length - this.#at, most - count);
      const run = Math.min(Math.clz32(window << (8 + skip)), seen);
      count += run;
      this.#at += run;
      if (run < seen) {
        this.#at++;
        return count;
      }
    }
    return most;
  }

  /** Nothing may follow but zeros that fill the last byte. */
  end(): void {
    const left = 8 * this.#bytes.length - this.#at;
    if (left > 7) throw this.malformed(`expected the block's end, came ${left >> 3} bytes more`);
    if (this.bits(left) !== 0) throw this.malformed("expected zero bits to fill the last byte");
  }
}
