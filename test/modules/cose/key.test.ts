import { cryptos } from "engine";
import { concat, fromHex, toHex } from "../../../modules/bytes/index.js";
import { type CborValue, decode, encode } from "../../../modules/cbor/index.js";
import { fromCoseKey, keyId, thumbprint, toCoseKey, toVerificationKey } from "../../../modules/cose/index.js";
import { symmetricFromCoseKey } from "../../../modules/cose/key.js";
import { deep, same, throws } from "../../support/assert.js";

// The key of RFC 9679 section 6, which is meriadoc's of RFC 9052 appendix C.7.
const X = fromHex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d");
const Y = fromHex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
const POINT = concat(fromHex("04"), X, Y);
const THUMBPRINT = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";
const OKP_X = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

const map = (...entries: [CborValue, CborValue][]): CborValue => new Map(entries);
const ec2 = (...more: [CborValue, CborValue][]): CborValue => map([1, 2], [-1, 1], [-2, X], ...more);
const okp = (crv: number, ...more: [CborValue, CborValue][]): CborValue =>
  map([1, 1], [-1, crv], [-2, OKP_X], ...more);

for (const crypto of cryptos) {
  describe(`COSE_Key (RFC 9053 section 7), ${crypto.name}`, () => {
    it("EC2 with both coordinates", () => {
      deep(fromCoseKey(crypto, ec2([-3, Y])), { curve: "P-256", publicKey: POINT });
      deep(toCoseKey({ curve: "P-256", publicKey: POINT }), ec2([-3, Y]));
    });

    it("EC2 with the sign of y (section 7.1.1)", () => {
      deep(fromCoseKey(crypto, ec2([-3, false])).publicKey, POINT);
      const other = fromCoseKey(crypto, ec2([-3, true])).publicKey;
      deep(other.slice(0, 33), POINT.slice(0, 33));
      same(other[64] & 1, 1);
    });

    it("OKP on Ed25519 and X25519", () => {
      deep(fromCoseKey(crypto, okp(6)), { curve: "Ed25519", publicKey: OKP_X });
      deep(fromCoseKey(crypto, okp(4)), { curve: "X25519", publicKey: OKP_X });
      deep(toCoseKey({ curve: "X25519", publicKey: OKP_X }), okp(4));
    });

    it("kid, alg, key_ops and unknown members", () => {
      const key = fromCoseKey(crypto, okp(6, [2, fromHex("3131")], [3, -8], [4, [2]], ["x", null]));
      deep(key, { curve: "Ed25519", publicKey: OKP_X, kid: fromHex("3131"), algorithm: -8, operations: [2] });
      const written = encode(toCoseKey(key) as Map<CborValue, CborValue>);
      deep(fromCoseKey(crypto, decode(written)), key);
    });

    const BAD: [string, CborValue][] = [
      ["no map", [1, 2]],
      ["empty", map()],
      ["no kty", map([-1, 6], [-2, OKP_X])],
      ["kty as text", map([1, "OKP"], [-1, 6], [-2, OKP_X])],
      ["symmetric", map([1, 4], [-1, OKP_X])],
      ["no crv", map([1, 1], [-2, OKP_X])],
      ["Ed448", okp(7)],
      ["P-256 as OKP", okp(1)],
      ["Ed25519 as EC2", map([1, 2], [-1, 6], [-2, X], [-3, Y])],
      ["no x", map([1, 1], [-1, 6])],
      ["a short x", map([1, 1], [-1, 6], [-2, OKP_X.slice(1)])],
      ["x as text", map([1, 1], [-1, 6], [-2, "x"])],
      ["no y", ec2()],
      ["a short y", ec2([-3, Y.slice(1)])],
      ["a point off the curve", ec2([-3, X])],
      ["an x on no point", map([1, 2], [-1, 1], [-2, new Uint8Array(32).fill(255)], [-3, true])],
      ["zeros", map([1, 2], [-1, 1], [-2, new Uint8Array(32)], [-3, new Uint8Array(32)])],
      ["a private part, OKP", okp(6, [-4, OKP_X])],
      ["a private part, EC2", ec2([-3, Y], [-4, X])],
      ["kid as text", okp(6, [2, "11"])],
      ["alg as text", okp(6, [3, "EdDSA"])],
      ["key_ops as a number", okp(6, [4, 2])],
      ["a label of bytes", okp(6, [fromHex("00"), 1])],
    ];
    for (const [what, value] of BAD) {
      it(`refuses: ${what}`, () => throws("cose/key", () => fromCoseKey(crypto, value)));
    }

    it("for signatures: only curves that sign, only as alg and key_ops say", () => {
      const key = { curve: "Ed25519", publicKey: OKP_X } as const;
      deep(toVerificationKey({ ...key, algorithm: -8, operations: [2] }), key);
      throws("cose/key", () => toVerificationKey({ ...key, curve: "X25519" }));
      throws("cose/key", () => toVerificationKey({ ...key, algorithm: -7 }));
      throws("cose/key", () => toVerificationKey({ ...key, operations: [1] }));
      throws("cose/key", () => toVerificationKey({ curve: "P-256", publicKey: POINT, algorithm: -25 }));
    });

    it("symmetric keys", () => {
      deep(symmetricFromCoseKey(map([1, 4], [2, fromHex("01")], [-1, X])), { k: X, kid: fromHex("01") });
      throws("cose/key", () => symmetricFromCoseKey(okp(6)));
      throws("cose/key", () => symmetricFromCoseKey(map([1, 4])));
    });
  });

  describe(`COSE Key Thumbprint (RFC 9679), ${crypto.name}`, () => {
    it("section 6, whatever else the key says and however y is written", () => {
      same(toHex(thumbprint(crypto, fromCoseKey(crypto, ec2([-3, Y])))), THUMBPRINT);
      same(
        toHex(thumbprint(crypto, fromCoseKey(crypto, ec2([-3, false], [2, fromHex("01")], [3, -7])))),
        THUMBPRINT,
      );
      same(toHex(keyId(crypto, { curve: "P-256", publicKey: POINT })), THUMBPRINT.slice(0, 16));
    });

    it("OKP: kty, crv and x (section 4.1)", () => {
      const bytes = concat(fromHex("a301012006215820"), OKP_X);
      deep(thumbprint(crypto, { curve: "Ed25519", publicKey: OKP_X }), crypto.sha256(bytes));
    });
  });
}
