/** Headers of recorded hearts are lines or fields of ASCII, which engines without a TextDecoder have to read too. */
import { VagusError } from "../../error/index.js";

/** Bytes as characters of the same number. */
export function ascii(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 256)
    parts.push(String.fromCharCode.apply(null, bytes.subarray(i, i + 256) as unknown as number[]));
  return parts.join("");
}

export function malformed(expected: string, came: unknown): VagusError {
  return new VagusError("cardiac/malformed", `expected ${expected}, came ${shown(came)}`);
}

/** What a stranger wrote, short, and without what a terminal would take for a command. */
function shown(came: unknown): string {
  const text = `${came}`.replace(/[^ -~]/g, "?");
  return text === "" ? "nothing" : text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** A decimal number as both formats write them; no hexadecimal, no Infinity. @throws VagusError `cardiac/malformed` */
export function decimal(text: string, what: string, min: number, max: number): number {
  const value = Number(text);
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && value >= min && value <= max) return value;
  throw malformed(`${what} from ${min} to ${max}`, text);
}

/** @throws VagusError `cardiac/malformed` */
export function integer(text: string, what: string, min: number, max: number): number {
  const value = decimal(text, what, min, max);
  if (Number.isInteger(value)) return value;
  throw malformed(`${what}, a whole number`, text);
}
