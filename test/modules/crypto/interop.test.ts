/** What one implementation makes the other takes: on XS native and portable meet, on Node portable meets itself. */
import { cryptos } from "engine";
import type { AgreementCurve, SigningCurve } from "../../../modules/crypto/port.js";
import { deep, same } from "../../support/assert.js";

const SECRET = new Uint8Array(32).fill(0x5a);
const MESSAGES = [0, 1, 63, 64, 65, 200, 1500].map((length) => new Uint8Array(length).fill(length));

for (const maker of cryptos) {
  for (const taker of cryptos) {
    describe(`made by ${maker.name}, taken by ${taker.name}`, () => {
      for (const curve of ["Ed25519", "P-256"] as readonly SigningCurve[]) {
        it(`${curve}: the same signatures, which hold`, async () => {
          const key = await maker.importKey(curve, SECRET);
          const theirs = await taker.importKey(curve, SECRET);
          deep(theirs.publicKey, key.publicKey);
          for (const message of MESSAGES) {
            const signature = await maker.sign(key, message);
            deep(await taker.sign(theirs, message), signature);
            const algorithm = curve === "Ed25519" ? "EdDSA" : "ES256";
            same(taker.verify(algorithm, key.publicKey, message, signature), true);
            signature[40] ^= 1;
            same(taker.verify(algorithm, key.publicKey, message, signature), false);
          }
        });
      }

      for (const curve of ["X25519", "P-256-ECDH"] as readonly AgreementCurve[]) {
        it(`${curve}: both ends come to the same secret`, async () => {
          const [mine, theirs] = [await maker.generate(curve), await taker.generate(curve)];
          deep(await maker.agree(mine, theirs.publicKey), await taker.agree(theirs, mine.publicKey));
        });
      }

      it("keys at rest: the same blobs", async () => {
        for (const curve of ["Ed25519", "P-256", "X25519", "P-256-ECDH"] as const) {
          const key = await maker.importKey(curve, SECRET);
          const blob = maker.seal(key);
          await taker.unseal(curve, taker.seal(await taker.importKey(curve, SECRET)));
          deep((await taker.unseal(curve, blob)).publicKey, key.publicKey);
        }
      });

      it("AES-CCM: every nonce and tag length", () => {
        for (let nonceLength = 7; nonceLength <= 13; nonceLength++) {
          for (let tagLength = 4; tagLength <= 16; tagLength += 2) {
            for (const keyLength of [16, 24, 32]) {
              const key = new Uint8Array(keyLength).fill(1);
              const nonce = new Uint8Array(nonceLength).fill(2);
              const [aad, text] = [
                MESSAGES[(nonceLength + tagLength) % 7],
                MESSAGES[(nonceLength * tagLength) % 7],
              ];
              const sealed = maker.aesCcmSeal(key, nonce, aad, text, tagLength);
              deep(taker.aesCcmOpen(key, nonce, aad, sealed, tagLength), text);
            }
          }
        }
      });

      it("HMAC and HKDF: the same bytes for keys and outputs of all sizes", () => {
        for (const key of MESSAGES) {
          for (const message of MESSAGES.slice(0, 5)) {
            deep(taker.hmacSha256(key, message), maker.hmacSha256(key, message));
            deep(taker.hkdfExtract(key, message), maker.hkdfExtract(key, message));
            if (key.length < 32) continue;
            deep(taker.hkdfExpand(key, message, 100), maker.hkdfExpand(key, message, 100));
          }
        }
      });
    });
  }
}
