/** message_3 (RFC 9528 section 5.4): encrypted for the Responder that message_2 proved, so nobody else learns who we are. */
import { concat } from "../bytes/index.js";
import { encode } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { decodeIdCred, encodeIdCred, type IdCred } from "./credentials.js";
import { openMessage, sealMessage } from "./encrypt0.js";
import { bytesIn, malformed, splitItems } from "./items.js";
import { computeKey3 } from "./key-schedule.js";
import type { Suite } from "./suites.js";

// message_3 = ( CIPHERTEXT_3 : bstr )
export function encodeMessage3(
  crypto: Crypto,
  suite: Suite,
  prk_3e2m: Uint8Array,
  th_3: Uint8Array,
  plaintext_3: Uint8Array,
): Uint8Array {
  return sealMessage(crypto, suite, computeKey3(crypto, prk_3e2m, th_3), th_3, plaintext_3);
}

/** PLAINTEXT_3. @throws VagusError `edhoc/mac`, `edhoc/malformed`, `cbor/…` */
export function decodeMessage3(
  crypto: Crypto,
  suite: Suite,
  prk_3e2m: Uint8Array,
  th_3: Uint8Array,
  message_3: Uint8Array,
): Uint8Array {
  return openMessage(crypto, suite, computeKey3(crypto, prk_3e2m, th_3), th_3, message_3);
}

export interface Plaintext3 {
  readonly id_cred_i: IdCred;
  readonly signature_or_mac_3: Uint8Array;
  readonly ead_3: readonly Uint8Array[];
}

// PLAINTEXT_3 = ( ID_CRED_I : map / bstr / -24..23, Signature_or_MAC_3 : bstr, ? EAD_3 )
export function encodePlaintext3(
  id_cred_i: Uint8Array,
  signature_or_mac_3: Uint8Array,
  ead_3: Uint8Array,
): Uint8Array {
  return concat(encodeIdCred(id_cred_i), encode(signature_or_mac_3), ead_3);
}

/** @throws VagusError `edhoc/malformed`, `edhoc/credential`, `cbor/…` */
export function decodePlaintext3(plaintext_3: Uint8Array): Plaintext3 {
  const items = splitItems(plaintext_3);
  if (items.length < 2) throw malformed(`PLAINTEXT_3: expected 2 items or more, came ${items.length}`);
  return {
    id_cred_i: decodeIdCred(items[0]),
    signature_or_mac_3: bytesIn(items[1], "Signature_or_MAC_3"),
    ead_3: items.slice(2),
  };
}
