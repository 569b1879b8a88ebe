/** COSE_Encrypt0 (RFC 9052 section 5.2) with AES-CCM (RFC 9053 section 4.2). */
import { fromUint, toUint } from "../bytes/index.js";
import { type CborOptions, type CborValue, decode, encode, Tag } from "../cbor/index.js";
import { asArray, asBytes } from "../cbor/shape.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import {
  AEAD_KEY_LENGTH,
  AEAD_NONCE_LENGTH,
  type AeadAlgorithm,
  allowedAlgorithm,
  TAG_LENGTH,
} from "./algorithms.js";
import {
  COSE_TAG,
  checkHeaders,
  EMPTY,
  encodeProtected,
  HEADER,
  type HeaderMap,
  type Headers,
  header,
  type Label,
  readHeaders,
} from "./headers.js";

/** Partial IVs have at most this many bytes. */
export const MAX_PARTIAL_IV_LENGTH = 5;
export const MAX_PARTIAL_IV = 0xffffffffff;

interface Encrypt0Common {
  algorithm: AeadAlgorithm;
  /** 16 bytes. */
  key: Uint8Array;
  protected?: HeaderMap;
  unprotected?: HeaderMap;
  externalAad?: Uint8Array;
  /** Put tag 16 in front; not by default. */
  tagged?: boolean;
}

/** Either a whole IV (13 bytes, sent along), or a base IV both sides have and a sequence number. */
export type Encrypt0Content = Encrypt0Common &
  ({ iv: Uint8Array } | { baseIv: Uint8Array /** 0 to 2^40 - 1 */; partialIv: number });

export interface Decrypt0Options extends CborOptions {
  algorithms: readonly AeadAlgorithm[];
  key: Uint8Array;
  /** 13 bytes; with it the message has to carry a Partial IV, without it an IV. */
  baseIv?: Uint8Array;
  externalAad?: Uint8Array;
  /** Labels that the caller handles when `crit` lists them. */
  understood?: readonly Label[];
}

export interface Decrypted extends Headers {
  plaintext: Uint8Array;
  partialIv?: number;
}

/** @throws VagusError `cose/header` for an IV that cannot be, `cose/key` for a key of another length. */
export function encrypt0(crypto: Crypto, content: Encrypt0Content, plaintext: Uint8Array): Uint8Array {
  const unprotected: HeaderMap = new Map(content.unprotected);
  let iv: Uint8Array;
  if ("iv" in content) {
    iv = content.iv;
    unprotected.set(HEADER.iv, iv);
  } else {
    const partialIv = encodePartialIv(content.partialIv);
    unprotected.set(HEADER.partialIv, partialIv);
    iv = nonce(content.baseIv, partialIv);
  }
  const headers = { protected: new Map(content.protected).set(HEADER.alg, content.algorithm), unprotected };
  checkHeaders(headers, [...headers.protected.keys()]);
  checkLengths(content.key, iv);
  const authenticated = encodeProtected(headers.protected);
  const aad = encStructure(authenticated, content.externalAad);
  const ciphertext = crypto.aesCcmSeal(content.key, iv, aad, plaintext, TAG_LENGTH[content.algorithm]);
  const parts: CborValue = [authenticated, unprotected as Map<CborValue, CborValue>, ciphertext];
  return encode(content.tagged ? new Tag(parts, COSE_TAG.encrypt0) : parts);
}

/**
 * The plaintext, if the tag is right.
 * @throws VagusError `cose/decrypt`; `cose/algorithm` for one that the caller does not list; `cose/malformed`,
 *   `cose/header`, `cose/critical`, `cbor/…`
 */
export function decrypt0(crypto: Crypto, options: Decrypt0Options, bytes: Uint8Array): Decrypted {
  const { headers, authenticated, ciphertext } = parse(bytes, options, options.understood);
  const algorithm = allowedAlgorithm(headers.protected, options.algorithms);
  const partial = header(headers, HEADER.partialIv) as Uint8Array | undefined;
  const iv = header(headers, HEADER.iv) as Uint8Array | undefined;
  let whole: Uint8Array;
  if (options.baseIv === undefined) {
    if (iv === undefined) throw new VagusError("cose/header", "expected an IV");
    whole = iv;
  } else {
    if (partial === undefined) throw new VagusError("cose/header", "expected a Partial IV");
    whole = nonce(options.baseIv, partial);
  }
  checkLengths(options.key, whole);
  const aad = encStructure(authenticated, options.externalAad);
  const plaintext = open(crypto, options.key, whole, aad, ciphertext, TAG_LENGTH[algorithm]);
  const result = { ...headers, plaintext };
  return partial === undefined ? result : { ...result, partialIv: decodePartialIv(partial) };
}

