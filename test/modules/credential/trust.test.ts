import { cryptos } from "engine";
import { equal } from "../../../modules/bytes/index.js";
import { CREDENTIAL_MAX } from "../../../modules/credential/credential.js";
import {
  type Credential,
  Trust,
  type TrustedPeer,
  type TrustOptions,
} from "../../../modules/credential/index.js";
import type { IdCred } from "../../../modules/edhoc/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { Clinic, DAY, GROUP, MADE_AT } from "../device/clinic.js";

const crypto = cryptos[0]!;
const NONE = new Uint8Array(0);

const byValue = (cred: Uint8Array): IdCred => ({ kind: "kcwt", cred, encoded: NONE });
const byKid = (kid: Uint8Array): IdCred => ({ kind: "kid", kid, encoded: NONE });

const peerOf = (credential: Credential): TrustedPeer => ({
  cred: credential.token,
  key: credential.key,
  credential,
});

/** A device's trust, but for what the test says. */
async function trustOf(clinic: Clinic, but: Partial<TrustOptions> = {}): Promise<Trust> {
  return new Trust(crypto, {
    anchor: clinic.anchor,
    kinds: ["programmer"],
    time: () => ({ floor: MADE_AT }),
    audience: ["me", GROUP],
    ...but,
  });
}

describe("Whom a device believes (DESIGN section 4)", () => {
  const CASES: [string, ErrorCode | undefined, (clinic: Clinic) => Promise<Uint8Array>][] = [
    ["a programmer for its group", undefined, (clinic) => clinic.issue()],
    ["a programmer for it alone", undefined, (clinic) => clinic.issue({ audience: ["me"] })],
    ["for others and its group", undefined, (clinic) => clinic.issue({ audience: ["a", GROUP] })],
    ["a second before the end", undefined, (clinic) => clinic.issue({ expires: MADE_AT + 1 })],
    ["at the end", "cwt/expired", (clinic) => clinic.issue({ expires: MADE_AT })],
    ["issued in its future", undefined, (clinic) => clinic.issue({ issued: MADE_AT + DAY })],
    ["for others", "cwt/audience", (clinic) => clinic.issue({ audience: ["other", "bench2"] })],
    ["a hub", "cwt/typ", (clinic) => clinic.issue({ kind: "hub" })],
    ["a device", "cwt/typ", (clinic) => clinic.issueDevice(clinic.key)],
    ["of another Authority", "cwt/issuer", async () => (await Clinic.open(crypto, 0x40)).issue()],
    ["without a scope", "cwt/claim", (clinic) => clinic.issue({ scope: undefined as never })],
    ["an empty scope", "cwt/scope", (clinic) => clinic.issue({ scope: [] })],
    ["a scope twice", "cwt/scope", (clinic) => clinic.issue({ scope: ["ecg:read", "ecg:read"] })],
    [
      "larger than any",
      "cbor/too-large",
      (clinic) => clinic.issue({ audience: [GROUP, "x".repeat(CREDENTIAL_MAX)] }),
    ],
    [
      "one bit of its signature flipped",
      "cose/bad-signature",
      async (clinic) => flipped(await clinic.issue()),
    ],
    ["cut short", "cbor/truncated", async (clinic) => (await clinic.issue()).slice(0, -1)],
    ["nothing", "cbor/truncated", async () => NONE],
  ];

  function flipped(token: Uint8Array): Uint8Array {
    const other = token.slice();
    other[other.length - 1]! ^= 1;
    return other;
  }

  for (const [name, code, make] of CASES) {
    it(`${name}: ${code ?? "believed"}`, async () => {
      const clinic = await Clinic.open(crypto);
      const trust = await trustOf(clinic);
      const token = await make(clinic);
      if (code !== undefined) return rejects(code, () => trust.fetchCredential(byValue(token), []));
      const { cred, key, credential } = await trust.fetchCredential(byValue(token), []);
      deep([cred, key.publicKey], [token, clinic.key.publicKey]);
      deep([credential.kind, credential.scope], ["programmer", ["ecg:read"]]);
    });
  }

  it("who is revoked, and nobody else, is refused: by value and by kid", async () => {
    const clinic = await Clinic.open(crypto);
    const { credential } = clinic;
    const revoked: Uint8Array[] = [];
    const trust = await trustOf(clinic, { revoked: (kid) => revoked.some((other) => equal(other, kid)) });
    trust.keep(peerOf(credential));
    const both = [byValue(credential.token), byKid(credential.kid)];
    for (const id_cred of both) await trust.fetchCredential(id_cred, []);
    revoked.push(credential.kid);
    for (const id_cred of both) await rejects("cwt/status", () => trust.fetchCredential(id_cred, []));
  });

  it("several kinds: the refusal is the first one's; a hub that shows no ancestor is none of them", async () => {
    const clinic = await Clinic.open(crypto);
    const trust = await trustOf(clinic, { kinds: ["programmer", "hub"] });
    same((await trust.fetchCredential(byValue(await clinic.issue()), [])).credential.kind, "programmer");
    for (const token of [await clinic.issue({ kind: "hub" }), await clinic.issueDevice(clinic.key)])
      await rejects("cwt/typ", () => trust.fetchCredential(byValue(token), []));
  });
});

