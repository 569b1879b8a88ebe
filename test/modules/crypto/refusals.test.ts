/** What both implementations refuse, and with which code. */
import { cryptos } from "engine";
import type { Crypto } from "../../../modules/crypto/port.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { ok, rejects, same, throws } from "../../support/assert.js";

const bytes = (length: number) => new Uint8Array(length).fill(7);
const none = bytes(0);

/** [key, nonce, aad, plaintext, tag length] and the code that sealing throws. */
const SEAL: readonly [number, number, number, number, number, ErrorCode][] = [
  [0, 13, 0, 0, 16, "crypto/bad-length"],
  [15, 13, 0, 0, 16, "crypto/bad-length"],
  [17, 13, 0, 0, 16, "crypto/bad-length"],
  [64, 13, 0, 0, 16, "crypto/bad-length"],
  [16, 0, 0, 0, 16, "crypto/bad-length"],
  [16, 6, 0, 0, 16, "crypto/bad-length"],
  [16, 14, 0, 0, 16, "crypto/bad-length"],
  [16, 13, 0, 0, 0, "crypto/bad-length"],
  [16, 13, 0, 0, 2, "crypto/bad-length"],
  [16, 13, 0, 0, 5, "crypto/bad-length"],
  [16, 13, 0, 0, 18, "crypto/bad-length"],
  [16, 13, 0, 0, -4, "crypto/bad-length"],
  [16, 13, 0, 0, 8.5, "crypto/bad-length"],
  [16, 13, 0, 0, Number.NaN, "crypto/bad-length"],
  [16, 13, 0, 65536, 16, "crypto/bad-length"],
];

const OFF_CURVE = (() => {
  const point = bytes(65);
  point[0] = 4;
  return point;
})();

const WRONG_TYPES: Record<string, (crypto: Crypto, wrong: Uint8Array) => unknown> = {
  sha256: (crypto, wrong) => crypto.sha256(wrong),
  "hmacSha256's key": (crypto, wrong) => crypto.hmacSha256(wrong, none),
  "hmacSha256's message": (crypto, wrong) => crypto.hmacSha256(none, wrong),
  hkdfExtract: (crypto, wrong) => crypto.hkdfExtract(none, wrong),
  hkdfExpand: (crypto, wrong) => crypto.hkdfExpand(bytes(32), wrong, 8),
  "aesCcmSeal's key": (crypto, wrong) => crypto.aesCcmSeal(wrong, bytes(13), none, none, 8),
  "aesCcmSeal's aad": (crypto, wrong) => crypto.aesCcmSeal(bytes(16), bytes(13), wrong, none, 8),
  "aesCcmOpen's ciphertext": (crypto, wrong) => crypto.aesCcmOpen(bytes(16), bytes(13), none, wrong, 8),
  "verify's key": (crypto, wrong) => crypto.verify("EdDSA", wrong, none, none),
  "verify's signature": (crypto, wrong) => crypto.verify("ES256", none, none, wrong),
  importKey: (crypto, wrong) => crypto.importKey("Ed25519", wrong),
  sign: async (crypto, wrong) => crypto.sign(await crypto.generate("Ed25519"), wrong),
  agree: async (crypto, wrong) => crypto.agree(await crypto.generate("X25519"), wrong),
  unseal: (crypto, wrong) => crypto.unseal("Ed25519", wrong),
  isOnP256: (crypto, wrong) => crypto.isOnP256(wrong),
  decompressP256: (crypto, wrong) => crypto.decompressP256(wrong),
};

