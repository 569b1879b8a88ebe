/** Node's own cryptography (OpenSSL) as the judge of what no published vector covers. */
import { type CipherCCMTypes, createCipheriv, createDecipheriv } from "node:crypto";
import { cryptos } from "engine";
import { deep, throws } from "../../support/assert.js";

const ROUNDS = 300;
const AAD_LENGTHS = [0, 1, 13, 14, 15, 200, 65279, 65280, 65281, 70000];

/** mulberry32, so that a failing run can be had again: VAGUS_SEED=<the printed seed>. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const seed = Number(process.env.VAGUS_SEED ?? Date.now() % 1_000_000_000);

for (const crypto of cryptos) {
  it(`AES-CCM, ${crypto.name}: ${ROUNDS} random cases as OpenSSL has them (VAGUS_SEED=${seed})`, () => {
    const below = generator(seed);
    const bytes = (length: number) => Uint8Array.from({ length }, () => below(256));
    for (let round = 0; round < ROUNDS; round++) {
      const key = bytes(16 + 8 * below(3));
      const nonce = bytes(7 + (round % 7));
      const tagLength = 4 + 2 * (Math.floor(round / 7) % 7);
      const aad = new Uint8Array(AAD_LENGTHS[round % AAD_LENGTHS.length]).fill(below(256));
      const plaintext = bytes(below(3001));
      const name = `aes-${key.length * 8}-ccm` as CipherCCMTypes;
      const about = `round ${round}: key ${key.length}, nonce ${nonce.length}, aad ${aad.length}, plaintext ${plaintext.length}, tag ${tagLength}`;

      const cipher = createCipheriv(name, key, nonce, { authTagLength: tagLength });
      cipher.setAAD(aad, { plaintextLength: plaintext.length });
      const theirs = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      const ours = crypto.aesCcmSeal(key, nonce, aad, plaintext, tagLength);
      deep(ours, Uint8Array.from(theirs), about);
      deep(crypto.aesCcmOpen(key, nonce, aad, theirs, tagLength), plaintext, about);

      const decipher = createDecipheriv(name, key, nonce, { authTagLength: tagLength });
      decipher.setAuthTag(ours.subarray(plaintext.length));
      decipher.setAAD(aad, { plaintextLength: plaintext.length });
      deep(Uint8Array.from(decipher.update(ours.subarray(0, plaintext.length))), plaintext, about);
      decipher.final();

      ours[below(ours.length)] ^= 1 << below(8);
      throws("crypto/bad-tag", () => crypto.aesCcmOpen(key, nonce, aad, ours, tagLength), about);
    }
  });
}
