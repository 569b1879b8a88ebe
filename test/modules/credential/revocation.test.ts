/** The revocation list: an epoch that only rises, for one audience, of the Authority (DESIGN section 4). */
import { toBase64url } from "../../../modules/bytes/base64url.js";
import { concat, fromUint } from "../../../modules/bytes/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { isListed, joinKids, PRIVATE_CLAIM, REVOKED_MAX } from "../../../modules/credential/index.js";
import { CLAIM, type Claims, signCwt, TYP } from "../../../modules/cwt/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { Clinic, DAY, DEVICE, GROUP, MADE_AT } from "../device/clinic.js";
import { crypto, flipped, type Held, open, provisioned, unchanged } from "./holding.js";

const kid = (n: number): Uint8Array => fromUint(n, 8);
const A = kid(1);
const B = kid(2);

/** A list whose claims are as the test says: undefined leaves one out. */
function forged(
  { clinic }: Held,
  but: readonly (readonly [number, CborValue | undefined])[],
  by: { typ?: number; key?: Clinic["authority"] } = {},
): Promise<Uint8Array> {
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iss, toBase64url(clinic.anchor.kid)],
    [CLAIM.aud, GROUP],
    [CLAIM.iat, MADE_AT],
    [PRIVATE_CLAIM.epoch, 9],
    [PRIVATE_CLAIM.revoked, concat(A, B)],
  ]);
  for (const [label, value] of but) {
    if (value === undefined) claims.delete(label);
    else claims.set(label, value);
  }
  const { typ = TYP.revocationList, key = clinic.authority } = by;
  return signCwt(crypto, key, { typ, kid: clinic.anchor.kid, claims });
}

describe("A revocation list that is refused changes nothing: flash stays byte for byte (DESIGN section 4)", () => {
  const { epoch, revoked } = PRIVATE_CLAIM;
  const bytes = (value: Uint8Array) => (held: Held) => forged(held, [[revoked, value]]);
  const but = (label: number, value?: CborValue) => (held: Held) => forged(held, [[label, value]]);
  const CASES: [string, ErrorCode, (held: Held) => Promise<Uint8Array>][] = [
    ["kids that fall", "cwt/claim", bytes(concat(B, A))],
    ["a kid twice", "cwt/claim", bytes(concat(A, A))],
    ["a kid twice, at the end", "cwt/claim", bytes(concat(A, B, B))],
    ["7 bytes", "cwt/claim", bytes(A.subarray(1))],
    ["9 bytes", "cwt/claim", bytes(concat(A, kid(3).subarray(7)))],
    ["15 bytes", "cwt/claim", bytes(concat(A, B).subarray(0, 15))],
    [
      "one kid too many",
      "cwt/claim",
      bytes(joinKids(Array.from({ length: REVOKED_MAX + 1 }, (_, n) => kid(n)))),
    ],
    ["kids as text", "cwt/claim", but(revoked, "00000000")],
    ["no kids", "cwt/claim", but(revoked)],
    ["no epoch", "cwt/claim", but(epoch)],
    ["an epoch below 0", "cwt/claim", but(epoch, -1)],
    ["an epoch as text", "cwt/claim", but(epoch, "9")],
    ["no iat", "cwt/claim", but(CLAIM.iat)],
    ["no aud", "cwt/claim", but(CLAIM.aud)],
    ["no iss", "cwt/issuer", but(CLAIM.iss)],
    ["another's iss", "cwt/issuer", but(CLAIM.iss, toBase64url(A))],
    ["the epoch that it has", "credential/epoch", but(epoch, 5)],
    ["a lower one", "credential/epoch", but(epoch, 4)],
    ["epoch 0", "credential/epoch", but(epoch, 0)],
    ["another group's", "cwt/audience", but(CLAIM.aud, "other")],
    ["a group whose name only begins so", "cwt/audience", but(CLAIM.aud, `${GROUP}2`)],
    ["for the device alone, that has a group", "cwt/audience", but(CLAIM.aud, DEVICE)],
    ["past its exp", "cwt/expired", but(CLAIM.exp, 1)],
    ["another typ", "cwt/typ", (held) => forged(held, [], { typ: TYP.freshness })],
    ["signed by the programmer", "cose/bad-signature", (held) => forged(held, [], { key: held.clinic.key })],
    ["another Authority's", "cwt/issuer", async () => (await Clinic.open(crypto, 0x40)).list(9, [A])],
    ["nothing", "cbor/truncated", async () => new Uint8Array(0)],
    ["junk", "cose/malformed", async () => Uint8Array.of(1)],
    ["longer than any", "cbor/too-large", async () => new Uint8Array(961)],
  ];
  for (const [name, code, make] of CASES) {
    it(`${name}: ${code}`, async () => {
      const held = await provisioned();
      await held.holder.takeList(await held.clinic.list(5, [A]));
      const token = await make(held);
      await unchanged(held, code, () => held.holder.takeList(token));
      deep([held.holder.isRevoked(A), held.holder.isRevoked(B)], [true, false]);
    });
  }

  it("cut short anywhere, and with any one bit flipped (every fifth tried)", async () => {
    const held = await provisioned();
    const token = await held.clinic.list(1, [A, B]);
    const before = held.flash.bytes.slice();
    for (let n = 0; n < token.length; n += 3) {
      await refused(() => held.holder.takeList(token.slice(0, n)));
      await refused(() => held.holder.takeList(flipped(token, n, n % 8)));
    }
    deep([held.flash.bytes, held.holder.epoch], [before, 0]);
    await held.holder.takeList(token);
    same(held.holder.epoch, 1);
  });

  it("a device that is new, or revoked, takes none", async () => {
    const held = await provisioned();
    await held.holder.revoke();
    const token = await held.clinic.list(1, [A]);
    await unchanged(held, "credential/revoked", () => held.holder.takeList(token));
    held.holder.factoryReset();
    await unchanged(held, "device/unprovisioned", () => held.holder.takeList(token));
  });

  async function refused(action: () => Promise<unknown>): Promise<void> {
    const result = await action().then(
      () => "taken",
      (error: { name?: string }) => error.name,
    );
    same(result, "VagusError");
  }
});

