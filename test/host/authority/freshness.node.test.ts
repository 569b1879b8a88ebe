import {
  anchorOf,
  requestFreshness,
  verifyFreshness,
  verifyRevocationList,
} from "../../../modules/credential/index.js";
import type { PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { CLAIM, type Claims, parseCwtUnverified, signCwt, TYP } from "../../../modules/cwt/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, rejects, same } from "../../support/assert.js";
import { type Books, crypto, DAY, deviceOf, type Holder, NOW, openBooks, programmerOf } from "./books.js";

const nonce = new Uint8Array(16).fill(7);

/** A request as it should be, but for what the test says. */
interface Asked {
  key?: PrivateKey<SigningCurve>;
  authority?: { kid: Uint8Array };
  device?: string;
  issued?: number;
  nonce?: Uint8Array;
}

/** The request with other claims, signed all the same. */
async function resigned(
  key: PrivateKey<SigningCurve>,
  request: Uint8Array,
  change: (claims: Claims) => void,
  typ = TYP.freshnessRequest as number,
) {
  const { claims } = parseCwtUnverified(request);
  change(claims);
  return signCwt(crypto, key, { typ, kid: anchorOf(crypto, key).kid, claims });
}

for (const curve of ["Ed25519", "P-256"] as const) {
  describe(`A freshness request, under an Authority on ${curve}`, () => {
    let books: Books;
    let programmer: Holder;
    let device: Holder;
    const ask = (but: Asked = {}) =>
      requestFreshness(crypto, but.key ?? programmer.key, but.authority ?? books.office.authority.anchor, {
        nonce: but.nonce ?? nonce,
        device: but.device ?? device.credential.subject,
        issued: but.issued ?? books.clock.now,
      });

    beforeEach(async () => {
      books = await openBooks(curve);
      programmer = await programmerOf(books.office);
      device = await deviceOf(books.office);
    });
    afterEach(() => books.close());

    it("is answered over the nonce, for the device and the key; no list before there is one", async () => {
      const { token, list } = await books.office.freshness(await ask());
      const { anchor } = books.office.authority;
      const { subject } = device.credential;
      const { kid } = programmer.credential;
      const expected = { anchor, device: subject, nonce, programmer: kid };
      deep(verifyFreshness(crypto, token, expected), { issued: NOW, epoch: 0 });
      same(list, undefined);
    });

    it("once there is a list, its epoch is named and it comes along", async () => {
      const other = await programmerOf(books.office);
      books.office.revoke(books.office.sameHolder(other.credential.token));
      const { token, list } = await books.office.freshness(await ask());
      const { anchor } = books.office.authority;
      const { subject } = device.credential;
      const expected = { anchor, device: subject, nonce, programmer: programmer.credential.kid };
      same(verifyFreshness(crypto, token, expected).epoch, 1);
      const read = verifyRevocationList(crypto, list!, anchor, ["ward"]);
      deep([read.epoch, read.revoked], [1, other.credential.kid]);
    });

    it("is answered up to 60 s of the clock, either way", async () => {
      for (const issued of [NOW - 60, NOW + 60]) await books.office.freshness(await ask({ issued }));
    });

    const refusals: [string, ErrorCode, () => Promise<Uint8Array>][] = [
      ["61 s old", "credential/freshness", () => ask({ issued: NOW - 61 })],
      ["from 61 s ahead", "credential/freshness", () => ask({ issued: NOW + 61 })],
      ["for another Authority", "cwt/audience", () => ask({ authority: { kid: new Uint8Array(8) } })],
      ["of a key that nobody knows", "cwt/issuer", async () => ask({ key: await crypto.generate(curve) })],
      ["of a device", "cwt/issuer", () => ask({ key: device.key })],
      ["for a device that nobody knows", "credential/holder", () => ask({ device: "AAAAAAAAAAA" })],
      [
        "for a programmer in place of a device",
        "credential/holder",
        () => ask({ device: programmer.credential.subject }),
      ],
      [
        "for a device of another group",
        "cwt/audience",
        async () => {
          const { credential } = await deviceOf(books.office, ["elsewhere"]);
          return ask({ device: credential.subject });
        },
      ],
      ["with a short nonce", "cwt/claim", () => ask({ nonce: nonce.subarray(1) })],
      [
        "of a programmer that is revoked",
        "credential/revoked",
        async () => {
          books.office.revoke(books.office.sameHolder(programmer.credential.token));
          return ask();
        },
      ],
      [
        "for a device that is revoked",
        "credential/revoked",
        async () => {
          books.office.revoke(books.office.sameHolder(device.credential.token));
          return ask();
        },
      ],
      [
        "of a programmer whose credential has ended",
        "cwt/expired",
        async () => {
          books.clock.now = NOW + DAY;
          return ask();
        },
      ],
      [
        "for a device whose credential has ended",
        "cwt/expired",
        async () => {
          const { credential } = await deviceOf(books.office, ["ward"], 60);
          books.clock.now = NOW + 60;
          return ask({ device: credential.subject });
        },
      ],
      [
        "with a bit of its signature changed",
        "cose/bad-signature",
        async () => {
          const bad = (await ask()).slice();
          bad[bad.length - 1]! ^= 1;
          return bad;
        },
      ],
      [
        "signed by another key under the programmer's name",
        "cose/bad-signature",
        async () => {
          const thief = await crypto.generate(curve);
          const { claims } = parseCwtUnverified(await ask());
          return signCwt(crypto, thief, {
            typ: TYP.freshnessRequest,
            kid: programmer.credential.kid,
            claims,
          });
        },
      ],
      [
        "of another kind",
        "cwt/typ",
        async () => resigned(programmer.key, await ask(), () => {}, TYP.request),
      ],
      [
        "with another issuer's name",
        "cwt/issuer",
        async () =>
          resigned(programmer.key, await ask(), (claims) => claims.set(CLAIM.iss, device.credential.subject)),
      ],
      [
        "without a time",
        "cwt/claim",
        async () => resigned(programmer.key, await ask(), (claims) => claims.delete(CLAIM.iat)),
      ],
      [
        "without a device",
        "cwt/claim",
        async () => resigned(programmer.key, await ask(), (claims) => claims.delete(CLAIM.sub)),
      ],
      [
        "without a nonce",
        "cwt/claim",
        async () => resigned(programmer.key, await ask(), (claims) => claims.delete(CLAIM.nonce)),
      ],
      ["that is a credential", "cwt/typ", async () => programmer.credential.token],
      ["that is nothing", "cbor/truncated", async () => new Uint8Array(0)],
      ["that is too long", "cbor/too-large", async () => new Uint8Array(321).fill(0x60)],
    ];
    for (const [name, code, make] of refusals) {
      it(`is refused: ${name} (${code})`, async () => {
        const request = await make();
        const { registry } = books.office;
        const before = [registry.size, registry.revokedCount, registry.lists.length];
        await rejects(code, () => books.office.freshness(request));
        deep([registry.size, registry.revokedCount, registry.lists.length], before);
      });
    }

    it("of a programmer with a newer credential is answered although the old one has ended", async () => {
      books.clock.now = NOW + DAY;
      const content = { audience: ["ward"], scope: ["ecg:read"] };
      await books.office.issue({ kind: "programmer", holder: programmer.key, ...content });
      await books.office.freshness(await ask());
    });

    it("for a device that has another key now is answered although the old key is revoked", async () => {
      const { subject } = device.credential;
      const holder = await crypto.generate(curve);
      const old = books.office.sameHolder(device.credential.token);
      await books.office.issue({ kind: "device", holder, audience: ["ward"], subject });
      books.office.revoke(old);
      await books.office.freshness(await ask());
    });
  });
}
