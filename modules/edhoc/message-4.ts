/** message_4 (RFC 9528 section 5.5): the Responder has the keys too. Vagus always sends and expects it. */
import type { Crypto } from "../crypto/port.js";
import { type EadItem, encodeEad, readEad } from "./ead.js";
import { openMessage, sealMessage } from "./encrypt0.js";
import { splitItems } from "./items.js";
import { computeKey4 } from "./key-schedule.js";
import type { Suite } from "./suites.js";

// message_4 = ( CIPHERTEXT_4 : bstr ), PLAINTEXT_4 = ( ? EAD_4 )
export function encodeMessage4(
  crypto: Crypto,
  suite: Suite,
  prk_4e3m: Uint8Array,
  th_4: Uint8Array,
  ead_4: readonly EadItem[],
): Uint8Array {
  return sealMessage(crypto, suite, computeKey4(crypto, prk_4e3m, th_4), th_4, encodeEad(ead_4));
}

/** EAD_4. @throws VagusError `edhoc/mac`, `edhoc/critical-ead`, `edhoc/malformed`, `cbor/…` */
export function decodeMessage4(
  crypto: Crypto,
  suite: Suite,
  prk_4e3m: Uint8Array,
  th_4: Uint8Array,
  message_4: Uint8Array,
  understood: readonly number[],
): EadItem[] {
  const plaintext_4 = openMessage(crypto, suite, computeKey4(crypto, prk_4e3m, th_4), th_4, message_4);
  return readEad(splitItems(plaintext_4), understood);
}
