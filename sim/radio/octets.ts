/** Parameters as HCI and the link layer write them: little-endian, one after the other (Vol 4 Part E section 5.2). */
export class OctetReader {
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  get left(): number {
    return this.#octets.length - this.#at;
  }

  /** An unsigned integer of so many octets, 6 at the most. */
  uint(octets: number): number {
    let value = 0;
    for (let i = octets - 1; i >= 0; i--) value = value * 256 + this.#octets[this.#at + i];
    this.#at += octets;
    return value;
  }

  bytes(length: number): Uint8Array {
    this.#at += length;
    return this.#octets.slice(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }
}

export function uint(value: number, octets: number): number[] {
  return Array.from({ length: octets }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** A signed octet. */
export function int8(value: number): number {
  return value & 0xff;
}

/** Most significant octet first to least significant first, and back. */
export function reversed(octets: Uint8Array): Uint8Array {
  return octets.slice().reverse();
}

export function joined(...parts: (Uint8Array | readonly number[] | number)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part])));
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}
