/**
 * What a programmer asks the Authority while it is in a session with a device, and what comes back. Where the two are not
 * at one place both are files (`vagus rotate --ask FILE`, `vagus freshness FILE`), in CBOR:
 *
 *   question = [ "freshness", freshness request ]                       the Authority's word for this session (typ 65015)
 *            | [ "time", freshness request ]                            a time reset over the same nonce
 *            | [ "credential", freshness request, request, credential ] a credential for the key of the device's request
 *                                                                       (typ 65013), which the key of the one it has signed
 *   answer   = [ of, 0, token, list / null ]    |    [ of, code, text ]    refused
 *
 * `of` is the first 8 bytes of the SHA-256 of the question: an answer to another one is passed over. The freshness request
 * says who asks, and for which device; the Authority judges it each time.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { equal } from "../../modules/bytes/index.js";
import { type CborValue, decode, encode } from "../../modules/cbor/index.js";
import { asArray, asBytes, asText, asUint } from "../../modules/cbor/shape.js";
import { errorCode, VagusError } from "../../modules/error/index.js";

const QUESTION_MAX = 2048;
const ANSWER_MAX = 2048;
const INPUT = "host/input";

export type Question =
  | { readonly what: "freshness"; readonly request: Uint8Array }
  | { readonly what: "time"; readonly request: Uint8Array }
  | {
      readonly what: "credential";
      readonly request: Uint8Array;
      /** The device's own request. */
      readonly holder: Uint8Array;
      /** The credential that it has. */
      readonly credential: Uint8Array;
    };

export interface Answer {
  readonly token: Uint8Array;
  /** The newest revocation list for the device. */
  readonly list?: Uint8Array;
}

export function encodeQuestion(question: Question): Uint8Array {
  const { what, request } = question;
  if (what !== "credential") return encode([what, request]);
  return encode([what, request, question.holder, question.credential]);
}

/** @throws VagusError `host/input`, `cbor/…` */
export function decodeQuestion(bytes: Uint8Array): Question {
  const parts = asArray(decode(bytes, { maxSize: QUESTION_MAX }), INPUT, "a question");
  const [what, ...tokens] = parts;
  const [request, holder, credential] = tokens.map((token) => asBytes(token, INPUT, "token").slice());
  if ((what === "freshness" || what === "time") && tokens.length === 1) return { what, request };
  if (what === "credential" && tokens.length === 3) return { what, request, holder, credential };
  throw new VagusError(INPUT, "expected a question for freshness, time or a credential, came another");
}

export function encodeAnswer(question: Uint8Array, { token, list }: Answer): Uint8Array {
  return encode([nameOf(question), 0, token, list ?? null]);
}

export function encodeRefusal(question: Uint8Array, error: VagusError): Uint8Array {
  return encode([nameOf(question), error.number, error.message.slice(0, 400)]);
}

/**
 * @returns undefined for an answer to another question
 * @throws VagusError the Authority's refusal; `host/input`, `cbor/…`
 */
export function decodeAnswer(question: Uint8Array, bytes: Uint8Array): Answer | undefined {
  const parts: CborValue[] = asArray(decode(bytes, { maxSize: ANSWER_MAX }), INPUT, "an answer");
  const [of, code, ...rest] = parts;
  if (!equal(asBytes(of, INPUT, "of"), nameOf(question))) return undefined;
  const number = asUint(code, INPUT, "code");
  if (number !== 0) throw refusal(number, asText(rest[0], INPUT, "text"));
  const [token, list] = asArray(rest, INPUT, "an answer", 2);
  return {
    token: asBytes(token, INPUT, "token").slice(),
    ...(list !== null && { list: asBytes(list, INPUT, "list").slice() }),
  };
}

function refusal(number: number, text: string): VagusError {
  const code = errorCode(number) ?? INPUT;
  const words = text.replace(/[^\x20-\x7e…]/g, "?").replace(`${code}: `, "");
  return new VagusError(code, `the Authority refused: ${words}`);
}

function nameOf(question: Uint8Array): Uint8Array {
  return sha256(question).slice(0, 8);
}
