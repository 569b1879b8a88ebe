/** X25519 (RFC 7748 section 5). */
import { x25519 } from "@noble/curves/ed25519.js";
import { VagusError } from "../../error/index.js";

export function publicKey(scalar: Uint8Array): Uint8Array {
  return x25519.getPublicKey(scalar);
}

/** @throws `crypto/bad-point` for a peer of small order, whose result is all zero (RFC 7748 section 6.1). */
export function agree(scalar: Uint8Array, peer: Uint8Array): Uint8Array {
  if (peer.length !== 32) {
    throw new VagusError("crypto/bad-point", `expected a u coordinate of 32 bytes, came ${peer.length}`);
  }
  try {
    return x25519.getSharedSecret(scalar, peer);
  } catch {
    throw new VagusError("crypto/bad-point", "expected a peer's key that is not of small order");
  }
}
