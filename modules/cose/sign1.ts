/** COSE_Sign1 (RFC 9052 section 4.2): one signer. */
import { type CborOptions, type CborValue, decode, encode, Tag } from "../cbor/index.js";
import { asArray, asBytes } from "../cbor/shape.js";
import type { Crypto, PrivateKey, SignatureAlgorithm, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { ALGORITHM, allowedAlgorithm, signatureAlgorithm } from "./algorithms.js";
import {
  COSE_TAG,
  checkHeaders,
  EMPTY,
  encodeProtected,
  HEADER,
  type HeaderMap,
  type Headers,
  type Label,
  readHeaders,
} from "./headers.js";

/** What a signature is checked against: a `PublicKey` or a `PrivateKey` of a signing curve will do. */
export interface VerificationKey {
  readonly curve: SigningCurve;
  readonly publicKey: Uint8Array;
}

export interface Sign1Content {
  protected?: HeaderMap;
  unprotected?: HeaderMap;
  payload: Uint8Array;
  externalAad?: Uint8Array;
  /** Leave the payload out of the message (nil, section 4.1): it travels by another way. */
  detached?: boolean;
  /** Put tag 18 in front; not by default, where the context says what it is. */
  tagged?: boolean;
}

/** A COSE_Sign1 taken apart. */
export interface Sign1 extends Headers {
  /** A view of the message; undefined where it is detached and was not given. */
  payload: Uint8Array | undefined;
  signature: Uint8Array;
  /** The protected bucket's bytes, as signed. */
  authenticated: Uint8Array;
}

export interface Sign1Options extends CborOptions {
  externalAad?: Uint8Array;
  /** For a message whose own payload is nil. */
  detachedPayload?: Uint8Array;
  /** Labels that the caller handles when `crit` lists them. */
  understood?: readonly Label[];
}

export interface VerifyOptions extends Sign1Options {
  /** The key, or what finds it once the header is read. */
  key: VerificationKey | ((headers: Headers) => VerificationKey);
  algorithms: readonly SignatureAlgorithm[];
}

/** Signs with the algorithm of the key's curve, which goes into the protected bucket. */
export function sign1(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  content: Sign1Content,
): Promise<Uint8Array> {
  try {
    return signed(crypto, key, content);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** No async function: on XS one keeps all that it has touched until its promise is settled. */
function signed(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  { protected: header, unprotected = new Map(), payload, externalAad, detached, tagged }: Sign1Content,
): Promise<Uint8Array> {
  const headers = {
    protected: new Map(header).set(HEADER.alg, ALGORITHM[signatureAlgorithm(key.curve)]),
    unprotected,
  };
  checkHeaders(headers, [...headers.protected.keys()]);
  const authenticated = encodeProtected(headers.protected);
  return crypto.sign(key, sigStructure(authenticated, externalAad, payload)).then((signature) => {
    const parts: CborValue = [authenticated, unprotected, detached ? null : payload, signature];
    return encode(tagged ? new Tag(parts, COSE_TAG.sign1) : parts);
  });
}

/**
 * The message, if its signature holds.
 * @throws VagusError `cose/bad-signature`; `cose/algorithm` for one that the caller does not list; what
 *   `parseSign1Unverified` throws.
 */
export function verifySign1(
  crypto: Crypto,
  bytes: Uint8Array,
  options: VerifyOptions,
): Sign1 & { payload: Uint8Array } {
  return checkSignature(crypto, parseSign1Unverified(bytes, options), options);
}

/** The second half of `verifySign1`, for callers that have to look at the protected header between the two. */
export function checkSignature(
  crypto: Crypto,
  message: Sign1,
  options: VerifyOptions,
): Sign1 & { payload: Uint8Array } {
  const numbers = options.algorithms.map((algorithm) => ALGORITHM[algorithm]);
  const number = allowedAlgorithm(message.protected, numbers);
  const algorithm = options.algorithms[numbers.indexOf(number)];
  const { payload } = message;
  if (payload === undefined)
    throw new VagusError("cose/malformed", "the payload is detached, and none was given");
  const key = typeof options.key === "function" ? options.key(message) : options.key;
  const signed = sigStructure(message.authenticated, options.externalAad, payload);
  const good =
    signatureAlgorithm(key.curve) === algorithm &&
    crypto.verify(algorithm, key.publicKey, signed, message.signature);
  if (!good) throw new VagusError("cose/bad-signature", "the signature does not hold");
  return { ...message, payload };
}

// COSE_Sign1 = [ protected: bstr, unprotected: map, payload: bstr / nil, signature: bstr ], bare or under tag 18
/**
 * Takes a message apart **without looking at its signature**: nothing in it can be believed.
 * @throws VagusError `cose/malformed`, `cose/header`, `cose/critical`, `cbor/…`
 */
export function parseSign1Unverified(bytes: Uint8Array, options: Sign1Options = {}): Sign1 {
  let value = decode(bytes, options);
  if (value instanceof Tag && value.tag === COSE_TAG.sign1) value = value.value;
  const parts = asArray(value, "cose/malformed", "COSE_Sign1", 4);
  const { headers, authenticated } = readHeaders(parts[0], parts[1], options, options.understood);
  const attached = parts[2] === null ? undefined : asBytes(parts[2], "cose/malformed", "payload");
  if (attached !== undefined && options.detachedPayload !== undefined) {
    throw new VagusError("cose/malformed", "expected a detached payload, came one in the message");
  }
  return {
    ...headers,
    payload: attached ?? options.detachedPayload,
    signature: asBytes(parts[3], "cose/malformed", "signature"),
    authenticated,
  };
}

// Sig_structure = [ "Signature1", body_protected: bstr, external_aad: bstr, payload: bstr ]   (section 4.4)
/** What is signed. The context string keeps it apart from every other structure of COSE. */
export function sigStructure(
  authenticated: Uint8Array,
  externalAad: Uint8Array | undefined,
  payload: Uint8Array,
): Uint8Array {
  return encode(["Signature1", authenticated, externalAad ?? EMPTY(), payload]);
}
