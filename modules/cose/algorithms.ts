/** COSE algorithm numbers (RFC 9053) and what belongs to them. */

import type { SignatureAlgorithm, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { HEADER, type HeaderMap } from "./headers.js";

/** IANA's COSE algorithms, as far as they occur here. */
export const ALGORITHM = {
  EdDSA: -8,
  ES256: -7,
  "HMAC 256/64": 4,
  "HMAC 256/256": 5,
  "AES-CCM-16-64-128": 10,
  "AES-CCM-16-128-128": 30,
  A128KW: -3,
  "ECDH-ES+A128KW": -29,
} as const;

/** AES-CCM with nonces of 13 bytes and keys of 16 (RFC 9053 section 4.2), by its number. */
export type AeadAlgorithm = 10 | 30;

/** Bytes of tag at the ciphertext's end. */
export const TAG_LENGTH: Record<AeadAlgorithm, number> = { 10: 8, 30: 16 };
export const AEAD_KEY_LENGTH = 16;
export const AEAD_NONCE_LENGTH = 13;

/** The signature algorithm of a curve: section 2.2 for Ed25519, section 2.1 for P-256. */
export function signatureAlgorithm(curve: SigningCurve): SignatureAlgorithm {
  return curve === "Ed25519" ? "EdDSA" : "ES256";
}

/**
 * The protected `alg` of a message, if it is one of the caller's.
 * @throws VagusError `cose/algorithm` where it is missing, unprotected or not allowed.
 */
export function allowedAlgorithm<A extends number>(protectedMap: HeaderMap, allowed: readonly A[]): A {
  const alg = protectedMap.get(HEADER.alg);
  const found = allowed.find((algorithm) => algorithm === alg);
  if (found === undefined) {
    const came = typeof alg === "number" || typeof alg === "string" ? alg : "none";
    throw new VagusError("cose/algorithm", `expected one of ${allowed.join(", ")} protected, came ${came}`);
  }
  return found;
}
