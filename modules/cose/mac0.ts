/** COSE_Mac0 (RFC 9052 section 6.2) with HMAC-SHA-256 (RFC 9053 section 3.1). For hosts: no device makes or takes one. */
import { equal } from "../bytes/index.js";
import { type CborOptions, type CborValue, decode, encode, Tag } from "../cbor/index.js";
import { asArray, asBytes } from "../cbor/shape.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { allowedAlgorithm } from "./algorithms.js";
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

/** HMAC 256/64 and HMAC 256/256, and the bytes of their tags. */
export type MacAlgorithm = 4 | 5;
const MAC_LENGTH: Record<MacAlgorithm, number> = { 4: 8, 5: 32 };

export interface Mac0Content {
  algorithm: MacAlgorithm;
  key: Uint8Array;
  protected?: HeaderMap;
  unprotected?: HeaderMap;
  payload: Uint8Array;
  externalAad?: Uint8Array;
  /** Put tag 17 in front; not by default. */
  tagged?: boolean;
}

export interface Mac0Options extends CborOptions {
  algorithms: readonly MacAlgorithm[];
  key: Uint8Array;
  externalAad?: Uint8Array;
  understood?: readonly Label[];
}

export function mac0(crypto: Crypto, content: Mac0Content): Uint8Array {
  const headers = {
    protected: new Map(content.protected).set(HEADER.alg, content.algorithm),
    unprotected: content.unprotected ?? new Map(),
  };
  checkHeaders(headers, [...headers.protected.keys()]);
  const authenticated = encodeProtected(headers.protected);
  const tag = compute(
    crypto,
    content.algorithm,
    content.key,
    authenticated,
    content.externalAad,
    content.payload,
  );
  const parts = [authenticated, headers.unprotected, content.payload, tag] as CborValue;
  return encode(content.tagged ? new Tag(parts, COSE_TAG.mac0) : parts);
}

// COSE_Mac0 = [ protected: bstr, unprotected: map, payload: bstr, tag: bstr ], bare or under tag 17
/** @throws VagusError `cose/decrypt` where the tag is not right; otherwise as `verifySign1`. */
export function verifyMac0(
  crypto: Crypto,
  bytes: Uint8Array,
  options: Mac0Options,
): Headers & { payload: Uint8Array } {
  let value = decode(bytes, options);
  if (value instanceof Tag && value.tag === COSE_TAG.mac0) value = value.value;
  const parts = asArray(value, "cose/malformed", "COSE_Mac0", 4);
  const { headers, authenticated } = readHeaders(parts[0], parts[1], options, options.understood);
  const payload = asBytes(parts[2], "cose/malformed", "payload");
  const tag = asBytes(parts[3], "cose/malformed", "tag");
  const algorithm = allowedAlgorithm(headers.protected, options.algorithms);
  const expected = compute(crypto, algorithm, options.key, authenticated, options.externalAad, payload);
  if (!equal(tag, expected)) throw new VagusError("cose/decrypt", "the authentication tag is not right");
  return { ...headers, payload };
}

// MAC_structure = [ "MAC0", protected: bstr, external_aad: bstr, payload: bstr ]   (section 6.3)
function compute(
  crypto: Crypto,
  algorithm: MacAlgorithm,
  key: Uint8Array,
  authenticated: Uint8Array,
  externalAad: Uint8Array | undefined,
  payload: Uint8Array,
): Uint8Array {
  const message = encode(["MAC0", authenticated, externalAad ?? EMPTY(), payload]);
  return crypto.hmacSha256(key, message).slice(0, MAC_LENGTH[algorithm]);
}
