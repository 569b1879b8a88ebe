/**
 * The key schedule (RFC 9528 section 4.1), a function for every formula. H is SHA-256; PRK_x and TH_x are 32 bytes.
 *
 *   PRK_2e   = HKDF-Extract( salt = TH_2, IKM = G_XY )
 *   PRK_3e2m = R signs ? PRK_2e   : HKDF-Extract( SALT_3e2m, G_RX )
 *   PRK_4e3m = I signs ? PRK_3e2m : HKDF-Extract( SALT_4e3m, G_IY )
 *
 *   KEYSTREAM_2  = EDHOC_KDF( PRK_2e,   0, TH_2,      plaintext_length )
 *   SALT_3e2m    = EDHOC_KDF( PRK_2e,   1, TH_2,      hash_length )
 *   MAC_2        = EDHOC_KDF( PRK_3e2m, 2, context_2, mac_length_2 )
 *   K_3          = EDHOC_KDF( PRK_3e2m, 3, TH_3,      key_length )
 *   IV_3         = EDHOC_KDF( PRK_3e2m, 4, TH_3,      iv_length )
 *   SALT_4e3m    = EDHOC_KDF( PRK_3e2m, 5, TH_3,      hash_length )
 *   MAC_3        = EDHOC_KDF( PRK_4e3m, 6, context_3, mac_length_3 )
 *   PRK_out      = EDHOC_KDF( PRK_4e3m, 7, TH_4,      hash_length )
 *   K_4          = EDHOC_KDF( PRK_4e3m, 8, TH_4,      key_length )
 *   IV_4         = EDHOC_KDF( PRK_4e3m, 9, TH_4,      iv_length )
 *   PRK_exporter = EDHOC_KDF( PRK_out, 10, h'',       hash_length )
 *   new PRK_out  = EDHOC_KDF( PRK_out, 11, context,   hash_length )            appendix H
 */
import { concat } from "../bytes/index.js";
import { encode, encodeSequence } from "../cbor/index.js";
import { AEAD_KEY_LENGTH, AEAD_NONCE_LENGTH } from "../cose/algorithms.js";
import type { Crypto } from "../crypto/port.js";
import { HASH_LENGTH } from "./suites.js";

const NONE = new Uint8Array(0);

/** The key and the nonce of one COSE_Encrypt0. */
export interface AeadKey {
  readonly k: Uint8Array;
  readonly iv: Uint8Array;
}

// info = ( info_label : int, context : bstr, length : uint )
/** Section 4.1.2. @throws VagusError `crypto/bad-length` beyond 8160 bytes */
export function edhocKdf(
  crypto: Crypto,
  prk: Uint8Array,
  infoLabel: number,
  context: Uint8Array,
  length: number,
): Uint8Array {
  return crypto.hkdfExpand(prk, encodeSequence(infoLabel, context, length), length);
}

/** H( G_Y, H(message_1) ) */
export function computeTh2(crypto: Crypto, g_y: Uint8Array, message_1: Uint8Array): Uint8Array {
  return crypto.sha256(encodeSequence(g_y, crypto.sha256(message_1)));
}

/** H( TH_2, PLAINTEXT_2, CRED_R ), the last two as the CBOR that they are */
export function computeTh3(
  crypto: Crypto,
  th_2: Uint8Array,
  plaintext_2: Uint8Array,
  cred_r: Uint8Array,
): Uint8Array {
  return crypto.sha256(concat(encode(th_2), plaintext_2, cred_r));
}

/** H( TH_3, PLAINTEXT_3, CRED_I ) */
export function computeTh4(
  crypto: Crypto,
  th_3: Uint8Array,
  plaintext_3: Uint8Array,
  cred_i: Uint8Array,
): Uint8Array {
  return crypto.sha256(concat(encode(th_3), plaintext_3, cred_i));
}

export function computePrk2e(crypto: Crypto, th_2: Uint8Array, g_xy: Uint8Array): Uint8Array {
  return crypto.hkdfExtract(th_2, g_xy);
}

export function computeKeystream2(
  crypto: Crypto,
  prk_2e: Uint8Array,
  th_2: Uint8Array,
  length: number,
): Uint8Array {
  return edhocKdf(crypto, prk_2e, 0, th_2, length);
}

export function computeSalt3e2m(crypto: Crypto, prk_2e: Uint8Array, th_2: Uint8Array): Uint8Array {
  return edhocKdf(crypto, prk_2e, 1, th_2, HASH_LENGTH);
}

/** @param g_rx undefined where the Responder signs */
export function computePrk3e2m(
  crypto: Crypto,
  prk_2e: Uint8Array,
  th_2: Uint8Array,
  g_rx: Uint8Array | undefined,
): Uint8Array {
  return g_rx === undefined ? prk_2e : crypto.hkdfExtract(computeSalt3e2m(crypto, prk_2e, th_2), g_rx);
}

export function computeMac2(
  crypto: Crypto,
  prk_3e2m: Uint8Array,
  context_2: Uint8Array,
  length: number,
): Uint8Array {
  return edhocKdf(crypto, prk_3e2m, 2, context_2, length);
}

export function computeKey3(crypto: Crypto, prk_3e2m: Uint8Array, th_3: Uint8Array): AeadKey {
  return {
    k: edhocKdf(crypto, prk_3e2m, 3, th_3, AEAD_KEY_LENGTH),
    iv: edhocKdf(crypto, prk_3e2m, 4, th_3, AEAD_NONCE_LENGTH),
  };
}

export function computeSalt4e3m(crypto: Crypto, prk_3e2m: Uint8Array, th_3: Uint8Array): Uint8Array {
  return edhocKdf(crypto, prk_3e2m, 5, th_3, HASH_LENGTH);
}

/** @param g_iy undefined where the Initiator signs */
export function computePrk4e3m(
  crypto: Crypto,
  prk_3e2m: Uint8Array,
  th_3: Uint8Array,
  g_iy: Uint8Array | undefined,
): Uint8Array {
  return g_iy === undefined ? prk_3e2m : crypto.hkdfExtract(computeSalt4e3m(crypto, prk_3e2m, th_3), g_iy);
}

export function computeMac3(
  crypto: Crypto,
  prk_4e3m: Uint8Array,
  context_3: Uint8Array,
  length: number,
): Uint8Array {
  return edhocKdf(crypto, prk_4e3m, 6, context_3, length);
}

export function computePrkOut(crypto: Crypto, prk_4e3m: Uint8Array, th_4: Uint8Array): Uint8Array {
  return edhocKdf(crypto, prk_4e3m, 7, th_4, HASH_LENGTH);
}

export function computeKey4(crypto: Crypto, prk_4e3m: Uint8Array, th_4: Uint8Array): AeadKey {
  return {
    k: edhocKdf(crypto, prk_4e3m, 8, th_4, AEAD_KEY_LENGTH),
    iv: edhocKdf(crypto, prk_4e3m, 9, th_4, AEAD_NONCE_LENGTH),
  };
}

export function computePrkExporter(crypto: Crypto, prk_out: Uint8Array): Uint8Array {
  return edhocKdf(crypto, prk_out, 10, NONE, HASH_LENGTH);
}

export function computeUpdatedPrkOut(crypto: Crypto, prk_out: Uint8Array, context: Uint8Array): Uint8Array {
  return edhocKdf(crypto, prk_out, 11, context, HASH_LENGTH);
}