describe("A revocation list that is taken replaces the one before in one step (DESIGN section 4)", () => {
  it("a higher epoch, also by more than one; who is no longer on it is believed again; restarts keep it", async () => {
    const { clinic, holder, flash } = await provisioned();
    for (const [epoch, revoked, expected] of [
      [1, [], [false, false]],
      [2, [A], [true, false]],
      [7, [B, A], [true, true]],
      [8, [B], [false, true]],
      [2 ** 40, [], [false, false]],
    ] as const) {
      same(await holder.takeList(await clinic.list(epoch, revoked)), undefined);
      for (const it of [holder, await open(flash)])
        deep([it.epoch, it.isRevoked(A), it.isRevoked(B)], [epoch, ...expected]);
    }
  });

  it(`${REVOKED_MAX} keys fit, and each is found; one more is not issued`, async () => {
    const { clinic, holder, flash } = await provisioned();
    const kids = Array.from({ length: REVOKED_MAX }, (_, n) => crypto.sha256(kid(n)).slice(0, 8));
    await rejects("credential/epoch", () => clinic.list(1, [...kids, A]));
    const token = await clinic.list(1, kids);
    ok(token.length <= 960, `${token.length} bytes`);
    await holder.takeList(token);
    const again = await open(flash);
    for (const one of kids) ok(again.isRevoked(one));
    for (const one of [A, B, new Uint8Array(8), new Uint8Array(8).fill(255)]) ok(!again.isRevoked(one));
  });

  it("its iat raises the floor, and an older one does not lower it", async () => {
    const { clinic, holder, flash } = await provisioned();
    await holder.takeList(await clinic.list(1, [], { issued: MADE_AT + DAY }));
    same(holder.floor.seconds, MADE_AT + DAY);
    await holder.takeList(await clinic.list(2, [], { issued: MADE_AT + 5 }));
    same(holder.floor.seconds, MADE_AT + DAY);
    same((await open(flash)).floor.seconds, MADE_AT + DAY);
  });

  it("a device without a group: the list is for it alone", async () => {
    const held = await provisioned({ audience: [DEVICE] });
    await unchanged(held, "cwt/audience", async () => held.holder.takeList(await held.clinic.list(1, [A])));
    await held.holder.takeList(await held.clinic.list(1, [A], { audience: DEVICE }));
    ok(held.holder.isRevoked(A));
  });

  it("bisection finds what is there, and nothing else, for every length to 20", () => {
    for (let count = 0; count <= 20; count++) {
      const joined = joinKids(Array.from({ length: count }, (_, n) => kid(2 * n + 1)));
      for (let n = 0; n <= 2 * count + 1; n++) same(isListed(joined, kid(n)), n % 2 === 1 && n < 2 * count);
    }
  });
});
