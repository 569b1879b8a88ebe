import { cryptos } from "engine";
import { concat, fromHex } from "../../../modules/bytes/index.js";
import { type CborValue, encode, Tag } from "../../../modules/cbor/index.js";
import { type Label, sign1 } from "../../../modules/cose/index.js";
import type { PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import {
  CLAIM,
  type Claims,
  cnfOf,
  confirmedKey,
  decryptCwt,
  encryptCwt,
  parseCwtUnverified,
  signCwt,
  TYP,
  type VerifyCwtOptions,
  verifyCwt,
} from "../../../modules/cwt/index.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";

const KID = fromHex("0102030405060708");
const AT = 1_700_000_000;

function claims(...entries: [Label, CborValue][]): Claims {
  return new Map(entries);
}

for (const crypto of cryptos) {
  describe(`CWT (RFC 8392), ${crypto.name}`, () => {
    let key: PrivateKey<SigningCurve>;
    let options: VerifyCwtOptions;

    before(async () => {
      key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(1));
      options = { typ: TYP.reading, key, algorithms: ["EdDSA"] };
    });

    const token = (map: Claims, typ: number | string = TYP.reading): Promise<Uint8Array> =>
      signCwt(crypto, key, { typ, kid: KID, claims: map });

    /** A token whose claims are signed unseen. */
    const raw = (payload: Uint8Array, typ: CborValue = TYP.reading): Promise<Uint8Array> =>
      sign1(crypto, key, { protected: new Map<Label, CborValue>([[16, typ]]), payload });

    it("signs and verifies; typ and kid are protected", async () => {
      const map = claims([CLAIM.cti, fromHex("00")], [CLAIM.iat, AT], [-65537, [1, fromHex("ff")]]);
      const cwt = verifyCwt(crypto, await token(map), options);
      same(cwt.typ, TYP.reading);
      deep(cwt.kid, KID);
      deep(cwt.claims, claims([CLAIM.iat, AT], [CLAIM.cti, fromHex("00")], [-65537, [1, fromHex("ff")]]));
      same(cwt.headers.unprotected.size, 0);
    });

    it("every kind is refused where another is expected", async () => {
      const kinds = Object.values(TYP);
      for (const typ of kinds) {
        const bytes = await token(claims(), typ);
        for (const expected of kinds) {
          const verify = () => verifyCwt(crypto, bytes, { ...options, typ: expected });
          if (typ === expected) verify();
          else throws("cwt/typ", verify);
        }
      }
      same(new Set(kinds).size, 19);
    });

    it("typ is looked at before the key, the signature and the claims", async () => {
      const bytes = await raw(fromHex("ff"), TYP.gap);
      bytes[bytes.length - 1] ^= 1;
      const asked = () => {
        throw new Error("the key was asked for");
      };
      throws("cwt/typ", () => verifyCwt(crypto, bytes, { ...options, key: asked, algorithms: [] }));
    });

    it("a token without typ, or with an unprotected or odd one, is refused", async () => {
      const payload = encode(new Map());
      const bare = await sign1(crypto, key, { payload });
      throws("cwt/typ", () => verifyCwt(crypto, bare, options));
      const unprotected = await sign1(crypto, key, { payload, unprotected: new Map([[16, TYP.reading]]) });
      throws("cwt/typ", () => verifyCwt(crypto, unprotected, options));
      for (const typ of [null, "65004", fromHex("fdec"), [TYP.reading]] as CborValue[]) {
        const odd = await raw(payload, typ);
        throws("cwt/typ", () => verifyCwt(crypto, odd, options));
      }
      verifyCwt(crypto, bare, { ...options, typ: undefined });
    });

    it("the key is found by kid; whoever refuses it decides", async () => {
      const bytes = await token(claims());
      const asked: (Uint8Array | undefined)[] = [];
      const find = (kid: Uint8Array | undefined) => {
        asked.push(kid);
        return key;
      };
      verifyCwt(crypto, bytes, { ...options, key: find });
      verifyCwt(crypto, await raw(encode(new Map())), { ...options, key: find });
      deep(asked, [KID, undefined]);
      const unknown = () => {
        throw new VagusError("cwt/issuer", "no such key");
      };
      throws("cwt/issuer", () => verifyCwt(crypto, bytes, { ...options, key: unknown }));
    });

    it("every truncation and every flipped bit is refused", async () => {
      const bytes = await token(claims([CLAIM.iat, AT]));
      for (let length = 0; length < bytes.length; length++) {
        refused(() => verifyCwt(crypto, bytes.slice(0, length), options));
      }
      for (let bit = 0; bit < bytes.length * 8; bit += 3) {
        const bad = bytes.slice();
        bad[bit >> 3] ^= 1 << (bit & 7);
        refused(() => verifyCwt(crypto, bad, options));
      }
    });

    const PAYLOADS: [string, CborValue, ErrorCode | "ok"][] = [
      ["no map", [1], "cwt/malformed"],
      ["a label of bytes", new Map([[fromHex("01"), 1]]), "cwt/malformed"],
      ["a text label", claims(["private", 1]), "ok"],
      ["iss as bytes", claims([CLAIM.iss, fromHex("00")]), "cwt/claim"],
      ["sub as a number", claims([CLAIM.sub, 1]), "cwt/claim"],
      ["aud as text", claims([CLAIM.aud, "a"]), "ok"],
      ["aud as an array", claims([CLAIM.aud, ["a", "b"]]), "ok"],
      ["aud as an array of numbers", claims([CLAIM.aud, ["a", 1]]), "cwt/claim"],
      ["iat as text", claims([CLAIM.iat, "2024"]), "cwt/claim"],
      ["iat as a bigint", claims([CLAIM.iat, BigInt("9007199254740993")]), "cwt/claim"],
      ["iat before 1970", claims([CLAIM.iat, -1]), "ok"],
      ["cti as text", claims([CLAIM.cti, "0"]), "cwt/claim"],
      ["cnf as bytes", claims([CLAIM.cnf, fromHex("00")]), "cwt/claim"],
      ["scope as an array", claims([CLAIM.scope, ["ecg:read"]]), "cwt/claim"],
      ["status as a number", claims([CLAIM.status, 1]), "cwt/claim"],
      ["null in iss", claims([CLAIM.iss, null]), "cwt/claim"],
    ] as [string, CborValue, ErrorCode | "ok"][];
    for (const [what, payload, expected] of PAYLOADS) {
      it(`claims, ${what}: ${expected}`, async () => {
        const bytes = await raw(encode(payload));
        if (expected === "ok") verifyCwt(crypto, bytes, options);
        else throws(expected, () => verifyCwt(crypto, bytes, options));
      });
    }

    it("wrong claims are not signed either; claims that are not CBOR are refused", async () => {
      await rejects("cwt/claim", () => token(claims([CLAIM.iat, "now"])));
      const tagged = await raw(fromHex("a106c100")); // a NumericDate has no tag 1 (section 2)
      throws("cbor/type", () => verifyCwt(crypto, tagged, options));
      const twice = await raw(fromHex("a206000601"));
      throws("cbor/duplicate-key", () => verifyCwt(crypto, twice, options));
      const float = await raw(fromHex("a106f90000"));
      throws("cbor/float", () => verifyCwt(crypto, float, options));
      same(verifyCwt(crypto, float, { ...options, floats: true }).claims.get(CLAIM.iat), 0);
      const infinite = await raw(fromHex("a106f97c00"));
      throws("cwt/claim", () => verifyCwt(crypto, infinite, { ...options, floats: true }));
    });

    const TIMES: [string, Claims, VerifyCwtOptions["time"], ErrorCode | "ok"][] = [
      ["exp beyond the floor", claims([CLAIM.exp, AT]), { floor: AT - 1 }, "ok"],
      ["exp at the floor", claims([CLAIM.exp, AT]), { floor: AT }, "cwt/expired"],
      ["exp below the floor", claims([CLAIM.exp, AT]), { floor: AT + 1 }, "cwt/expired"],
      ["exp within the tolerance", claims([CLAIM.exp, AT]), { floor: AT + 1, toleranceSeconds: 2 }, "ok"],
      [
        "exp at the tolerance's end",
        claims([CLAIM.exp, AT]),
        { floor: AT + 2, toleranceSeconds: 2 },
        "cwt/expired",
      ],
      ["exp past by the clock", claims([CLAIM.exp, AT]), { floor: 0, now: AT }, "cwt/expired"],
      [
        "exp past by the floor, not by a clock set back",
        claims([CLAIM.exp, AT]),
        { floor: AT, now: 0 },
        "cwt/expired",
      ],
      ["exp, and no time given", claims([CLAIM.exp, AT]), undefined, "cwt/expired"],
      ["nbf, and no time given", claims([CLAIM.nbf, AT]), undefined, "cwt/not-yet"],
      ["iat, and no time given", claims([CLAIM.iat, AT]), undefined, "ok"],
      ["nbf in the future of the floor alone", claims([CLAIM.nbf, AT]), { floor: 0 }, "ok"],
      ["iat in the future of the floor alone", claims([CLAIM.iat, AT]), { floor: 0 }, "ok"],
      ["nbf in the future", claims([CLAIM.nbf, AT]), { floor: 0, now: AT - 1 }, "cwt/not-yet"],
      ["nbf now", claims([CLAIM.nbf, AT]), { floor: 0, now: AT }, "ok"],
      ["iat in the future", claims([CLAIM.iat, AT]), { floor: 0, now: AT - 1 }, "cwt/not-yet"],
      [
        "iat in the future, within the tolerance",
        claims([CLAIM.iat, AT]),
        { floor: 0, now: AT - 1, toleranceSeconds: 1 },
        "ok",
      ],
    ];
    for (const [what, map, time, expected] of TIMES) {
      it(`time, ${what}: ${expected}`, async () => {
        const bytes = await token(map);
        const verify = () => verifyCwt(crypto, bytes, { ...options, ...(time && { time }) });
        if (expected === "ok") verify();
        else throws(expected, verify);
      });
    }

    it("audience, issuer, required claims", async () => {
      const bytes = await token(claims([CLAIM.iss, "hospital"], [CLAIM.aud, ["a", "b"]]));
      verifyCwt(crypto, bytes, {
        ...options,
        audience: "b",
        issuer: "hospital",
        required: [CLAIM.iss, CLAIM.aud],
      });
      verifyCwt(crypto, bytes, { ...options, audience: ["x", "a"] });
      throws("cwt/audience", () => verifyCwt(crypto, bytes, { ...options, audience: "c" }));
      throws("cwt/audience", () => verifyCwt(crypto, bytes, { ...options, audience: [] }));
      throws("cwt/issuer", () => verifyCwt(crypto, bytes, { ...options, issuer: "clinic" }));
      throws("cwt/claim", () => verifyCwt(crypto, bytes, { ...options, required: [CLAIM.iss, CLAIM.exp] }));
      const none = await token(claims());
      throws("cwt/audience", () => verifyCwt(crypto, none, { ...options, audience: "a" }));
      throws("cwt/issuer", () => verifyCwt(crypto, none, { ...options, issuer: "a" }));
    });

    it("tags 18 and 61 only in the explicit mode (section 6)", async () => {
      const bytes = await token(claims());
      const tagged = concat(fromHex("d2"), bytes);
      const both = concat(fromHex("d83dd2"), bytes);
      for (const each of [tagged, both]) {
        throws("cwt/malformed", () => verifyCwt(crypto, each, options));
        verifyCwt(crypto, each, { ...options, tags: true });
        parseCwtUnverified(each, { tags: true });
      }
      refused(() => verifyCwt(crypto, concat(fromHex("d83d"), bytes), { ...options, tags: true }));
      refused(() => verifyCwt(crypto, concat(fromHex("d2"), both), { ...options, tags: true }));
      refused(() => verifyCwt(crypto, encode(new Tag(null, 61)), { ...options, tags: true }));
    });

    it("cnf names one key (RFC 8747)", async () => {
      const holder = { curve: "Ed25519", publicKey: key.publicKey } as const;
      const bytes = await token(claims([CLAIM.cnf, cnfOf(holder)]));
      deep(confirmedKey(crypto, verifyCwt(crypto, bytes, options).claims), holder);
      throws("cwt/claim", () => confirmedKey(crypto, claims()));
      throws("cwt/claim", () => confirmedKey(crypto, claims([CLAIM.cnf, new Map([[3, KID]])])));
      const two = new Map(cnfOf(holder) as Map<CborValue, CborValue>).set(3, KID);
      throws("cwt/claim", () => confirmedKey(crypto, claims([CLAIM.cnf, two])));
      throws("cose/key", () => confirmedKey(crypto, claims([CLAIM.cnf, new Map([[1, new Map()]])])));
    });

    it("nested: Encrypt0 around Sign1 (appendix A.6)", async () => {
      const aead = { key: new Uint8Array(16), baseIv: new Uint8Array(13) };
      const signed = await token(claims([CLAIM.iat, AT]));
      const bytes = encryptCwt(crypto, { algorithm: 30, ...aead, partialIv: 9 }, signed);
      const outer = { algorithms: [30], ...aead } as const;
      const nested = decryptCwt(crypto, bytes, outer, options);
      deep(nested.signed, signed);
      same(nested.partialIv, 9);
      same(nested.claims.get(CLAIM.iat), AT);
      throws("cwt/typ", () => decryptCwt(crypto, bytes, outer, { ...options, typ: TYP.gap }));
      bytes[bytes.length - 1] ^= 1;
      throws("cose/decrypt", () => decryptCwt(crypto, bytes, outer, options));
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
