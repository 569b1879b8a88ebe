/** Delegation: what a programmer may hand to a hub, and what a device believes of it (DESIGN section 4). */
import {
  ANCESTOR_EAD,
  ancestorItem,
  type Credential,
  type CredentialContent,
  delegate,
  SCOPE,
  signCredential,
  Trust,
  verifyCredential,
} from "../../../modules/credential/index.js";
import type { PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import type { IdCred } from "../../../modules/edhoc/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, rejects, same } from "../../support/assert.js";
import { Clinic, DAY, GROUP, MADE_AT } from "../device/clinic.js";
import { crypto, flipped } from "./holding.js";

const NONE = new Uint8Array(0);
const ALL = Object.values(SCOPE);
const byValue = (cred: Uint8Array): IdCred => ({ kind: "kcwt", cred, encoded: NONE });
const byKid = (kid: Uint8Array): IdCred => ({ kind: "kid", kid, encoded: NONE });

type Bounds = Partial<CredentialContent>;

/** A programmer with every scope, but for what the test says; a hub's key; a device that looks at both. */
async function family(parentBut: Bounds = {}) {
  const clinic = await Clinic.open(crypto);
  const content = {
    scope: ALL,
    audience: [GROUP, "b"],
    issued: MADE_AT + 10,
    expires: MADE_AT + DAY,
    ...parentBut,
  };
  const token = await clinic.issue(content);
  const time = { floor: 0 };
  const parent = verifyCredential(crypto, token, { kind: "programmer", anchor: clinic.anchor, time });
  const hub = await crypto.generate("Ed25519");
  const now = { floor: MADE_AT };
  const revoked: Uint8Array[] = [];
  const trust = new Trust(crypto, {
    anchor: clinic.anchor,
    kinds: ["programmer", "hub"],
    time: () => now,
    audience: ["me", GROUP, "b"],
    revoked: (kid) => revoked.some((other) => other.join() === kid.join()),
  });
  return { clinic, parent, hub, trust, now, revoked };
}
type Family = Awaited<ReturnType<typeof family>>;

function childContent({ hub }: Pick<Family, "hub">, but: Bounds = {}): CredentialContent {
  return {
    kind: "hub",
    subject: new Uint8Array(8).fill(3),
    audience: [GROUP],
    holder: hub,
    issued: MADE_AT + 10,
    expires: MADE_AT + DAY,
    scope: ["ecg:read"],
    ...but,
  };
}

/** The child as the parent's key signs it, whatever it says. */
function child(it: Family, but: Bounds = {}, by?: PrivateKey<SigningCurve>): Promise<Uint8Array> {
  return signCredential(crypto, by ?? it.clinic.key, childContent(it, but));
}

const shown = (it: Family, token: Uint8Array, parent: Pick<Credential, "token"> = it.parent) =>
  it.trust.fetchCredential(byValue(token), [ancestorItem(parent)]);

describe("A hub's credential and its ancestor's, as a device sees them (DESIGN section 4)", () => {
  const REFUSED = "credential/delegation";
  const CASES: [string, ErrorCode | undefined, Bounds, Bounds?][] = [
    ["by the book", undefined, {}],
    ["all that a hub may have", undefined, { scope: ["ecg:read", "pacing:read", "audit:read"] }],
    ["aud of both", undefined, { audience: [GROUP, "b"] }],
    ["exp and iat within", undefined, { issued: MADE_AT + 11, expires: MADE_AT + DAY - 1 }],
    [
      "a scope that the parent has not",
      REFUSED,
      { scope: ["ecg:read", "pacing:read"] },
      { scope: ["ecg:read", "delegate"] },
    ],
    ["a scope of its own making", REFUSED, { scope: ["ecg:read", "ecg:write"] }],
    [
      "a scope that nobody knows, which the parent has",
      REFUSED,
      { scope: ["x"] },
      { scope: ["x", "delegate"] },
    ],
    ["pacing:write", REFUSED, { scope: ["pacing:write"] }],
    ["journal:release", REFUSED, { scope: ["ecg:read", "journal:release"] }],
    ["device:manage", REFUSED, { scope: ["ecg:read", "device:manage"] }],
    ["delegate", REFUSED, { scope: ["ecg:read", "delegate"] }],
    ["an empty scope", "cwt/scope", { scope: [] }],
    ["no scope", "cwt/claim", { scope: undefined as never }],
    ["a second more than the parent", REFUSED, { expires: MADE_AT + DAY + 1 }],
    ["a second before the parent", REFUSED, { issued: MADE_AT + 9 }],
    ["an aud that the parent has not, which is the device's", REFUSED, { audience: ["me"] }],
    ["an aud more than the parent's", REFUSED, { audience: [GROUP, "c"] }],
    ["not for this device", "cwt/audience", { audience: ["b2"] }, { audience: [GROUP, "b2"] }],
    ["a parent not for this device", "cwt/audience", { audience: ["c"] }, { audience: ["c"] }],
    ["a parent without delegate", REFUSED, {}, { scope: ALL.filter((word) => word !== "delegate") }],
    ["a parent that has ended", "cwt/expired", {}, { expires: MADE_AT }],
    ["a child that has ended", "cwt/expired", { expires: MADE_AT }],
    ["of kind programmer", "cwt/typ", { kind: "programmer" }],
    ["of kind device", "cwt/typ", { kind: "device" }],
  ];
  for (const [name, code, but, parentBut] of CASES) {
    it(`${name}: ${code ?? "believed"}`, async () => {
      const it = await family(parentBut);
      const token = await child(it, but);
      if (code !== undefined) return rejects(code, () => shown(it, token));
      const peer = await shown(it, token);
      deep([peer.credential.kind, peer.credential.scope], ["hub", but.scope ?? ["ecg:read"]]);
      deep([peer.key.publicKey, peer.ancestor?.token], [it.hub.publicKey, it.parent.token]);
    });
  }

  it("the parent's key as the child's: credential/delegation", async () => {
    const it = await family();
    const token = await child(it, { holder: it.clinic.key });
    await rejects(REFUSED, () => shown(it, token));
  });

  it("signed by another key, by the Authority, by the hub itself; one bit flipped in either", async () => {
    const it = await family();
    for (const by of [await crypto.generate("Ed25519"), it.clinic.authority, it.hub]) {
      const token = await child(it, {}, by);
      await rejects("cwt/issuer", () => shown(it, token));
    }
    const token = await child(it);
    await rejects("cose/bad-signature", () => shown(it, flipped(token, token.length - 1)));
    const { length } = it.parent.token;
    const parent = { token: flipped(it.parent.token, length - 1) };
    await rejects("cose/bad-signature", () => shown(it, token, parent));
  });

  it("the parent revoked, or the child: cwt/status; both believed before", async () => {
    const it = await family();
    const token = await child(it);
    const { credential } = await shown(it, token);
    for (const kid of [it.parent.kid, credential.kid]) {
      it.revoked.splice(0, 1, kid);
      await rejects("cwt/status", () => shown(it, token));
    }
    it.revoked.length = 0;
    await shown(it, token);
  });

  it("a chain of three: neither a hub as an ancestor, nor a hub's hub", async () => {
    const it = await family();
    const middle = await child(it, { scope: ["ecg:read"] });
    const grandchild = await signCredential(
      crypto,
      it.hub,
      childContent({ hub: await crypto.generate("Ed25519") }),
    );
    await rejects("cwt/typ", () => shown(it, grandchild, { token: middle }));
    await rejects("cwt/issuer", () => shown(it, grandchild));
    const both = [ancestorItem({ token: middle }), ancestorItem(it.parent)];
    for (const items of [both, [...both].reverse()]) {
      const outcome = await it.trust.fetchCredential(byValue(grandchild), items).then(
        () => "believed",
        (error: { code: string }) => error.code,
      );
      same(["cwt/typ", "cwt/issuer"].includes(outcome), true, outcome);
    }
  });

  it("another Authority's programmer as the ancestor, a device's credential as one: refused", async () => {
    const it = await family();
    const other = await Clinic.open(crypto, 0x40);
    const token = await child(it);
    await rejects("cwt/issuer", () => shown(it, token, { token: other.credential.token }));
    const device = { token: await it.clinic.issueDevice(it.clinic.key) };
    await rejects("cwt/typ", () => shown(it, token, device));
  });
});

describe("The ancestor travels in a critical EAD item (RFC 9528 section 3.8)", () => {
  const item = (value: Uint8Array | undefined, critical: boolean) => ({
    label: ANCESTOR_EAD,
    critical,
    ...(value && { value }),
  });
  it("missing, without a value, or not critical: the hub's credential alone is none", async () => {
    const it = await family();
    const token = await child(it);
    for (const ead of [[], [item(undefined, true)], [item(it.parent.token, false)]])
      await rejects("cwt/typ", () => it.trust.fetchCredential(byValue(token), ead));
  });

  it("junk in it: refused", async () => {
    const it = await family();
    const token = await child(it);
    for (const [junk, code] of [
      [NONE, "cbor/truncated"],
      [Uint8Array.of(1), "cose/malformed"],
      [new Uint8Array(400), "cbor/too-large"],
      [token, "cwt/typ"],
    ] as const)
      await rejects(code, () => it.trust.fetchCredential(byValue(token), [item(junk, true)]));
  });

  it("beside a programmer's own credential: refused, though that would be believed alone", async () => {
    const it = await family();
    await it.trust.fetchCredential(byValue(it.parent.token), []);
    await rejects("cwt/typ", () => shown(it, it.parent.token));
  });

  it("a hub by kid: after it was kept, with its ancestor, and not with an item; ended or revoked with it", async () => {
    const it = await family();
    const token = await child(it, { expires: MADE_AT + 50 });
    const peer = await shown(it, token);
    const { kid } = peer.credential;
    const fetch = (ead = [] as ReturnType<typeof ancestorItem>[]) =>
      it.trust.fetchCredential(byKid(kid), ead);
    await rejects("edhoc/unknown-credential", fetch);
    it.trust.keep(peer);
    const again = await fetch();
    deep([again.cred, again.ancestor?.kid], [token, it.parent.kid]);
    await rejects("edhoc/unknown-credential", () => fetch([ancestorItem(it.parent)]));
    it.revoked.push(it.parent.kid);
    await rejects("cwt/status", fetch);
    it.revoked.length = 0;
    it.now.floor = MADE_AT + 50;
    await rejects("cwt/expired", fetch);
  });

  it("where hubs are not taken: cwt/typ", async () => {
    const it = await family();
    const token = await child(it);
    const strict = new Trust(crypto, { anchor: it.clinic.anchor, kinds: ["programmer"], time: () => it.now });
    await rejects("cwt/typ", () => strict.fetchCredential(byValue(token), [ancestorItem(it.parent)]));
  });
});

describe("A programmer signs nothing that the device would refuse (DESIGN section 4)", () => {
  const CASES: [string, Bounds, Bounds?][] = [
    ["scope widened", { scope: ["pacing:read"] }, { scope: ["ecg:read", "delegate"] }],
    ["a forbidden scope", { scope: ["pacing:write"] }],
    ["no scope", { scope: [] }],
    ["exp later", { expires: MADE_AT + DAY + 1 }],
    ["iat earlier", { issued: MADE_AT }],
    ["aud wider", { audience: ["me"] }],
    ["without delegate", {}, { scope: ["ecg:read"] }],
  ];
  for (const [name, but, parentBut] of CASES) {
    it(`${name}: credential/delegation`, async () => {
      const it = await family(parentBut);
      await rejects("credential/delegation", () =>
        delegate(crypto, it.clinic.key, it.parent, childContent(it, but)),
      );
    });
  }

  it("what it signs is believed", async () => {
    const it = await family();
    const token = await delegate(crypto, it.clinic.key, it.parent, childContent(it));
    same((await shown(it, token)).credential.kind, "hub");
  });
});
