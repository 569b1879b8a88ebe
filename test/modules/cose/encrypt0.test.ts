import { cryptos } from "engine";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { type CborValue, encode, Tag } from "../../../modules/cbor/index.js";
import {
  type AeadAlgorithm,
  type Decrypt0Options,
  decodePartialIv,
  decrypt0,
  encodePartialIv,
  encrypt0,
  HEADER,
  partialIvOf,
  TAG_LENGTH,
} from "../../../modules/cose/index.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";

const KEY = fromHex("000102030405060708090a0b0c0d0e0f");
const BASE_IV = fromHex("a0a1a2a3a4a5a6a7a8a9aaabac");
const PLAINTEXT = fromHex("48656c6c6f");

describe("Partial IV (RFC 9052 section 3.1)", () => {
  const CASES: [number, string][] = [
    [0, "00"],
    [1, "01"],
    [255, "ff"],
    [256, "0100"],
    [65535, "ffff"],
    [65536, "010000"],
    [2 ** 32 - 1, "ffffffff"],
    [2 ** 32, "0100000000"],
    [2 ** 40 - 1, "ffffffffff"],
  ];
  for (const [sequence, hex] of CASES) {
    it(`${sequence} is ${hex}`, () => {
      same(toHex(encodePartialIv(sequence)), hex);
      same(decodePartialIv(fromHex(hex)), sequence);
    });
  }

  it("no other number, no other form", () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 40]) throws("cose/header", () => encodePartialIv(bad));
    for (const bad of ["", "0000", "0001", "00ffff", "010000000000"]) {
      throws("cose/header", () => decodePartialIv(fromHex(bad)), bad);
    }
  });
});

