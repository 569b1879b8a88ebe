/**
 * The Crypto port where it costs most, over OpenSSL as Node has it: the curves are real, and another implementation's. A
 * week of signatures then takes minutes. Keys are sealed as the portable ones are.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { Crypto, Curve, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const CIPHER = "aes-128-ccm";

export function openssl(real: Crypto): Crypto {
  const publicKeys = new Map<string, KeyObject>();
  const privateKeys = new WeakMap<PrivateKey, KeyObject>();
  const blobs = new Map<string, PrivateKey>();
  const seeds = new WeakMap<PrivateKey, Uint8Array>();

  const importKey = async <C extends Curve>(curve: C, bytes: Uint8Array): Promise<PrivateKey<C>> => {
    const key = await real.importKey(curve, bytes);
    seeds.set(key, bytes.slice());
    if (curve !== "Ed25519") return key;
    const jwk = { kty: "OKP", crv: "Ed25519", d: base64url(bytes), x: base64url(key.publicKey) };
    privateKeys.set(key, createPrivateKey({ key: jwk, format: "jwk" }));
    return key;
  };
  const verifying = (publicKey: Uint8Array): KeyObject => {
    const x = base64url(publicKey);
    const known =
      publicKeys.get(x) ?? createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    publicKeys.set(x, known);
    return known;
  };

  const crypto: Partial<Crypto> = {
    sha256: (message) => new Uint8Array(createHash("sha256").update(message).digest()),
    importKey,
    generate: (curve) => importKey(curve, real.random(32)),
    async sign(key: PrivateKey<SigningCurve>, message) {
      const own = privateKeys.get(key);
      return own === undefined ? real.sign(key, message) : new Uint8Array(sign(null, message, own));
    },
    verify: (algorithm, publicKey, message, signature) =>
      algorithm === "EdDSA" && publicKey.length === 32
        ? verify(null, message, verifying(publicKey), signature)
        : real.verify(algorithm, publicKey, message, signature),
    aesCcmSeal(key, nonce, aad, plaintext, tagLength) {
      if (key.length !== 16) return real.aesCcmSeal(key, nonce, aad, plaintext, tagLength);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: tagLength });
      cipher.setAAD(aad, { plaintextLength: plaintext.length });
      return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
    },
    aesCcmOpen(key, nonce, aad, ciphertext, tagLength) {
      if (key.length !== 16 || ciphertext.length < tagLength)
        return real.aesCcmOpen(key, nonce, aad, ciphertext, tagLength);
      const length = ciphertext.length - tagLength;
      const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: tagLength });
      cipher.setAuthTag(ciphertext.subarray(length));
      cipher.setAAD(aad, { plaintextLength: length });
      try {
        return new Uint8Array(Buffer.concat([cipher.update(ciphertext.subarray(0, length)), cipher.final()]));
      } catch {
        throw new VagusError("crypto/bad-tag", "expected a ciphertext sealed under this key, came another");
      }
    },
    seal(key) {
      const blob = real.seal(key);
      blobs.set(base64url(blob), key);
      return blob;
    },
    async unseal<C extends Curve>(curve: C, blob: Uint8Array): Promise<PrivateKey<C>> {
      const known = blobs.get(base64url(blob));
      const seed = known && seeds.get(known);
      return seed === undefined ? real.unseal(curve, blob) : importKey(curve, seed);
    },
  };
  return Object.assign(Object.create(real) as Crypto, crypto);
}