describe("Peers that come back name their credential by kid (RFC 9528 section 3.5.3)", () => {
  it("not known before it was kept; believed after; ended when it has ended", async () => {
    const clinic = await Clinic.open(crypto);
    const { credential } = clinic;
    let floor = MADE_AT;
    const trust = await trustOf(clinic, { time: () => ({ floor }) });
    const fetch = () => trust.fetchCredential(byKid(credential.kid), []);
    await rejects("edhoc/unknown-credential", fetch);
    await trust.fetchCredential(byValue(credential.token), []);
    await rejects("edhoc/unknown-credential", fetch, "who was only read has proved nothing");
    trust.keep(peerOf(credential));
    deep((await fetch()).cred, credential.token);
    floor = credential.expires;
    await rejects("cwt/expired", fetch);
  });

  it("other references are not known", async () => {
    const trust = await trustOf(await Clinic.open(crypto));
    for (const id_cred of [
      { kind: "kccs", cred: NONE, encoded: NONE },
      { kind: "other", label: 34, encoded: NONE },
    ] as const satisfies readonly IdCred[])
      await rejects("edhoc/unknown-credential", () => trust.fetchCredential(id_cred, []));
  });

  it("few are kept: the oldest goes, and one that came back is not the oldest", async () => {
    const clinic = await Clinic.open(crypto);
    const peers: Credential[] = [];
    const open = await trustOf(clinic);
    for (let n = 0; n < 4; n++) {
      const token = await clinic.issue({ holder: await crypto.generate("Ed25519") });
      peers.push((await open.fetchCredential(byValue(token), [])).credential);
    }
    const [a, b, c, d] = peers as [Credential, Credential, Credential, Credential];
    const trust = await trustOf(clinic, { kept: 2 });
    const known = async () => {
      const names: boolean[] = [];
      for (const { kid } of peers)
        names.push(
          await trust.fetchCredential(byKid(kid), []).then(
            () => true,
            () => false,
          ),
        );
      return names.map((it, n) => (it ? "abcd"[n] : "")).join("");
    };
    for (const [peer, expected] of [
      [a, "a"],
      [b, "ab"],
      [c, "bc"],
      [b, "bc"],
      [d, "bd"],
      [d, "bd"],
    ] as const) {
      trust.keep(peerOf(peer));
      same(await known(), expected);
    }
  });

  it("what is kept is a copy: the message that it came in may be overwritten", async () => {
    const clinic = await Clinic.open(crypto);
    const trust = await trustOf(clinic);
    const message = clinic.credential.token.slice();
    const peer = await trust.fetchCredential(byValue(message), []);
    const { credential } = peer;
    trust.keep(peer);
    message.fill(0);
    deep((await trust.fetchCredential(byKid(credential.kid), [])).cred, clinic.credential.token);
    ok(credential.token !== message);
  });
});
