/** The functions of xs_crypto.c, and how their results become values and errors. */
import { errorCode, VagusError } from "../../error/index.js";

/** What a native made, or the integer of an error code. */
export type Made = ArrayBuffer | number;

declare global {
  interface XsNatives {
    xs_crypto_init(): undefined | number;
    xs_crypto_random(length: number): Made;
    xs_crypto_sha256(message: Uint8Array): Made;
    xs_crypto_hmac_sha256(key: Uint8Array, message: Uint8Array): Made;
    xs_crypto_hkdf_expand(prk: Uint8Array, info: Uint8Array, length: number): Made;
    xs_crypto_ccm_seal(
      key: Uint8Array,
      nonce: Uint8Array,
      aad: Uint8Array,
      plaintext: Uint8Array,
      tagLength: number,
    ): Made;
    xs_crypto_ccm_open(
      key: Uint8Array,
      nonce: Uint8Array,
      aad: Uint8Array,
      ciphertext: Uint8Array,
      tagLength: number,
    ): Made;
    xs_crypto_verify(
      curve: number,
      publicKey: Uint8Array,
      message: Uint8Array,
      signature: Uint8Array,
    ): boolean | number;
    xs_crypto_p256_on_curve(point: Uint8Array): boolean | number;
    /** On a key without bytes, once: gives it some and returns its public key. */
    xs_crypto_key_generate(this: object, curve: number): Made;
    xs_crypto_key_import(this: object, curve: number, privateBytes: Uint8Array): Made;
    xs_crypto_key_unseal(this: object, curve: number, blob: Uint8Array): Made;
    xs_crypto_key_sign(this: object, message: Uint8Array): Made;
    xs_crypto_key_agree(this: object, peerPublicKey: Uint8Array): Made;
    xs_crypto_key_seal(this: object): Made;
    xs_crypto_key_close(this: object): void;
  }
}

/** @throws the error whose number a native returned; `detail` says what was expected. */
export function refuse(number: number, detail: string): never {
  throw new VagusError(errorCode(number) ?? "crypto/failed", detail);
}

export function made(result: Made, detail: string): Uint8Array {
  return typeof result === "number" ? refuse(result, detail) : new Uint8Array(result);
}

export function decided(result: boolean | number, detail: string): boolean {
  return typeof result === "number" ? refuse(result, detail) : result;
}
