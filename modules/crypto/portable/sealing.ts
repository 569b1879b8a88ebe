/**
 * Keys at rest. Both implementations write the same blob, 61 bytes:
 *
 *   nonce (13, random) || private key (32, enciphered) || tag (16)
 *
 * AES-CCM under the device secret (16 bytes); its additional data is the curve's name in ASCII, so a blob opens as
 * the key that it was and as no other. 2^32 blobs under one secret meet a nonce again with a chance of 2^-41.
 */
import { concat } from "../../bytes/index.js";
import { VagusError } from "../../error/index.js";
import { checkBytes } from "../checks.js";
import type { Curve } from "../port.js";
import { aesCcmOpen, aesCcmSeal } from "./ccm.js";

const NONCE = 13;
const TAG = 16;
const BLOB = NONCE + 32 + TAG;

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function sealSecret(
  deviceSecret: Uint8Array,
  curve: Curve,
  secret: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return concat(nonce, aesCcmSeal(deviceSecret, nonce, ascii(curve), secret, TAG));
}

/** @throws `crypto/bad-tag` */
export function openSecret(deviceSecret: Uint8Array, curve: Curve, blob: Uint8Array): Uint8Array {
  checkBytes(blob, "blob");
  if (blob.length !== BLOB) {
    throw new VagusError("crypto/bad-tag", `expected a sealed key of ${BLOB} bytes, came ${blob.length}`);
  }
  return aesCcmOpen(deviceSecret, blob.subarray(0, NONCE), ascii(curve), blob.subarray(NONCE), TAG);
}
