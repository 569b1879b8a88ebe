/**
 * Error messages (RFC 9528 section 6). They are not authenticated and always end the session.
 *
 *   error = ( ERR_CODE : int, ERR_INFO : any )
 *     1  text         unspecified
 *     2  SUITES_R     wrong selected cipher suite, only in answer to message_1
 *     3  true         unknown credential referenced
 */
import { type CborValue, decode, encodeSequence } from "../cbor/index.js";
import { asInt, asText } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { isInt, malformed, splitItems } from "./items.js";
import { decodeSuites } from "./message-1.js";

export const ERR_CODE = { success: 0, unspecified: 1, suite: 2, unknownCredential: 3 } as const;

/** The one text that we send: the reason stays with us. */
const UNSPECIFIED = "refused";

export type EdhocError =
  | { readonly code: 0 }
  | { readonly code: 1; readonly text: string }
  | { readonly code: 2; readonly suites_r: readonly number[] }
  | { readonly code: 3 }
  /** A code registered later; `code` is any other integer. */
  | { readonly code: "other"; readonly number: number };

/**
 * The message that tells the peer of a failure. Codes 2 and 3 are sent for `edhoc/suite` and
 * `edhoc/unknown-credential`; everything else looks alike.
 * @param suites_r all the suites that the Responder supports; without them code 2 is never sent
 */
export function encodeError(error: unknown, suites_r: readonly number[] = []): Uint8Array {
  const code = error instanceof VagusError ? error.code : undefined;
  if (code === "edhoc/suite" && suites_r.length > 0) {
    return encodeSequence(ERR_CODE.suite, suites_r.length === 1 ? suites_r[0] : [...suites_r]);
  }
  if (code === "edhoc/unknown-credential") return encodeSequence(ERR_CODE.unknownCredential, true);
  return encodeSequence(ERR_CODE.unspecified, UNSPECIFIED);
}

/** Messages 2 to 4 are byte strings; what starts with an integer where one of them is due is an error message. */
export function isErrorMessage(message: Uint8Array): boolean {
  return message.length > 0 && isInt(message);
}

/**
 * @throws VagusError `edhoc/malformed`, `cbor/…`. A peer that says success (code 0) is not to be answered
 *   (section 6.1).
 */
export function readError(message: Uint8Array): EdhocError {
  const items = splitItems(message);
  if (items.length !== 2 || !isInt(items[0])) {
    throw malformed(`error: expected ERR_CODE and ERR_INFO, came ${items.length} items`);
  }
  const code = asInt(decode(items[0]), "edhoc/malformed", "ERR_CODE");
  if (code === ERR_CODE.success) return { code };
  if (code === ERR_CODE.suite) return { code, suites_r: decodeSuites(items[1], "SUITES_R") };
  const info: CborValue = decode(items[1]);
  if (code === ERR_CODE.unspecified) return { code, text: asText(info, "edhoc/malformed", "ERR_INFO") };
  if (code !== ERR_CODE.unknownCredential) return { code: "other", number: code };
  if (info !== true) throw malformed("ERR_INFO: expected true, came something else");
  return { code };
}

/** @throws VagusError `edhoc/peer` where the peer sent an error in place of a message */
export function refuseError(message: Uint8Array): void {
  if (!isErrorMessage(message)) return;
  const error = readError(message);
  const number = error.code === "other" ? error.number : error.code;
  throw new VagusError("edhoc/peer", `expected a message, came an error with ERR_CODE ${number}`);
}
