/** The Crypto port in C, over PSA Crypto and libsodium: for XS, on devices and in the headless runner. */
import { VagusError } from "../../error/index.js";
import {
  checkBytes,
  checkCcm,
  checkCiphertext,
  checkExpand,
  checkLength,
  checkPlaintext,
  MAX_RANDOM,
} from "../checks.js";
import { decompressP256 } from "../p256.js";
import type { Crypto, PrivateKey } from "../port.js";
import { checkOwn, curveNumber, NativeKey } from "./key.js";
import { decided, made, refuse } from "./natives.js";

function keyFailure(key: PrivateKey, use: string): string {
  return `expected an open key that can ${use}, came one of ${key.curve}`;
}

export function createNativeCrypto(): Crypto {
  const failed = native("xs_crypto_init").call(undefined);
  if (failed !== undefined) refuse(failed, "expected PSA Crypto and libsodium to start");

  const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
    checkBytes(key, "key");
    checkBytes(message, "message");
    return made(native("xs_crypto_hmac_sha256").call(undefined, key, message), "HMAC-SHA-256");
  };

  return {
    name: "native",

    random(length) {
      checkLength(length, MAX_RANDOM, "random bytes");
      return made(native("xs_crypto_random").call(undefined, length), "expected randomness of the platform");
    },

    sha256(message) {
      checkBytes(message, "message");
      return made(native("xs_crypto_sha256").call(undefined, message), "SHA-256");
    },

    hmacSha256,

    hkdfExtract: hmacSha256,

    hkdfExpand(prk, info, length) {
      checkExpand(prk, info, length);
      return made(native("xs_crypto_hkdf_expand").call(undefined, prk, info, length), "HKDF-Expand");
    },

    aesCcmSeal(key, nonce, aad, plaintext, tagLength) {
      checkCcm(key, nonce, aad, plaintext, tagLength);
      checkPlaintext(plaintext.length, nonce.length);
      return made(
        native("xs_crypto_ccm_seal").call(undefined, key, nonce, aad, plaintext, tagLength),
        `AES-CCM with ${aad.length} bytes of aad`,
      );
    },

    aesCcmOpen(key, nonce, aad, ciphertext, tagLength) {
      checkCcm(key, nonce, aad, ciphertext, tagLength);
      checkCiphertext(ciphertext.length, nonce.length, tagLength);
      return made(
        native("xs_crypto_ccm_open").call(undefined, key, nonce, aad, ciphertext, tagLength),
        `expected a ciphertext sealed under this key, nonce and aad (of ${aad.length} bytes)`,
      );
    },

    verify(algorithm, publicKey, message, signature) {
      checkBytes(publicKey, "public key");
      checkBytes(message, "message");
      checkBytes(signature, "signature");
      if (algorithm !== "EdDSA" && algorithm !== "ES256") {
        throw new VagusError("crypto/unsupported", `expected EdDSA or ES256, came ${String(algorithm)}`);
      }
      const curve = curveNumber(algorithm === "EdDSA" ? "Ed25519" : "P-256");
      return decided(
        native("xs_crypto_verify").call(undefined, curve, publicKey, message, signature),
        algorithm,
      );
    },

    async generate(curve) {
      const fill = (key: object, number: number) => native("xs_crypto_key_generate").call(key, number);
      return new NativeKey(curve, fill, "expected randomness of the platform");
    },

    async importKey(curve, privateBytes) {
      checkBytes(privateBytes, "private key");
      const fill = (key: object, number: number) =>
        native("xs_crypto_key_import").call(key, number, privateBytes);
      return new NativeKey(
        curve,
        fill,
        `expected 32 private bytes in ${curve}'s range, came ${privateBytes.length}`,
      );
    },

    /** Of every reading: an async function would take some 40 slots more while it is made. */
    sign(key, message) {
      try {
        checkOwn(key);
        checkBytes(message, "message");
        const signature = native("xs_crypto_key_sign").call(key, message);
        return Promise.resolve(made(signature, keyFailure(key, "sign")));
      } catch (error) {
        return Promise.reject(error);
      }
    },

    async agree(key, peerPublicKey) {
      checkOwn(key);
      checkBytes(peerPublicKey, "peer's public key");
      return made(
        native("xs_crypto_key_agree").call(key, peerPublicKey),
        `${keyFailure(key, "agree")}, and a good point; came ${peerPublicKey.length} bytes`,
      );
    },

    seal(key) {
      checkOwn(key);
      return made(native("xs_crypto_key_seal").call(key), "expected an open key and a device secret");
    },

    async unseal(curve, blob) {
      checkBytes(blob, "blob");
      const fill = (key: object, number: number) => native("xs_crypto_key_unseal").call(key, number, blob);
      return new NativeKey(
        curve,
        fill,
        `expected a ${curve} key that this device sealed, came ${blob.length} bytes`,
      );
    },

    decompressP256,

    isOnP256(point) {
      checkBytes(point, "point");
      return decided(native("xs_crypto_p256_on_curve").call(undefined, point), "P-256");
    },
  };
}
