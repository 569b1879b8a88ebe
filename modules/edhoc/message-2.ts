/**
 * message_2 (RFC 9528 section 5.3). The keystream hides the Responder from who only listens; an active attacker
 * reads it with a message_1 of its own. Nothing in it is authentic before Signature_or_MAC_2 is verified.
 */
import { concat } from "../bytes/index.js";
import { encode } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { decodeIdCred, encodeIdCred, type IdCred } from "./credentials.js";
import { bytesIn, decodeIdentifier, encodeIdentifier, malformed, onlyBytes, splitItems } from "./items.js";
import { computeKeystream2 } from "./key-schedule.js";
import { G_LENGTH } from "./suites.js";

// message_2 = ( G_Y_CIPHERTEXT_2 : bstr )       G_Y is 32 bytes in suites 0 to 3
export function encodeMessage2(g_y: Uint8Array, ciphertext_2: Uint8Array): Uint8Array {
  return encode(concat(g_y, ciphertext_2));
}

/** @throws VagusError `edhoc/malformed`, `cbor/…` */
export function decodeMessage2(message: Uint8Array): { g_y: Uint8Array; ciphertext_2: Uint8Array } {
  const both = onlyBytes(message, "message_2");
  if (both.length <= G_LENGTH) {
    throw malformed(`message_2: expected more than ${G_LENGTH} bytes, came ${both.length}`);
  }
  return { g_y: both.slice(0, G_LENGTH), ciphertext_2: both.subarray(G_LENGTH) };
}

export interface Plaintext2 {
  readonly c_r: Uint8Array;
  readonly id_cred_r: IdCred;
  readonly signature_or_mac_2: Uint8Array;
  readonly ead_2: readonly Uint8Array[];
}

// PLAINTEXT_2 = ( C_R : bstr / -24..23, ID_CRED_R : map / bstr / -24..23, Signature_or_MAC_2 : bstr, ? EAD_2 )
export function encodePlaintext2(
  c_r: Uint8Array,
  id_cred_r: Uint8Array,
  signature_or_mac_2: Uint8Array,
  ead_2: Uint8Array,
): Uint8Array {
  return concat(encodeIdentifier(c_r), encodeIdCred(id_cred_r), encode(signature_or_mac_2), ead_2);
}

/** @throws VagusError `edhoc/malformed`, `edhoc/credential`, `cbor/…` */
export function decodePlaintext2(plaintext_2: Uint8Array): Plaintext2 {
  const items = splitItems(plaintext_2);
  if (items.length < 3) throw malformed(`PLAINTEXT_2: expected 3 items or more, came ${items.length}`);
  return {
    c_r: decodeIdentifier(items[0], "C_R"),
    id_cred_r: decodeIdCred(items[1]),
    signature_or_mac_2: bytesIn(items[2], "Signature_or_MAC_2"),
    ead_2: items.slice(3),
  };
}

/** CIPHERTEXT_2 of PLAINTEXT_2 and back: XOR with KEYSTREAM_2. @throws VagusError `crypto/bad-length` beyond 8160 */
export function crypt2(crypto: Crypto, prk_2e: Uint8Array, th_2: Uint8Array, text: Uint8Array): Uint8Array {
  const result = computeKeystream2(crypto, prk_2e, th_2, text.length);
  for (let i = 0; i < result.length; i++) result[i] ^= text[i];
  return result;
}
