/** Keys for checking, as a person has them: COSE_Key in CBOR or hexadecimal, JWK (RFC 7517, RFC 8037) as JSON, in files or not. */
import { existsSync, statSync } from "node:fs";
import { concat } from "../../modules/bytes/index.js";
import { decode } from "../../modules/cbor/index.js";
import { asLabelled } from "../../modules/cbor/shape.js";
import {
  ALGORITHM,
  fromCoseKey,
  KEY,
  KTY,
  toVerificationKey,
  type VerificationKey,
} from "../../modules/cose/index.js";
import { symmetricFromCoseKey } from "../../modules/cose/key.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { decodeInput, readPath } from "./input.js";

export type InspectKey =
  | { readonly kind: "public"; readonly name: string; readonly key: VerificationKey }
  | {
      readonly kind: "symmetric";
      readonly name: string;
      readonly k: Uint8Array;
      readonly algorithm: number | undefined;
    };

/** @throws VagusError `cose/key`, `host/input`, `cbor/…` for what is no key, or none that could check anything. */
export function readKey(crypto: Crypto, source: string): InspectKey {
  const isFile = source.length < 4096 && existsSync(source) && statSync(source).isFile();
  const raw = isFile ? readPath(source) : new TextEncoder().encode(source);
  const text = Buffer.from(raw).toString("utf8").trim();
  if (text.startsWith("{") && text.endsWith("}")) return fromJwk(crypto, parseJson(text));
  return fromCbor(crypto, decodeInput(raw, undefined, isFile).bytes);
}

/** The private part of a key pair is left aside. */
export function fromCbor(crypto: Crypto, bytes: Uint8Array): InspectKey {
  const options = { deterministic: false, maxSize: 4096, maxText: 1024 };
  const map = new Map(asLabelled(decode(bytes, options), "cose/key", "COSE_Key"));
  if (map.get(KEY.kty) === KTY.symmetric) {
    const { k, algorithm } = symmetricFromCoseKey(map);
    return { kind: "symmetric", name: `symmetric, ${k.length} bytes`, k, algorithm };
  }
  map.delete(KEY.d);
  const key = fromCoseKey(crypto, map);
  return publicKey(toVerificationKey(key.operations === undefined ? key : { ...key, operations: [2] }));
}

function publicKey(key: VerificationKey): InspectKey {
  return { kind: "public", name: key.curve, key };
}

type Jwk = Record<string, unknown>;

function parseJson(text: string): Jwk {
  try {
    return JSON.parse(text) as Jwk;
  } catch (error) {
    throw new VagusError("host/input", `expected a JWK, came ${(error as Error).message}`);
  }
}

export function fromJwk(crypto: Crypto, jwk: Jwk): InspectKey {
  if (jwk.kty === "oct") {
    const k = member(jwk, "k");
    return { kind: "symmetric", name: `symmetric, ${k.length} bytes`, k, algorithm: undefined };
  }
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519")
    return publicKey({ curve: "Ed25519", publicKey: member(jwk, "x", 32) });
  if (jwk.kty === "EC" && jwk.crv === "P-256") {
    const point = concat(Uint8Array.of(4), member(jwk, "x", 32), member(jwk, "y", 32));
    if (!crypto.isOnP256(point))
      throw new VagusError("cose/key", "expected a point on P-256, came another point");
    return publicKey({ curve: "P-256", publicKey: point });
  }
  throw new VagusError(
    "cose/key",
    `expected kty OKP with Ed25519, EC with P-256, or oct, came ${String(jwk.kty)}, ${String(jwk.crv ?? "no crv")}`,
  );
}

function member(jwk: Jwk, name: string, length?: number): Uint8Array {
  const text = jwk[name];
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1)
    throw new VagusError("cose/key", `${name}: expected base64url, came something else`);
  const bytes = new Uint8Array(Buffer.from(text, "base64url"));
  if (length !== undefined && bytes.length !== length)
    throw new VagusError("cose/key", `${name}: expected ${length} bytes, came ${bytes.length}`);
  return bytes;
}

/** The algorithms that a symmetric key may be used with: its own, if it names one. */
export function allowed<A extends number>(key: { algorithm: number | undefined }, all: readonly A[]): A[] {
  return all.filter((algorithm) => key.algorithm === undefined || key.algorithm === algorithm);
}

export const AEADS = [ALGORITHM["AES-CCM-16-64-128"], ALGORITHM["AES-CCM-16-128-128"]] as const;
export const MACS = [ALGORITHM["HMAC 256/64"], ALGORITHM["HMAC 256/256"]] as const;
