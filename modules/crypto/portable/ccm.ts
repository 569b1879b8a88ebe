/**
 * AES-CCM (NIST SP 800-38C; RFC 3610 names its parts) over AES's block function alone.
 *
 *   B_0   flags || nonce || length     flags: 64 with aad, 8 × (M − 2)/2, L − 1; M tag bytes, L = 15 − nonce
 *   B_1…  aad's length || aad || 0…    length: 2 bytes below ff00; ff fe and 4; ff ff and 8
 *         plaintext || 0…              CBC-MAC over all of it, its first M bytes are T
 *   A_i   L − 1 || nonce || i          ciphertext = plaintext ⊕ E(A_1) E(A_2) …, tag = T ⊕ E(A_0)
 *
 * One key may seal at most 2^61 blocks (SP 800-38C section 5.3), and never two messages under one nonce.
 */
import { unsafe } from "@noble/ciphers/aes.js";
import { equal, fromUint } from "../../bytes/index.js";
import { VagusError } from "../../error/index.js";
import { checkCcm, checkCiphertext, checkPlaintext } from "../checks.js";

const BLOCK = 16;

type Schedule = ReturnType<typeof unsafe.expandKeyLE>;

/** RFC 3610 section 2.2: how the length of the additional data is written in front of it. */
function aadLength(length: number): Uint8Array {
  if (length < 0xff00) return fromUint(length, 2);
  const long = length < 2 ** 32;
  const field = new Uint8Array(long ? 6 : 10);
  field.set([0xff, long ? 0xfe : 0xff]);
  field.set(fromUint(length, long ? 4 : 8), 2);
  return field;
}

/** RFC 3610 section 2.2. All 16 bytes of the CBC-MAC, of which the tag keeps the first. */
function cbcMac(
  schedule: Schedule,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  tagLength: number,
): Uint8Array {
  const l = BLOCK - 1 - nonce.length;
  const mac = new Uint8Array(BLOCK);
  mac[0] = (aad.length > 0 ? 64 : 0) | (((tagLength - 2) / 2) << 3) | (l - 1);
  mac.set(nonce, 1);
  mac.set(fromUint(plaintext.length, l), BLOCK - l);
  unsafe.encryptBlock(schedule, mac);

  let used = 0;
  const absorb = (bytes: Uint8Array): void => {
    for (let i = 0; i < bytes.length; i++) {
      mac[used++] ^= bytes[i];
      if (used === BLOCK) {
        unsafe.encryptBlock(schedule, mac);
        used = 0;
      }
    }
  };
  const padWithZeros = (): void => {
    if (used > 0) unsafe.encryptBlock(schedule, mac);
    used = 0;
  };
  if (aad.length > 0) {
    absorb(aadLength(aad.length));
    absorb(aad);
    padWithZeros();
  }
  absorb(plaintext);
  padWithZeros();
  return mac;
}

/** RFC 3610 section 2.3: XORs E(A_0) into `mac`, and `input` with E(A_1), E(A_2) … into `output`. */
function counterMode(
  schedule: Schedule,
  nonce: Uint8Array,
  mac: Uint8Array,
  input: Uint8Array,
  output: Uint8Array,
): void {
  const counter = new Uint8Array(BLOCK);
  counter[0] = BLOCK - 2 - nonce.length;
  counter.set(nonce, 1);
  const stream = new Uint8Array(BLOCK);
  stream.set(counter);
  unsafe.encryptBlock(schedule, stream);
  for (let i = 0; i < BLOCK; i++) mac[i] ^= stream[i];
  for (let start = 0; start < input.length; start += BLOCK) {
    let byte = BLOCK;
    do counter[--byte]++;
    while (counter[byte] === 0);
    stream.set(counter);
    unsafe.encryptBlock(schedule, stream);
    const end = Math.min(start + BLOCK, input.length);
    for (let i = start; i < end; i++) output[i] = input[i] ^ stream[i - start];
  }
}

/** See `Crypto.aesCcmSeal`: RFC 3610 sections 2.2 to 2.4. */
export function aesCcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  tagLength: number,
): Uint8Array {
  checkCcm(key, nonce, aad, plaintext, tagLength);
  checkPlaintext(plaintext.length, nonce.length);
  const schedule = unsafe.expandKeyLE(key);
  const mac = cbcMac(schedule, nonce, aad, plaintext, tagLength);
  const sealed = new Uint8Array(plaintext.length + tagLength);
  counterMode(schedule, nonce, mac, plaintext, sealed);
  schedule.fill(0);
  sealed.set(mac.subarray(0, tagLength), plaintext.length);
  return sealed;
}

/** See `Crypto.aesCcmOpen`: RFC 3610 section 2.5. The plaintext is wiped, not returned, where the tag is wrong. */
export function aesCcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  tagLength: number,
): Uint8Array {
  checkCcm(key, nonce, aad, ciphertext, tagLength);
  checkCiphertext(ciphertext.length, nonce.length, tagLength);
  const length = ciphertext.length - tagLength;
  const schedule = unsafe.expandKeyLE(key);
  const plaintext = new Uint8Array(length);
  const stream0 = new Uint8Array(BLOCK);
  counterMode(schedule, nonce, stream0, ciphertext.subarray(0, length), plaintext);
  const mac = cbcMac(schedule, nonce, aad, plaintext, tagLength);
  schedule.fill(0);
  for (let i = 0; i < BLOCK; i++) mac[i] ^= stream0[i];
  if (!equal(mac.subarray(0, tagLength), ciphertext.subarray(length))) {
    plaintext.fill(0);
    throw new VagusError("crypto/bad-tag", "expected a ciphertext sealed under this key, nonce and aad");
  }
  return plaintext;
}
