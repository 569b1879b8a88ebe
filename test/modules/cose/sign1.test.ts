import { cryptos } from "engine";
import { fromHex } from "../../../modules/bytes/index.js";
import { type CborValue, decode, encode, Tag } from "../../../modules/cbor/index.js";
import {
  HEADER,
  type HeaderMap,
  type Label,
  parseSign1Unverified,
  sign1,
  type VerifyOptions,
  verifySign1,
} from "../../../modules/cose/index.js";
import type { PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";

const PAYLOAD = fromHex("0011223344556677");
const BOTH = ["EdDSA", "ES256"] as const;

function headers(...entries: [Label, CborValue][]): HeaderMap {
  return new Map(entries);
}

for (const crypto of cryptos) {
  describe(`COSE_Sign1 (RFC 9052 section 4), ${crypto.name}`, () => {
    for (const curve of ["Ed25519", "P-256"] as const) {
      describe(curve, () => {
        let key: PrivateKey<SigningCurve>;
        let options: VerifyOptions;

        before(async () => {
          key = await crypto.importKey(curve, new Uint8Array(32).fill(7));
          options = { key, algorithms: BOTH };
        });

        it("signs and verifies, alg in the protected bucket", async () => {
          const bytes = await sign1(crypto, key, {
            protected: headers([HEADER.typ, 65004]),
            unprotected: headers([HEADER.kid, fromHex("01")]),
            payload: PAYLOAD,
          });
          const message = verifySign1(crypto, bytes, options);
          deep(message.payload, PAYLOAD);
          deep(message.protected, headers([HEADER.alg, curve === "P-256" ? -7 : -8], [HEADER.typ, 65004]));
          deep(message.unprotected, headers([HEADER.kid, fromHex("01")]));
          same(bytes[0], 0x84);
        });

        it("tag 18 where it is asked for", async () => {
          const bytes = await sign1(crypto, key, { payload: PAYLOAD, tagged: true });
          same(bytes[0], 0xd2);
          deep(verifySign1(crypto, bytes, options).payload, PAYLOAD);
          bytes[0] = 0xd1;
          throws("cose/malformed", () => verifySign1(crypto, bytes, options));
        });

        it("a detached payload has to come by another way (section 4.1)", async () => {
          const bytes = await sign1(crypto, key, { payload: PAYLOAD, detached: true });
          same((decode(bytes) as CborValue[])[2], null);
          deep(verifySign1(crypto, bytes, { ...options, detachedPayload: PAYLOAD }).payload, PAYLOAD);
          throws("cose/malformed", () => verifySign1(crypto, bytes, options));
          throws("cose/bad-signature", () =>
            verifySign1(crypto, bytes, { ...options, detachedPayload: fromHex("00") }),
          );
          const attached = await sign1(crypto, key, { payload: PAYLOAD });
          throws("cose/malformed", () =>
            verifySign1(crypto, attached, { ...options, detachedPayload: PAYLOAD }),
          );
        });

        it("external_aad is signed", async () => {
          const bytes = await sign1(crypto, key, { payload: PAYLOAD, externalAad: fromHex("aa") });
          verifySign1(crypto, bytes, { ...options, externalAad: fromHex("aa") });
          throws("cose/bad-signature", () => verifySign1(crypto, bytes, options));
          throws("cose/bad-signature", () =>
            verifySign1(crypto, bytes, { ...options, externalAad: fromHex("ab") }),
          );
        });

        it("one algorithm of the caller's list, and of the key", async () => {
          const bytes = await sign1(crypto, key, { payload: PAYLOAD });
          const other = curve === "P-256" ? "EdDSA" : "ES256";
          throws("cose/algorithm", () => verifySign1(crypto, bytes, { ...options, algorithms: [other] }));
          throws("cose/algorithm", () => verifySign1(crypto, bytes, { ...options, algorithms: [] }));
          const wrong = await crypto.importKey(
            curve === "P-256" ? "Ed25519" : "P-256",
            new Uint8Array(32).fill(9),
          );
          throws("cose/bad-signature", () => verifySign1(crypto, bytes, { ...options, key: wrong }));
          const another = await crypto.importKey(curve, new Uint8Array(32).fill(9));
          throws("cose/bad-signature", () => verifySign1(crypto, bytes, { ...options, key: another }));
        });

        it("finds the key by the headers, after they are checked", async () => {
          const bytes = await sign1(crypto, key, {
            protected: headers([HEADER.kid, fromHex("0102")]),
            payload: PAYLOAD,
          });
          const seen: CborValue[] = [];
          verifySign1(crypto, bytes, {
            algorithms: BOTH,
            key: (found) => {
              seen.push(found.protected.get(HEADER.kid));
              return key;
            },
          });
          deep(seen, [fromHex("0102")]);
        });

        it("every truncation and every flipped bit is refused", async () => {
          const bytes = await sign1(crypto, key, { payload: fromHex("01") });
          for (let length = 0; length < bytes.length; length++)
            refused(() => verifySign1(crypto, bytes.slice(0, length), options));
          // On P-256 a bit of each byte will do: a verification costs.
          for (let bit = 0; bit < bytes.length * 8; bit += curve === "P-256" ? 11 : 1) {
            const bad = bytes.slice();
            bad[bit >> 3] ^= 1 << (bit & 7);
            // The unprotected bucket is not signed; here it is the empty map after the protected bytes.
            refused(() => verifySign1(crypto, bad, options));
          }
        });

        it("no other context string verifies (section 4.4)", async () => {
          const protectedBytes = encode(
            headers([HEADER.alg, curve === "P-256" ? -7 : -8]) as Map<CborValue, CborValue>,
          );
          const contexts = [
            "Signature",
            "CounterSignature",
            "CounterSignature0",
            "MAC0",
            "Encrypt0",
            "signature1",
            "",
          ];
          for (const context of [...contexts, "Signature1"]) {
            const structure = encode([context, protectedBytes, new Uint8Array(0), PAYLOAD]);
            const bytes = encode([protectedBytes, new Map(), PAYLOAD, await crypto.sign(key, structure)]);
            if (context === "Signature1") verifySign1(crypto, bytes, options);
            else throws("cose/bad-signature", () => verifySign1(crypto, bytes, options), context);
          }
        });
      });
    }
  });

  describe(`COSE_Sign1 headers (RFC 9052 section 3), ${crypto.name}`, () => {
    let key: PrivateKey<SigningCurve>;

    before(async () => {
      key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(7));
    });

    /** A message signed over whatever stands in the protected bucket. */
    async function signed(
      protectedBytes: CborValue,
      unprotected: CborValue,
      payload: CborValue = PAYLOAD,
    ): Promise<Uint8Array> {
      const body = protectedBytes instanceof Uint8Array ? protectedBytes : new Uint8Array(0);
      const structure = encode(["Signature1", body, new Uint8Array(0), PAYLOAD]);
      return encode([protectedBytes, unprotected, payload, await crypto.sign(key, structure)]);
    }

    const EDDSA: [Label, CborValue] = [HEADER.alg, -8];
    const bucket = (...entries: [CborValue, CborValue][]): Uint8Array => encode(new Map(entries));
    const map = (...entries: [CborValue, CborValue][]): CborValue => new Map(entries);

    const CASES: [string, () => [CborValue, CborValue, CborValue?], ErrorCode | "ok", Label[]?][] = [
      ["as it should be", () => [bucket(EDDSA), map()], "ok"],
      ["alg unprotected", () => [new Uint8Array(0), map(EDDSA)], "cose/algorithm"],
      ["no alg", () => [bucket([HEADER.typ, 1]), map()], "cose/algorithm"],
      ["no alg, empty map as h''", () => [new Uint8Array(0), map()], "cose/algorithm"],
      ["no alg, empty map as h'a0'", () => [fromHex("a0"), map()], "cose/algorithm"],
      ["alg as text", () => [bucket([HEADER.alg, "EdDSA"]), map()], "cose/algorithm"],
      ["alg -19, another number for Ed25519", () => [bucket([HEADER.alg, -19]), map()], "cose/algorithm"],
      ["alg in both buckets", () => [bucket(EDDSA), map(EDDSA)], "cose/header"],
      [
        "kid in both buckets",
        () => [bucket(EDDSA, [4, fromHex("01")]), map([4, fromHex("01")])],
        "cose/header",
      ],
      ["kid in one", () => [bucket(EDDSA), map([4, fromHex("01")])], "ok"],
      ["kid as text", () => [bucket(EDDSA, [4, "a"]), map()], "cose/header"],
      ["a private label in both buckets", () => [bucket(EDDSA, ["x", 1]), map(["x", 2])], "cose/header"],
      [
        "IV and Partial IV",
        () => [bucket(EDDSA, [5, fromHex("00")]), map([6, fromHex("00")])],
        "cose/header",
      ],
      ["crit of a label understood", () => [bucket(EDDSA, [2, [16]], [16, 1]), map()], "ok", [16]],
      ["crit of a label not understood", () => [bucket(EDDSA, [2, [16]], [16, 1]), map()], "cose/critical"],
      ["crit of alg", () => [bucket(EDDSA, [2, [1]]), map()], "ok"],
      ["crit of a text label", () => [bucket(EDDSA, [2, ["x"]], ["x", 1]), map()], "ok", ["x"]],
      ["crit of a label that is missing", () => [bucket(EDDSA, [2, [16]]), map()], "cose/critical", [16]],
      ["crit of an unprotected label", () => [bucket(EDDSA, [2, [16]]), map([16, 1])], "cose/critical", [16]],
      ["crit unprotected", () => [bucket(EDDSA, [16, 1]), map([2, [16]])], "cose/critical", [16]],
      ["crit empty", () => [bucket(EDDSA, [2, []]), map()], "cose/critical"],
      ["crit not an array", () => [bucket(EDDSA, [2, 16], [16, 1]), map()], "cose/critical", [16]],
      ["crit of no label", () => [bucket(EDDSA, [2, [null]]), map()], "cose/critical"],
      [
        "crit of two, one not understood",
        () => [bucket(EDDSA, [2, [16, 17]], [16, 1], [17, 1]), map()],
        "cose/critical",
        [16],
      ],
      ["a label of bytes", () => [bucket(EDDSA), map([fromHex("00"), 1])], "cose/malformed"],
      ["protected as a map", () => [map(EDDSA), map()], "cose/malformed"],
      ["protected bytes that are no map", () => [encode([1]), map()], "cose/malformed"],
      ["protected bytes with something behind", () => [fromHex("a1012700"), map()], "cbor/trailing"],
      ["protected bytes not deterministic", () => [fromHex("a1013807"), map()], "cbor/not-shortest"],
      ["protected label twice", () => [fromHex("a201270127"), map()], "cbor/duplicate-key"],
      ["unprotected as an array", () => [bucket(EDDSA), []], "cose/malformed"],
      ["payload as text", () => [bucket(EDDSA), map(), "a"], "cose/malformed"],
    ];

    for (const [what, make, expected, understood = []] of CASES) {
      it(`${what}: ${expected}`, async () => {
        const bytes = await signed(...make());
        const verify = () => verifySign1(crypto, bytes, { key, algorithms: ["EdDSA"], understood });
        if (expected === "ok") verify();
        else throws(expected, verify);
      });
    }

    it("others' bytes that are not deterministic verify where the caller says so", async () => {
      const bytes = await signed(fromHex("a210f60127"), map());
      throws("cbor/key-order", () => verifySign1(crypto, bytes, { key, algorithms: ["EdDSA"] }));
      verifySign1(crypto, bytes, { key, algorithms: ["EdDSA"], deterministic: false });
    });

    it("not four parts, not an array, another tag", () => {
      const zero = new Uint8Array(0);
      for (const value of [[], [zero, new Map(), zero], [zero, new Map(), zero, zero, zero], 1, new Map()]) {
        throws("cose/malformed", () => parseSign1Unverified(encode(value)));
      }
      throws("cose/malformed", () =>
        parseSign1Unverified(encode(new Tag([zero, new Map(), zero, zero], 98))),
      );
      throws("cose/malformed", () => parseSign1Unverified(encode([zero, new Map(), zero, null])));
    });

    it("both forms of an empty protected bucket are the zero-length one in Sig_structure (section 4.4)", () => {
      for (const form of [new Uint8Array(0), fromHex("a0")]) {
        const bytes = encode([form, new Map(), PAYLOAD, new Uint8Array(64)]);
        same(parseSign1Unverified(bytes).authenticated.length, 0);
      }
    });

    it("a key of another curve is not even tried", async () => {
      const gullible = { ...crypto, verify: () => true } as unknown as typeof crypto;
      const bytes = await sign1(crypto, key, { payload: PAYLOAD });
      verifySign1(gullible, bytes, { key, algorithms: BOTH });
      const p256 = { curve: "P-256" as const, publicKey: new Uint8Array(65) };
      throws("cose/bad-signature", () => verifySign1(gullible, bytes, { key: p256, algorithms: BOTH }));
    });

    it("is no larger than the caller says", async () => {
      const bytes = await sign1(crypto, key, { payload: new Uint8Array(300) });
      throws("cbor/too-large", () =>
        verifySign1(crypto, bytes, { key, algorithms: ["EdDSA"], maxSize: 300 }),
      );
    });

    it("refuses to sign what nobody may verify", async () => {
      const unprotected = headers([HEADER.alg, -8]);
      await rejects("cose/header", () => sign1(crypto, key, { unprotected, payload: PAYLOAD }));
    });

    it("parses without verifying, under a name that says so", async () => {
      const bytes = await sign1(crypto, key, { payload: PAYLOAD });
      bytes[bytes.length - 1] ^= 1;
      deep(parseSign1Unverified(bytes).payload, PAYLOAD);
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
