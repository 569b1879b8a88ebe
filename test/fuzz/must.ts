import { toHex } from "../../modules/bytes/index.js";

/** A broken promise of a decoder: no VagusError, so that the fuzzer reports it. */
export class Broken extends Error {}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what);
}

export function mustEqual(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const [a, e] = [toHex(actual), toHex(expected)];
  if (a !== e) throw new Broken(`${what}: expected ${e}, came ${a}`);
}
