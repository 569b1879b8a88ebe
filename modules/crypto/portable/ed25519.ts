/**
 * Ed25519 (RFC 8032 section 5.1). RFC 8032 leaves two readings of verification open; this is the strict one, and the
 * one that libsodium follows up to 1.0.20: canonical S and A, neither A nor R of small order, and [S]B = R + [k]A
 * itself, not its multiple by the cofactor. So both implementations say the same of signatures made to divide them.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equal } from "../../bytes/index.js";

const { Point } = ed25519;

function littleEndian(bytes: Uint8Array): bigint {
  let value = BigInt(0);
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << BigInt(8)) | BigInt(bytes[i]);
  return value;
}

/** noble's table for the base point is 8 windows wide; without it a signature needs a few kilobytes. */
export function dropTable(): void {
  Point.BASE.precompute(1);
}

export function publicKey(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed);
}

export function sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed);
}

/** RFC 8032 section 5.1.7: R || S holds where [S]B − [k]A encodes to R. */
export function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  const rBytes = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const order = Point.Fn.ORDER;
  if (s >= order) return false;
  let a: ReturnType<typeof Point.fromBytes>;
  try {
    a = Point.fromBytes(key, false);
  } catch {
    return false;
  }
  if (a.isSmallOrder()) return false;
  const k = littleEndian(sha512(concat(rBytes, key, message))) % order;
  const r = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return equal(r.toBytes(), rBytes) && !r.isSmallOrder();
}
