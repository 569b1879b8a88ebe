/** P-256: ECDSA with SHA-256 (FIPS 186-5 section 6, deterministic as RFC 6979 has it) and ECDH (SP 800-56A 5.7.1.2). */
import { p256 } from "@noble/curves/nist.js";
import { VagusError } from "../../error/index.js";
import { isOnP256 } from "../p256.js";

/** noble's table for the base point takes 600 KB; without it a signature needs seven. */
export function dropTable(): void {
  p256.Point.BASE.precompute(1);
}

/** Is this a scalar from 1 to n − 1? */
export function isScalar(scalar: Uint8Array): boolean {
  return p256.utils.isValidSecretKey(scalar);
}

/** The uncompressed point, 65 bytes. */
export function publicKey(scalar: Uint8Array): Uint8Array {
  return p256.getPublicKey(scalar, false);
}

/** r || s. High s stays high: RFC 9053 does not ask for low s, and RFC 6979's examples have it. */
export function sign(scalar: Uint8Array, message: Uint8Array): Uint8Array {
  return p256.sign(message, scalar, { lowS: false });
}

export function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 65 || key[0] !== 4 || signature.length !== 64) return false;
  try {
    return p256.verify(signature, message, key, { lowS: false });
  } catch {
    return false;
  }
}

/** The shared x. @throws `crypto/bad-point` */
export function agree(scalar: Uint8Array, peer: Uint8Array): Uint8Array {
  if (!isOnP256(peer)) {
    throw new VagusError("crypto/bad-point", `expected 04 || x || y on P-256, came ${peer.length} bytes`);
  }
  return p256.getSharedSecret(scalar, peer).slice(1);
}
