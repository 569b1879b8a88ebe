/**
 * Points of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3): y² = x³ − 3x + b over p, cofactor 1, so every point on
 * the curve but infinity is a good public key. Public values only: nothing here runs in constant time.
 *
 * BigInts are made when a function runs: one preloaded into a device's ROM never equals one made there.
 */
import { fromHex, toHex } from "../bytes/index.js";
import { VagusError } from "../error/index.js";
import { checkBytes } from "./checks.js";

const P = "0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const B = "0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

/** x³ − 3x + b mod p. */
function curveSide(x: bigint, p: bigint): bigint {
  return (x * x * x - BigInt(3) * x + BigInt(B)) % p;
}

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = BigInt(1);
  for (const bit of exponent.toString(2)) {
    result = (result * result) % p;
    if (bit === "1") result = (result * base) % p;
  }
  return result;
}

/** SEC 1 section 2.3.4; `x` alone (32 bytes) stands for its even y. See `Crypto.decompressP256`. */
export function decompressP256(point: Uint8Array): Uint8Array {
  checkBytes(point, "point");
  const compressed = point.length === 33 && (point[0] === 2 || point[0] === 3);
  if (!compressed && point.length !== 32) {
    throw new VagusError(
      "crypto/bad-point",
      `expected 33 bytes from 02 or 03, or an x of 32, came ${point.length}`,
    );
  }
  const xBytes = compressed ? point.subarray(1) : point;
  const wantedParity = compressed ? point[0] & 1 : 0;
  const p = BigInt(P);
  const x = toBigInt(xBytes);
  if (x >= p) throw new VagusError("crypto/bad-point", "expected an x below p");
  const square = (curveSide(x, p) + p) % p;
  // p is 3 mod 4, so a root is the power (p + 1) / 4 (SEC 1 section 2.3.4, step 2.4.1)
  let y = power(square, (p + BigInt(1)) / BigInt(4), p);
  if ((y * y) % p !== square) throw new VagusError("crypto/bad-point", "expected an x of a point on P-256");
  // no y is 0, as the group's order is odd: p − y is the other root
  if (Number(y & BigInt(1)) !== wantedParity) y = p - y;
  const whole = new Uint8Array(65);
  whole[0] = 4;
  whole.set(xBytes, 1);
  whole.set(fromHex(y.toString(16).padStart(64, "0")), 33);
  return whole;
}

/** Is this 04 || x || y a point on P-256? See `Crypto.isOnP256`. */
export function isOnP256(point: Uint8Array): boolean {
  checkBytes(point, "point");
  if (point.length !== 65 || point[0] !== 4) return false;
  const p = BigInt(P);
  const x = toBigInt(point.subarray(1, 33));
  const y = toBigInt(point.subarray(33));
  return x < p && y < p && (y * y - curveSide(x, p)) % p === BigInt(0);
}