for (const crypto of cryptos) {
  describe(`refusals, ${crypto.name}`, () => {
    for (const [key, nonce, aad, text, tag, code] of SEAL) {
      it(`AES-CCM with key ${key}, nonce ${nonce}, plaintext ${text}, tag ${tag}`, () => {
        throws(code, () => crypto.aesCcmSeal(bytes(key), bytes(nonce), bytes(aad), bytes(text), tag));
      });
    }

    it("AES-CCM seals the longest plaintext that a nonce of 13 allows, 65,535 bytes (SP 800-38C appendix A.1)", () => {
      const sealed = crypto.aesCcmSeal(bytes(16), bytes(13), none, bytes(65535), 16);
      same(sealed.length, 65551);
      same(crypto.aesCcmOpen(bytes(16), bytes(13), none, sealed, 16).length, 65535);
      throws("crypto/bad-tag", () => crypto.aesCcmOpen(bytes(16), bytes(13), none, bytes(65552), 16));
    });

    it("AES-CCM refuses a ciphertext shorter than its tag, and every changed byte of all it covers", () => {
      for (let length = 0; length < 16; length++) {
        throws(
          "crypto/bad-tag",
          () => crypto.aesCcmOpen(bytes(16), bytes(13), none, bytes(length), 16),
          `${length}`,
        );
      }
      const parts = [
        bytes(16),
        bytes(13),
        bytes(5),
        crypto.aesCcmSeal(bytes(16), bytes(13), bytes(5), bytes(20), 8),
      ];
      const open = () => crypto.aesCcmOpen(parts[0], parts[1], parts[2], parts[3], 8);
      for (const part of parts) {
        for (let i = 0; i < part.length; i++) {
          part[i] ^= 0x80;
          throws("crypto/bad-tag", open);
          part[i] ^= 0x80;
        }
      }
      same(open().length, 20);
      throws("crypto/bad-tag", () => crypto.aesCcmOpen(parts[0], parts[1], none, parts[3], 8));
    });

    it("random: 0 to 1,024 bytes, not twice the same", () => {
      for (const length of [0, 1, 1024]) same(crypto.random(length).length, length);
      for (const length of [-1, 1025, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        throws("crypto/bad-length", () => crypto.random(length), `${length}`);
      }
      const [first, second] = [crypto.random(32), crypto.random(32)];
      ok(first.join() !== second.join());
    });

    it("hkdfExpand: 0 to 8,160 bytes (RFC 5869 section 2.3)", () => {
      for (const length of [0, 1, 32, 33, 8160])
        same(crypto.hkdfExpand(bytes(32), none, length).length, length);
      throws("crypto/bad-length", () => crypto.hkdfExpand(bytes(31), none, 32));
      for (const length of [-1, 8161, 0.5])
        throws("crypto/bad-length", () => crypto.hkdfExpand(bytes(32), none, length));
    });

    it("agree refuses points that are none", async () => {
      const [x, p] = [await crypto.generate("X25519"), await crypto.generate("P-256-ECDH")];
      const infinity = Uint8Array.of(0);
      for (const peer of [none, bytes(31), bytes(33), new Uint8Array(32)]) {
        await rejects("crypto/bad-point", () => crypto.agree(x, peer), `X25519, ${peer.length} bytes`);
      }
      for (const peer of [none, infinity, bytes(64), bytes(66), new Uint8Array(65), OFF_CURVE, x.publicKey]) {
        await rejects("crypto/bad-point", () => crypto.agree(p, peer), `P-256, ${peer.length} bytes`);
      }
    });

    it("verify says false of keys and signatures that are none", () => {
      const lengths = [0, 1, 31, 32, 33, 63, 64, 65, 66, 128];
      for (const key of lengths) {
        for (const signature of lengths) {
          same(
            crypto.verify("EdDSA", bytes(key), none, bytes(signature)),
            false,
            `EdDSA ${key} ${signature}`,
          );
          same(
            crypto.verify("ES256", bytes(key), none, bytes(signature)),
            false,
            `ES256 ${key} ${signature}`,
          );
        }
      }
      same(crypto.verify("ES256", OFF_CURVE, none, bytes(64)), false);
    });

    it("verify refuses an unknown algorithm", () => {
      for (const name of ["ES384", "constructor", undefined] as unknown[] as "ES256"[]) {
        throws("crypto/unsupported", () => crypto.verify(name, none, none, none));
      }
    });

    for (const [name, call] of Object.entries(WRONG_TYPES)) {
      it(`${name}: what is not a Uint8Array`, async () => {
        for (const wrong of [
          undefined,
          null,
          5,
          "bytes",
          {},
          [1, 2],
          new ArrayBuffer(4),
          new Float64Array(4),
        ]) {
          await rejects(
            "crypto/type",
            async () => call(crypto, wrong as unknown as Uint8Array),
            String(wrong),
          );
        }
      });
    }
  });
}
