import { cryptos } from "engine";
import { fromHex } from "../../../modules/bytes/index.js";
import { encode } from "../../../modules/cbor/index.js";
import { mac0, verifyMac0 } from "../../../modules/cose/mac0.js";
import { deep, same, throws } from "../../support/assert.js";

const KEY = new Uint8Array(32).fill(3);
const PAYLOAD = fromHex("0102");

for (const crypto of cryptos) {
  describe(`COSE_Mac0 (RFC 9052 section 6), ${crypto.name}`, () => {
    for (const [algorithm, length] of [
      [4, 8],
      [5, 32],
    ] as const) {
      it(`HMAC with SHA-256, tag of ${length} bytes`, () => {
        const bytes = mac0(crypto, { algorithm, key: KEY, payload: PAYLOAD });
        const protectedBytes = encode(new Map([[1, algorithm]]));
        const structure = encode(["MAC0", protectedBytes, new Uint8Array(0), PAYLOAD]);
        const tag = crypto.hmacSha256(KEY, structure).slice(0, length);
        deep(bytes, encode([protectedBytes, new Map(), PAYLOAD, tag]));
        deep(verifyMac0(crypto, bytes, { algorithms: [algorithm], key: KEY }).payload, PAYLOAD);
        for (let i = 1; i <= length; i++) {
          const bad = bytes.slice();
          bad[bad.length - i] ^= 1;
          throws("cose/decrypt", () => verifyMac0(crypto, bad, { algorithms: [algorithm], key: KEY }));
        }
      });
    }

    it("a tag cut short does not pass for one", () => {
      const protectedBytes = encode(new Map([[1, 5]]));
      const structure = encode(["MAC0", protectedBytes, new Uint8Array(0), PAYLOAD]);
      for (const length of [0, 8, 31]) {
        const tag = crypto.hmacSha256(KEY, structure).slice(0, length);
        const bytes = encode([protectedBytes, new Map(), PAYLOAD, tag]);
        throws("cose/decrypt", () => verifyMac0(crypto, bytes, { algorithms: [4, 5], key: KEY }));
      }
    });

    it("tag, key, aad and algorithm", () => {
      const bytes = mac0(crypto, {
        algorithm: 4,
        key: KEY,
        payload: PAYLOAD,
        externalAad: fromHex("01"),
        tagged: true,
      });
      same(bytes[0], 0xd1);
      const options = { algorithms: [4], key: KEY, externalAad: fromHex("01") } as const;
      verifyMac0(crypto, bytes, options);
      throws("cose/decrypt", () => verifyMac0(crypto, bytes, { ...options, externalAad: fromHex("02") }));
      throws("cose/decrypt", () => verifyMac0(crypto, bytes, { ...options, key: new Uint8Array(32) }));
      throws("cose/algorithm", () => verifyMac0(crypto, bytes, { ...options, algorithms: [5] }));
    });
  });
}
