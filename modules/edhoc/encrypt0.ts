/**
 * The COSE_Encrypt0 that message_3 and message_4 are (RFC 9528 sections 5.4.2, 5.5.2). Only the ciphertext travels;
 * the protected bucket is empty and external_aad is the transcript hash.
 *
 *   Enc_structure = [ "Encrypt0", h'', TH ]
 */
import { encode } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { unauthentic } from "./authentication.js";
import { onlyBytes } from "./items.js";
import type { AeadKey } from "./key-schedule.js";
import type { Suite } from "./suites.js";

/** A_3 of TH_3, A_4 of TH_4. */
export function associatedData(th: Uint8Array): Uint8Array {
  return encode(["Encrypt0", new Uint8Array(0), th]);
}

/** The message: the ciphertext as a byte string. */
export function sealMessage(
  crypto: Crypto,
  suite: Suite,
  key: AeadKey,
  th: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  return encode(crypto.aesCcmSeal(key.k, key.iv, associatedData(th), plaintext, suite.tagLength));
}

/** @throws VagusError `edhoc/mac`; `edhoc/malformed`, `cbor/…` for what is not one byte string */
export function openMessage(
  crypto: Crypto,
  suite: Suite,
  key: AeadKey,
  th: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const ciphertext = onlyBytes(message, "message");
  try {
    return crypto.aesCcmOpen(key.k, key.iv, associatedData(th), ciphertext, suite.tagLength);
  } catch (error) {
    if (error instanceof VagusError && error.code === "crypto/bad-tag") throw unauthentic();
    throw error;
  }
}
