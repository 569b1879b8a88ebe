/** What both implementations ask of their arguments, so that both refuse the same ones with the same codes. */
import { VagusError } from "../error/index.js";

/** Seven bytes of nonce leave eight of CCM's length field, thirteen leave two (SP 800-38C appendix A.1). */
const LONGEST_NONCE = 13;
const SHORTEST_NONCE = 7;
const LONGEST_TAG = 16;

export const MAX_RANDOM = 1024;
/** RFC 5869 section 2.3: 255 blocks of SHA-256. */
const MAX_EXPAND = 255 * 32;

/** @throws `crypto/type` where a caller without a compiler passes something else. */
export function checkBytes(value: unknown, name: string): void {
  if (!(value instanceof Uint8Array)) {
    throw new VagusError("crypto/type", `expected ${name} as Uint8Array, came ${typeof value}`);
  }
}

/** @throws `crypto/bad-length` for anything but a whole number from 0 to `most`. */
export function checkLength(length: number, most: number, name: string): void {
  if (!Number.isInteger(length) || length < 0 || length > most) {
    throw new VagusError(
      "crypto/bad-length",
      `expected ${name} of 0 to ${most} bytes, came ${String(length)}`,
    );
  }
}

/** What HKDF-Expand takes: a key of HashLen octets at least (RFC 5869 section 2.3). @throws `crypto/bad-length` */
export function checkExpand(prk: Uint8Array, info: Uint8Array, length: number): void {
  checkBytes(prk, "prk");
  checkBytes(info, "info");
  if (prk.length < 32) {
    throw new VagusError("crypto/bad-length", `expected a prk of 32 bytes or more, came ${prk.length}`);
  }
  checkLength(length, MAX_EXPAND, "output");
}

/** The lengths that AES-CCM allows for key, nonce and tag. @throws `crypto/bad-length`, `crypto/type` */
export function checkCcm(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  text: Uint8Array,
  tagLength: number,
): void {
  checkBytes(key, "key");
  checkBytes(nonce, "nonce");
  checkBytes(aad, "aad");
  checkBytes(text, "text");
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new VagusError("crypto/bad-length", `expected a key of 16, 24 or 32 bytes, came ${key.length}`);
  }
  if (nonce.length < SHORTEST_NONCE || nonce.length > LONGEST_NONCE) {
    throw new VagusError("crypto/bad-length", `expected a nonce of 7 to 13 bytes, came ${nonce.length}`);
  }
  if (!Number.isInteger(tagLength) || tagLength < 4 || tagLength > LONGEST_TAG || tagLength % 2 !== 0) {
    throw new VagusError(
      "crypto/bad-length",
      `expected a tag of 4, 6, … 16 bytes, came ${String(tagLength)}`,
    );
  }
}

/** The longest plaintext under a nonce of this length: its length must fit the 15 − n bytes left (RFC 3610 section 2). */
export function longestPlaintext(nonceLength: number): number {
  return Math.min(2 ** (8 * (15 - nonceLength)) - 1, Number.MAX_SAFE_INTEGER);
}

/** @throws `crypto/bad-length` for a plaintext whose length does not fit beside this nonce. */
export function checkPlaintext(length: number, nonceLength: number): void {
  const most = longestPlaintext(nonceLength);
  if (length > most) {
    throw new VagusError(
      "crypto/bad-length",
      `expected at most ${most} bytes beside a nonce of ${nonceLength}, came ${length}`,
    );
  }
}

/** What nobody can have sealed: @throws `crypto/bad-tag` for a ciphertext without a whole tag, or beyond the nonce's limit. */
export function checkCiphertext(length: number, nonceLength: number, tagLength: number): void {
  if (length < tagLength || length - tagLength > longestPlaintext(nonceLength)) {
    throw new VagusError(
      "crypto/bad-tag",
      `expected a ciphertext with a tag of ${tagLength}, came ${length} bytes`,
    );
  }
}
