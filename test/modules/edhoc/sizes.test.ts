import { cryptos } from "engine";
import { deep, same } from "../../support/assert.js";
import { SpyCrypto } from "../../vectors/edhoc-spy.js";
import { type By, setup, shake } from "./parties.js";

/** Bytes of messages 1 to 4 in method 0 with credentials of 340 bytes and kids of 8; C_I and C_R of 1. */
const SIZES: readonly (readonly [string, readonly [By, By], 1 | 3, readonly number[]])[] = [
  ["both by value", ["kcwt", "kcwt"], 1, [37, 444, 427, 17]],
  ["I by value, R by kid", ["kcwt", "kid"], 1, [37, 110, 427, 17]],
  ["both by kid", ["kid", "kid"], 1, [37, 110, 93, 17]],
  ["both by kid, P-256", ["kid", "kid"], 3, [37, 110, 93, 17]],
];

for (const crypto of cryptos) {
  describe(`EDHOC message sizes and operations, ${crypto.name}`, () => {
    for (const [name, by, suite, expected] of SIZES) {
      it(`method 0, suite ${suite}, ${name}: ${expected.join(" + ")} bytes`, async () => {
        const { messages } = await shake(crypto, crypto, await setup(crypto, 0, suite, by));
        deep(
          messages.map(({ length }) => length),
          expected,
        );
      });
    }

    it("a side generates, agrees, signs and verifies once each in method 0", async () => {
      const both = await setup(crypto, 0, 1);
      const [I, R] = [new SpyCrypto(crypto), new SpyCrypto(crypto)];
      await shake(I, R, both);
      for (const { counts } of [I, R]) {
        const { generate, agree, sign, verify, sha256, hkdfExtract, hkdfExpand } = counts;
        deep([generate, agree, sign, verify], [1, 1, 1, 1]);
        deep([sha256, hkdfExtract, hkdfExpand], [4, 1, 9]);
        same((counts.aesCcmSeal ?? 0) + (counts.aesCcmOpen ?? 0), 2);
      }
    });
  });
}
