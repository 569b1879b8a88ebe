/** The shapes that commands take. All throw VagusError `device/parameter`. */
import type { CborValue } from "../../cbor/index.js";
import { asArray, asBytes, asUint, kindOf } from "../../cbor/shape.js";
import { VagusError } from "../../error/index.js";

export const PARAMETER = "device/parameter";

export function list(parameters: CborValue, count: number): CborValue[] {
  return asArray(parameters, PARAMETER, "parameters", count);
}

/** Of a command that takes none. */
export function nothing(parameters: CborValue): void {
  if (parameters !== null) throw new VagusError(PARAMETER, `expected null, came ${kindOf(parameters)}`);
}

export function uint(value: CborValue, what: string): number {
  return asUint(value, PARAMETER, what);
}

export function bytes(value: CborValue, what: string, length?: number): Uint8Array {
  return asBytes(value, PARAMETER, what, length);
}

export function two(parameters: CborValue, first: string, second: string): [Uint8Array, Uint8Array] {
  const [a, b] = list(parameters, 2);
  return [bytes(a, first), bytes(b, second)];
}

export function numbers(parameters: CborValue, count: number): number[] {
  return list(parameters, count).map((value) => uint(value, "parameter"));
}
