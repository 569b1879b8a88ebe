/** message_1 (RFC 9528 section 5.2): in the clear, and nothing in it says who the Initiator is. */
import { concat } from "../bytes/index.js";
import { decode, encode } from "../cbor/index.js";
import { asArray, asInt } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { bytesIn, decodeIdentifier, encodeIdentifier, isInt, malformed, splitItems } from "./items.js";
import type { Method } from "./suites.js";

export interface Message1 {
  readonly method: Method;
  /** The selected suite last, those that the Initiator prefers to it before. */
  readonly suites_i: readonly number[];
  readonly g_x: Uint8Array;
  readonly c_i: Uint8Array;
}

// message_1 = ( METHOD : int, SUITES_I : [ 2* int ] / int, G_X : bstr, C_I : bstr / -24..23, ? EAD_1 )
export function encodeMessage1(message: Message1, ead_1: Uint8Array): Uint8Array {
  const { method, suites_i, g_x, c_i } = message;
  return concat(encode(method), encodeSuites(suites_i), encode(g_x), encodeIdentifier(c_i), ead_1);
}

/**
 * The length of G_X is left to who knows the suite.
 * @throws VagusError `edhoc/malformed`, `edhoc/method` for a METHOD beyond 3, `cbor/…`
 */
export function decodeMessage1(message: Uint8Array): Message1 & { readonly ead_1: readonly Uint8Array[] } {
  const items = splitItems(message);
  if (items.length < 4) throw malformed(`message_1: expected 4 items or more, came ${items.length}`);
  return {
    method: decodeMethod(items[0]),
    suites_i: decodeSuites(items[1], "SUITES_I"),
    g_x: bytesIn(items[2], "G_X").slice(),
    c_i: decodeIdentifier(items[3], "C_I"),
    ead_1: items.slice(4),
  };
}

function decodeMethod(item: Uint8Array): Method {
  if (!isInt(item)) throw malformed("METHOD: expected an integer, came something else");
  return asInt(decode(item), "edhoc/method", "METHOD", 0, 3) as Method;
}

// suites = [ 2* int ] / int
export function encodeSuites(suites: readonly number[]): Uint8Array {
  if (suites.length === 0) throw new VagusError("edhoc/suite", "expected a suite, came none");
  return encode(suites.length === 1 ? suites[0] : [...suites]);
}

/** @throws VagusError `edhoc/malformed`, also for an array of less than two */
export function decodeSuites(item: Uint8Array, field: string): number[] {
  if (isInt(item)) return [asInt(decode(item), "edhoc/malformed", field)];
  const suites = asArray(decode(item), "edhoc/malformed", field);
  if (suites.length < 2) throw malformed(`${field}: expected an array of 2 or more, came ${suites.length}`);
  return suites.map((suite) => asInt(suite, "edhoc/malformed", field));
}
