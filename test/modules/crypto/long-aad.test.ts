/** AES-CCM on both sides of 65,280 bytes of aad, where its length takes ff fe and four bytes (SP 800-38C appendix A.2.2). */
import { cryptos } from "engine";
import { fromHex } from "../../../modules/bytes/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { deep, throws } from "../../support/assert.js";

/** 00 01 … ff 00 01 … */
const count = (length: number) => Uint8Array.from({ length }, (_, i) => i);

/** Lengths of aad, key, nonce, plaintext and tag, all of them counting up; and what OpenSSL 3.0 made of them. */
const CASES: readonly [number, number, number, number, number, string][] = [
  [65279, 16, 13, 24, 8, "1635b68b570cfc85529e39ac913910d7f3111631623867f164a9d95e2fd50ef2"],
  [65280, 16, 13, 24, 8, "1635b68b570cfc85529e39ac913910d7f3111631623867f150457b2d81d996ae"],
  [65281, 24, 7, 0, 16, "40cc6268d3ff5d534f7b4d28ed53fb02"],
  [65290, 32, 12, 32, 4, "8ad4ba153a2acf90a4c0bb28013d524b2d6504662d604eae7dbc994e89053c6c1af8b21f"],
  [
    70000,
    16,
    11,
    33,
    14,
    "3f9d27a8d24d377bc99102839785c46452e44653e5f3f27e8d45397d62f227721a349eced3f0f11bb682eaf3164a7f",
  ],
];

for (const crypto of cryptos) {
  describe(`AES-CCM with long aad, ${crypto.name}, as OpenSSL has it`, () => {
    for (const [aad, key, nonce, text, tag, sealed] of CASES) {
      it(`aad ${aad}, key ${key}, nonce ${nonce}, plaintext ${text}, tag ${tag}`, () => {
        const parts = [count(key), count(nonce), count(aad)] as const;
        deep(crypto.aesCcmSeal(...parts, count(text), tag), fromHex(sealed));
        deep(crypto.aesCcmOpen(...parts, fromHex(sealed), tag), count(text));
      });
    }
  });
}

const KEY = count(16);
const NONCE = count(13);
const TAG = 8;
const TEXT = count(40);

function refusesAllChanges(crypto: Crypto, aad: Uint8Array, sealed: Uint8Array): void {
  const open = () => crypto.aesCcmOpen(KEY, NONCE, aad, sealed, TAG);
  const places: readonly [string, Uint8Array, number][] = [
    ["first byte of aad", aad, 0],
    ["a middle byte of aad", aad, 32_768],
    ["last byte of aad", aad, aad.length - 1],
    ["first byte of ciphertext", sealed, 0],
    ["last byte of ciphertext", sealed, TEXT.length - 1],
    ["first byte of tag", sealed, TEXT.length],
    ["last byte of tag", sealed, sealed.length - 1],
  ];
  for (const [name, bytes, place] of places) {
    bytes[place] ^= 1;
    throws("crypto/bad-tag", open, name);
    bytes[place] ^= 1;
  }
  deep(open(), TEXT);
  const shorter = aad.subarray(0, aad.length - 1);
  throws("crypto/bad-tag", () => crypto.aesCcmOpen(KEY, NONCE, shorter, sealed, TAG), "one byte less of aad");
  throws(
    "crypto/bad-tag",
    () => crypto.aesCcmOpen(KEY, NONCE, aad, sealed.subarray(1), TAG),
    "a cut ciphertext",
  );
}

for (const maker of cryptos) {
  for (const taker of cryptos) {
    describe(`AES-CCM with long aad, sealed by ${maker.name}, opened by ${taker.name}`, () => {
      for (const length of [65279, 65280, 65281, 70000]) {
        it(`${length} bytes: opens, and no byte of aad, ciphertext and tag can change`, () => {
          const aad = count(length);
          refusesAllChanges(taker, aad, maker.aesCcmSeal(KEY, NONCE, aad, TEXT, TAG));
        });
      }
    });
  }
}

for (const crypto of cryptos) {
  it(`AES-CCM with long aad, ${crypto.name}: lengths that CCM does not allow`, () => {
    const aad = count(65280);
    const seal = (nonce: number, text: number, tag: number) => () =>
      crypto.aesCcmSeal(KEY, count(nonce), aad, count(text), tag);
    throws("crypto/bad-length", seal(6, 0, 8));
    throws("crypto/bad-length", seal(14, 0, 8));
    throws("crypto/bad-length", seal(13, 0, 5));
    throws("crypto/bad-length", seal(13, 65536, 8));
    throws("crypto/bad-tag", () => crypto.aesCcmOpen(KEY, NONCE, aad, count(TAG - 1), TAG));
    throws("crypto/bad-tag", () => crypto.aesCcmOpen(KEY, NONCE, aad, count(65536 + TAG), TAG));
  });
}
