/** COSE_Key (RFC 9052 section 7, RFC 9053 section 7): public keys and symmetric ones. */
import { concat } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { asArray, asBytes, asInt, asLabelled } from "../cbor/shape.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { ALGORITHM } from "./algorithms.js";
import type { Label } from "./headers.js";
import type { VerificationKey } from "./sign1.js";

/** Labels of a COSE_Key; those below zero belong to the key type, `k` to symmetric ones. */
export const KEY = { kty: 1, kid: 2, alg: 3, keyOps: 4, crv: -1, k: -1, x: -2, y: -3, d: -4 } as const;
export const KTY = { OKP: 1, EC2: 2, symmetric: 4 } as const;
export const CRV = { "P-256": 1, X25519: 4, Ed25519: 6 } as const;
const VERIFY_OPERATION = 2;

export type KeyCurve = keyof typeof CRV;
export type CoseKey = Map<Label, CborValue>;

export interface PublicKey {
  readonly curve: KeyCurve;
  /** As in the Crypto port: 32 bytes, on P-256 the 65 bytes of the uncompressed point. */
  readonly publicKey: Uint8Array;
  /** COSE's number of the one algorithm that the key is for, where it says so. */
  readonly algorithm?: number;
  readonly kid?: Uint8Array;
  /** `key_ops`, where the key restricts them. */
  readonly operations?: readonly number[];
}

export interface SymmetricKey {
  readonly k: Uint8Array;
  readonly algorithm?: number;
  readonly kid?: Uint8Array;
}

// OKP  { 1: 1, ? 2: kid, ? 3: alg, -1: crv, -2: x }
// EC2  { 1: 2, ? 2: kid, ? 3: alg, -1: 1,   -2: x, -3: y }
/** The COSE_Key of a public key; y is written out in full. */
export function toCoseKey(key: PublicKey): CoseKey {
  const point = key.publicKey;
  const expected = key.curve === "P-256" ? 65 : 32;
  if (point.length !== expected) throw badKey(`${expected} bytes`, `${point.length}`);
  const map = new Map<Label, CborValue>([[KEY.kty, key.curve === "P-256" ? KTY.EC2 : KTY.OKP]]);
  if (key.kid !== undefined) map.set(KEY.kid, key.kid);
  if (key.algorithm !== undefined) map.set(KEY.alg, key.algorithm);
  if (key.operations !== undefined) map.set(KEY.keyOps, [...key.operations]);
  map.set(KEY.crv, CRV[key.curve]);
  map.set(KEY.x, key.curve === "P-256" ? point.slice(1, 33) : point);
  if (key.curve === "P-256") map.set(KEY.y, point.slice(33));
  return map;
}

/**
 * The public key in a COSE_Key; a P-256 point is on its curve, and its y may be only a sign.
 * @throws VagusError `cose/key`, also for a private part where a public key is expected.
 */
export function fromCoseKey(crypto: Crypto, value: CborValue): PublicKey {
  const map = asLabelled(value, "cose/key", "COSE_Key");
  if (map.has(KEY.d)) throw badKey("a public key", "a private part");
  const kty = asInt(map.get(KEY.kty), "cose/key", "kty");
  const curve = curveOf(kty, asInt(map.get(KEY.crv), "cose/key", "crv"));
  const x = asBytes(map.get(KEY.x), "cose/key", "x", 32);
  const publicKey = curve === "P-256" ? point(crypto, x, map.get(KEY.y)) : x.slice();
  return { curve, publicKey, ...common(map), ...operations(map) };
}

/** @throws VagusError `cose/key` */
export function symmetricFromCoseKey(value: CborValue): SymmetricKey {
  const map = asLabelled(value, "cose/key", "COSE_Key");
  asInt(map.get(KEY.kty), "cose/key", "kty", KTY.symmetric, KTY.symmetric);
  return { k: asBytes(map.get(KEY.k), "cose/key", "k").slice(), ...common(map) };
}

/**
 * The key for checking signatures.
 * @throws VagusError `cose/key` for a curve that does not sign, and where `alg` or `key_ops` say otherwise.
 */
export function toVerificationKey(key: PublicKey): VerificationKey {
  const { curve, publicKey, algorithm } = key;
  if (curve === "X25519") throw badKey("a signing curve", curve);
  const own = curve === "Ed25519" ? ALGORITHM.EdDSA : ALGORITHM.ES256;
  if (algorithm !== undefined && algorithm !== own) throw badKey(`alg ${own}`, `${algorithm}`);
  if (key.operations !== undefined && !key.operations.includes(VERIFY_OPERATION)) {
    throw badKey("key_ops with verify", key.operations.join(", "));
  }
  return { curve, publicKey };
}

function curveOf(kty: number, crv: number): KeyCurve {
  if (kty === KTY.EC2 && crv === CRV["P-256"]) return "P-256";
  if (kty === KTY.OKP && crv === CRV.Ed25519) return "Ed25519";
  if (kty === KTY.OKP && crv === CRV.X25519) return "X25519";
  throw badKey("OKP with Ed25519 or X25519, or EC2 with P-256", `kty ${kty}, crv ${crv}`);
}

/** The uncompressed point (SEC 1 section 2.3.3) of x and either y or its lowest bit (RFC 9053 section 7.1.1). */
function point(crypto: Crypto, x: Uint8Array, y: CborValue): Uint8Array {
  if (typeof y === "boolean") {
    try {
      return crypto.decompressP256(concat(Uint8Array.of(y ? 3 : 2), x));
    } catch (error) {
      if (error instanceof VagusError && error.code === "crypto/bad-point")
        throw badKey("a point on P-256", "another x");
      throw error;
    }
  }
  const whole = concat(Uint8Array.of(4), x, asBytes(y, "cose/key", "y", 32));
  if (!crypto.isOnP256(whole)) throw badKey("a point on P-256", "another point");
  return whole;
}

function common(map: CoseKey): { algorithm?: number; kid?: Uint8Array } {
  const found: { algorithm?: number; kid?: Uint8Array } = {};
  if (map.has(KEY.alg)) found.algorithm = asInt(map.get(KEY.alg), "cose/key", "alg");
  if (map.has(KEY.kid)) found.kid = asBytes(map.get(KEY.kid), "cose/key", "kid").slice();
  return found;
}

function operations(map: CoseKey): { operations?: number[] } {
  if (!map.has(KEY.keyOps)) return {};
  const list = asArray(map.get(KEY.keyOps), "cose/key", "key_ops");
  return { operations: list.map((operation) => asInt(operation, "cose/key", "key_ops")) };
}

function badKey(expected: string, came: string): VagusError {
  return new VagusError("cose/key", `expected ${expected}, came ${came}`);
}
