/** COSE Key Thumbprint (RFC 9679). */
import { encode } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { type PublicKey, toCoseKey } from "./key.js";

/** Bytes of a thumbprint that name a key in `kid`, `sub` and revocation lists. */
export const KEY_ID_LENGTH = 8;

/**
 * SHA-256 over the COSE_Key of the required members alone (section 4: kty, crv, x, and y in full), in deterministic
 * encoding: 32 bytes. `kid`, `alg` and `key_ops` do not count.
 */
export function thumbprint(crypto: Crypto, key: Pick<PublicKey, "curve" | "publicKey">): Uint8Array {
  return crypto.sha256(encode(toCoseKey({ curve: key.curve, publicKey: key.publicKey })));
}

/** The first 8 bytes of the thumbprint. */
export function keyId(crypto: Crypto, key: Pick<PublicKey, "curve" | "publicKey">): Uint8Array {
  return thumbprint(crypto, key).slice(0, KEY_ID_LENGTH);
}