for (const crypto of cryptos) {
  describe(`COSE_Encrypt0 (RFC 9052 section 5), ${crypto.name}`, () => {
    for (const algorithm of [10, 30] as const) {
      const options: Decrypt0Options = { algorithms: [algorithm], key: KEY, baseIv: BASE_IV };
      const seal = (partialIv: number, externalAad?: Uint8Array): Uint8Array =>
        encrypt0(
          crypto,
          { algorithm, key: KEY, baseIv: BASE_IV, partialIv, ...(externalAad && { externalAad }) },
          PLAINTEXT,
        );

      it(`algorithm ${algorithm}: what is sent, byte for byte`, () => {
        const protectedBytes = encode(new Map([[1, algorithm]]));
        const aad = encode(["Encrypt0", protectedBytes, new Uint8Array(0)]);
        // the base IV's last two bytes XOR 0x0102
        const nonce = fromHex("a0a1a2a3a4a5a6a7a8a9aaaaae");
        const ciphertext = crypto.aesCcmSeal(KEY, nonce, aad, PLAINTEXT, TAG_LENGTH[algorithm]);
        deep(seal(0x0102), encode([protectedBytes, new Map([[6, fromHex("0102")]]), ciphertext]));
      });

      it(`algorithm ${algorithm}: opens, with its sequence number`, () => {
        for (const sequence of [0, 255, 2 ** 40 - 1]) {
          const bytes = seal(sequence);
          const message = decrypt0(crypto, options, bytes);
          deep(message.plaintext, PLAINTEXT);
          same(message.partialIv, sequence);
          same(partialIvOf(bytes), sequence);
        }
      });

      it(`algorithm ${algorithm}: with an IV of its own`, () => {
        const bytes = encrypt0(crypto, { algorithm, key: KEY, iv: BASE_IV, tagged: true }, PLAINTEXT);
        same(bytes[0], 0xd0);
        const message = decrypt0(crypto, { algorithms: [10, 30], key: KEY }, bytes);
        deep(message.plaintext, PLAINTEXT);
        same(message.partialIv, undefined);
        throws("cose/header", () => decrypt0(crypto, options, bytes));
        throws("cose/header", () => partialIvOf(bytes));
        throws("cose/header", () => decrypt0(crypto, { algorithms: [algorithm], key: KEY }, seal(1)));
      });

      it(`algorithm ${algorithm}: another key, IV, aad or algorithm is one and the same failure`, () => {
        const bytes = seal(7, fromHex("aa"));
        const good = { ...options, externalAad: fromHex("aa") };
        deep(decrypt0(crypto, good, bytes).plaintext, PLAINTEXT);
        const other = fromHex("ff0102030405060708090a0b0c0d0e0f");
        const bad: Decrypt0Options[] = [
          options,
          { ...good, externalAad: fromHex("ab") },
          { ...good, key: other },
          { ...good, baseIv: fromHex("b0a1a2a3a4a5a6a7a8a9aaabac") },
        ];
        const messages = new Set<string>();
        for (const wrong of bad) {
          throws("cose/decrypt", () => decrypt0(crypto, wrong, bytes));
          try {
            decrypt0(crypto, wrong, bytes);
          } catch (error) {
            messages.add((error as Error).message);
          }
        }
        same(messages.size, 1);
        const unlisted: AeadAlgorithm = algorithm === 10 ? 30 : 10;
        throws("cose/algorithm", () => decrypt0(crypto, { ...good, algorithms: [unlisted] }, bytes));
      });

      it(`algorithm ${algorithm}: every truncation and every flipped bit is refused`, () => {
        const bytes = seal(0x0102);
        for (let length = 0; length < bytes.length; length++) {
          refused(() => decrypt0(crypto, options, bytes.slice(0, length)));
        }
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          const bad = bytes.slice();
          bad[bit >> 3] ^= 1 << (bit & 7);
          refused(() => decrypt0(crypto, options, bad));
        }
      });
    }

    const alg = encode(new Map([[1, 30]]));
    const map = (...entries: [CborValue, CborValue][]): CborValue => new Map(entries);
    const piv = map([6, fromHex("01")]);
    const full = new Uint8Array(20);
    const REFUSED: [string, CborValue, ErrorCode][] = [
      ["two parts", [alg, piv], "cose/malformed"],
      ["four parts", [alg, piv, full, full], "cose/malformed"],
      ["no array", 1, "cose/malformed"],
      ["another tag", new Tag([alg, piv, full], 17), "cose/malformed"],
      ["a detached ciphertext", [alg, piv, null], "cose/malformed"],
      ["a ciphertext shorter than its tag", [alg, piv, new Uint8Array(15)], "cose/decrypt"],
      ["an empty ciphertext", [alg, piv, new Uint8Array(0)], "cose/decrypt"],
      ["a ciphertext of zeros", [alg, piv, full], "cose/decrypt"],
      ["no alg", [new Uint8Array(0), piv, full], "cose/algorithm"],
      ["alg unprotected", [new Uint8Array(0), map([1, 30], [6, fromHex("01")]), full], "cose/algorithm"],
      ["no IV", [alg, map(), full], "cose/header"],
      ["an empty Partial IV", [alg, map([6, fromHex("")]), full], "cose/header"],
      ["a Partial IV with a leading zero", [alg, map([6, fromHex("0001")]), full], "cose/header"],
      ["a Partial IV of six bytes", [alg, map([6, fromHex("010203040506")]), full], "cose/header"],
      ["a Partial IV that is a number", [alg, map([6, 1]), full], "cose/header"],
      ["both IVs", [alg, map([5, BASE_IV], [6, fromHex("01")]), full], "cose/header"],
    ];
    for (const [what, value, code] of REFUSED) {
      it(`${what}: ${code}`, () => {
        const options: Decrypt0Options = { algorithms: [10, 30], key: KEY, baseIv: BASE_IV };
        throws(code, () => decrypt0(crypto, options, encode(value)));
      });
    }

    it("keys and IVs of another length are refused on either side", () => {
      const options = { algorithm: 30, key: KEY, baseIv: BASE_IV, partialIv: 1 } as const;
      throws("cose/key", () => encrypt0(crypto, { ...options, key: KEY.slice(1) }, PLAINTEXT));
      throws("cose/header", () => encrypt0(crypto, { ...options, baseIv: BASE_IV.slice(1) }, PLAINTEXT));
      throws("cose/header", () => encrypt0(crypto, { algorithm: 30, key: KEY, iv: KEY }, PLAINTEXT));
      throws("cose/header", () => encrypt0(crypto, { ...options, partialIv: 2 ** 40 }, PLAINTEXT));
      const bytes = encrypt0(crypto, { algorithm: 30, key: KEY, iv: BASE_IV }, PLAINTEXT);
      throws("cose/key", () => decrypt0(crypto, { algorithms: [30], key: new Uint8Array(32) }, bytes));
    });

    it("no other context string opens (section 5.3)", () => {
      const nonce = fromHex("a0a1a2a3a4a5a6a7a8a9aaabad");
      for (const context of ["Encrypt", "Enc_Recipient", "Mac_Recipient", "MAC0", "Signature1", "Encrypt0"]) {
        const aad = encode([context, alg, new Uint8Array(0)]);
        const bytes = encode([alg, piv, crypto.aesCcmSeal(KEY, nonce, aad, PLAINTEXT, 16)]);
        const open = () => decrypt0(crypto, { algorithms: [30], key: KEY, baseIv: BASE_IV }, bytes);
        if (context === "Encrypt0") deep(open().plaintext, PLAINTEXT);
        else throws("cose/decrypt", open, context);
      }
    });

    it("header parameters of the caller's travel along", () => {
      const bytes = encrypt0(
        crypto,
        {
          algorithm: 30,
          key: KEY,
          baseIv: BASE_IV,
          partialIv: 5,
          protected: new Map<number, CborValue>([
            [HEADER.crit, [HEADER.typ]],
            [HEADER.typ, 1],
          ]),
          unprotected: new Map([[HEADER.kid, fromHex("01")]]),
        },
        PLAINTEXT,
      );
      const options: Decrypt0Options = { algorithms: [30], key: KEY, baseIv: BASE_IV };
      throws("cose/critical", () => decrypt0(crypto, options, bytes));
      const message = decrypt0(crypto, { ...options, understood: [HEADER.typ] }, bytes);
      same(message.protected.get(HEADER.typ), 1);
      deep(message.unprotected.get(HEADER.kid), fromHex("01"));
    });
  });
}

function refused(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    ok(error instanceof VagusError, `${error}`);
    return;
  }
  throw new Error("expected a refusal");
}