/** The sequence number that a message claims to have, before it is decrypted. Throws as `decrypt0` does. */
export function partialIvOf(bytes: Uint8Array, options: CborOptions = {}): number {
  const partial = header(parse(bytes, options).headers, HEADER.partialIv) as Uint8Array | undefined;
  if (partial === undefined) throw new VagusError("cose/header", "expected a Partial IV");
  return decodePartialIv(partial);
}

// COSE_Encrypt0 = [ protected: bstr, unprotected: map, ciphertext: bstr ], bare or under tag 16
function parse(
  bytes: Uint8Array,
  options: CborOptions,
  understood?: readonly Label[],
): { headers: Headers; authenticated: Uint8Array; ciphertext: Uint8Array } {
  let value = decode(bytes, options);
  if (value instanceof Tag && value.tag === COSE_TAG.encrypt0) value = value.value;
  const parts = asArray(value, "cose/malformed", "COSE_Encrypt0", 3);
  const ciphertext = asBytes(parts[2], "cose/malformed", "ciphertext");
  return { ...readHeaders(parts[0], parts[1], options, understood), ciphertext };
}

// Enc_structure = [ "Encrypt0", protected: bstr, external_aad: bstr ]   (section 5.3)
/** What is authenticated beside the plaintext. */
export function encStructure(authenticated: Uint8Array, externalAad: Uint8Array | undefined): Uint8Array {
  return encode(["Encrypt0", authenticated, externalAad ?? EMPTY()]);
}

function open(
  crypto: Crypto,
  key: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  tagLength: number,
): Uint8Array {
  if (ciphertext.length >= tagLength) {
    try {
      return crypto.aesCcmOpen(key, iv, aad, ciphertext, tagLength);
    } catch (error) {
      if (!(error instanceof VagusError && error.code === "crypto/bad-tag")) throw error;
    }
  }
  throw new VagusError("cose/decrypt", "the message does not decrypt");
}

function checkLengths(key: Uint8Array, iv: Uint8Array): void {
  if (key.length !== AEAD_KEY_LENGTH) {
    throw new VagusError("cose/key", `expected a key of ${AEAD_KEY_LENGTH} bytes, came ${key.length}`);
  }
  if (iv.length !== AEAD_NONCE_LENGTH) {
    throw new VagusError("cose/header", `expected an IV of ${AEAD_NONCE_LENGTH} bytes, came ${iv.length}`);
  }
}

// nonce = base IV XOR 00 … 00 | partial IV   (section 3.1)
function nonce(baseIv: Uint8Array, partialIv: Uint8Array): Uint8Array {
  decodePartialIv(partialIv);
  const bytes = new Uint8Array(baseIv);
  const start = bytes.length - partialIv.length;
  for (let i = 0; i < partialIv.length; i++) bytes[start + i] ^= partialIv[i];
  return bytes;
}

/** The shortest bytes of a sequence number: 0 is one zero byte, and no other begins with one. */
export function encodePartialIv(sequence: number): Uint8Array {
  if (!(Number.isInteger(sequence) && sequence >= 0 && sequence <= MAX_PARTIAL_IV)) {
    throw new VagusError("cose/header", `expected a Partial IV from 0 to 2^40 - 1, came ${sequence}`);
  }
  let length = 1;
  for (let rest = sequence; rest > 0xff; rest = Math.floor(rest / 256)) length++;
  return fromUint(sequence, length);
}

/** @throws VagusError `cose/header` for none, more than five bytes, or a leading zero: a number has one form. */
export function decodePartialIv(bytes: Uint8Array): number {
  const shortest = bytes.length === 1 || bytes[0] !== 0;
  if (bytes.length < 1 || bytes.length > MAX_PARTIAL_IV_LENGTH || !shortest) {
    throw new VagusError(
      "cose/header",
      `expected a Partial IV of 1 to 5 bytes, shortest, came ${bytes.length}`,
    );
  }
  return toUint(bytes);
}
