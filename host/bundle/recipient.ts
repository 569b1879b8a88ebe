/** The reader of an encrypted bundle: a COSE_Key for agreement, X25519 or P-256. */
import { decode, encode } from "../../modules/cbor/index.js";
import { fromCoseKey, type PublicKey, toCoseKey } from "../../modules/cose/index.js";
import type { AgreementCurve, Crypto, PrivateKey } from "../../modules/crypto/port.js";

const KEY_MAX = 256;

export function encodedPublicKey({
  curve,
  publicKey,
}: Pick<PrivateKey<AgreementCurve>, "curve" | "publicKey">): Uint8Array {
  const own = curve === "P-256-ECDH" ? "P-256" : curve;
  return encode(toCoseKey({ curve: own, publicKey }) as Map<number, Uint8Array>);
}

/** @throws VagusError `cose/key`, `cbor/…` */
export function readRecipient(crypto: Crypto, file: Uint8Array): PublicKey {
  return fromCoseKey(crypto, decode(file, { maxSize: KEY_MAX }));
}
