/** Small things that every stage does with bytes. All arrays are `Uint8Array`, all integers big-endian. */
import { VagusError } from "../error/index.js";

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Equal, in time that depends on the lengths alone: differences accumulate. For tags and confirmations. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** Bytewise order: negative where `a` sorts first, 0 where they are the same. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

const DIGITS = "0123456789abcdef";

/** In time linear in the length: on XS each `+=` would copy the whole text. */
export function toHex(bytes: Uint8Array): string {
  const pairs: string[] = [];
  for (const byte of bytes) pairs.push(DIGITS[byte >> 4] + DIGITS[byte & 15]);
  return pairs.join("");
}

/** A hexadecimal digit's value. The characters are 0x30 to 0x39, 0x41 to 0x46 and 0x61 to 0x66. */
function digit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/**
 * In time linear in the length: on XS an index into a text counts from its start, an iterator does not.
 * @throws VagusError `host/input` for anything but an even number of hexadecimal digits.
 */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new VagusError(
      "host/input",
      `expected an even number of hexadecimal digits, came ${text.length} characters`,
    );
  }
  const bytes = new Uint8Array(text.length / 2);
  let read = 0;
  for (const character of text) {
    bytes[read >> 1] = (bytes[read >> 1] << 4) | digit(character.charCodeAt(0));
    read++;
  }
  return bytes;
}

/** `length` bytes of an unsigned integer below 2^53. */
export function fromUint(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = value % 256;
    value = Math.floor(value / 256);
  }
  return bytes;
}

/** The unsigned integer in `bytes`, at most six of them. */
export function toUint(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}
