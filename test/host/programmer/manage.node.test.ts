import { cryptos } from "engine";
import { Authority } from "../../../host/authority/authority.js";
import {
  carry,
  challenge,
  type FreshnessAnswer,
  freshen,
  resetTime,
  revoke,
  rotate,
  rotateAnchor,
} from "../../../host/programmer/manage.js";
import { Programmer } from "../../../host/programmer/programmer.js";
import { Trust, verifyCredential } from "../../../modules/credential/index.js";
import { CLAIM, parseCwtUnverified } from "../../../modules/cwt/index.js";
import { startDevice } from "../../modules/device/bench.js";
import { Clinic, DAY, GROUP, MADE_AT } from "../../modules/device/clinic.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { linkTo } from "./bench-link.js";

const crypto = cryptos[0]!;
const MANAGE = ["ecg:read", "device:manage"];

async function managed(scope = MANAGE) {
  const bench = await startDevice(crypto);
  const clinic = await Clinic.open(crypto);
  const authority = new Authority(crypto, clinic.authority);
  const time = { floor: MADE_AT };
  const { anchor, key } = clinic;
  const credential = verifyCredential(crypto, await clinic.issue({ scope }), {
    kind: "programmer",
    anchor,
    time,
  });
  const trust = new Trust(crypto, { anchor, kinds: ["device"], time: () => time });
  const { link } = linkTo(bench);
  const connect = () =>
    Programmer.connect({ crypto, link, credential, key, trust, observe: () => {}, timeoutMs: 500 });
  const session = await connect();
  /** The Authority's answer, but for what the test says. */
  const answer =
    (epoch = 0, list?: Uint8Array, now = MADE_AT + 10) =>
    async (request: Uint8Array): Promise<FreshnessAnswer> => {
      const { claims } = parseCwtUnverified(request);
      const [device, nonce] = [claims.get(CLAIM.sub) as string, claims.get(CLAIM.nonce) as Uint8Array];
      const token = await authority.freshness({ nonce, device, programmer: credential.kid, epoch, now });
      return { token, ...(list && { list }) };
    };
  const fresh = (ask = answer()) => freshen(session, { crypto, key, anchor, now: MADE_AT, ask });
  const listOf = (epoch: number, ...revoked: Uint8Array[]) =>
    authority.revocationList({ audience: GROUP, epoch, revoked, now: MADE_AT + 5 });
  return { bench, clinic, authority, session, answer, fresh, listOf };
}

describe("What a programmer does to what a device holds", () => {
  it("challenge: 16 bytes, others each time", async () => {
    const { session } = await managed();
    const [one, other] = [await challenge(session), await challenge(session)];
    deep([one.length, other.length], [16, 16]);
    ok(`${one}` !== `${other}`);
  });

  it("without the Authority's word nothing that could hurt is done; with it, for 30 minutes", async () => {
    const { session, fresh, bench } = await managed();
    await rejects("credential/freshness", () => revoke(session, crypto));
    same(await fresh(), 1800);
    await bench.clock.pass(1800 * 1000);
    await rejects("credential/freshness", () => revoke(session, crypto));
  });

  it("where the word is newer than the device's list, the list goes first", async () => {
    const { fresh, answer, listOf } = await managed();
    await rejects("credential/epoch", () => fresh(answer(1)));
    same(await fresh(answer(1, await listOf(1, new Uint8Array(8)))), 1800);
    await rejects("credential/epoch", async () => fresh(answer(2, await listOf(1))));
  });

  it("an answer for another session is refused", async () => {
    const { fresh, authority, session } = await managed();
    const wrong = {
      nonce: new Uint8Array(16),
      device: session.device.subject,
      programmer: new Uint8Array(8),
    };
    const ask = async () => ({ token: await authority.freshness({ ...wrong, epoch: 0, now: MADE_AT }) });
    await rejects("credential/freshness", () => fresh(ask));
  });

  it("carry: an epoch above, once; a device on the list says that it ends, and its word is verified", async () => {
    const { session, listOf } = await managed();
    same(await carry(session, await listOf(1), crypto), undefined);
    const again = await listOf(1);
    await rejects("credential/epoch", () => carry(session, again, crypto));
    const { subject, kid } = session.device;
    const farewell = await carry(session, await listOf(2, kid), crypto);
    deep([farewell?.device, farewell?.epoch], [subject, 2]);
  });

  it("rotate: for the key that it has, and for a new one that the old one vouches for", async () => {
    const { session, fresh, clinic } = await managed();
    await fresh();
    const kids: string[] = [];
    const issue = async (holder: Parameters<typeof clinic.issueDevice>[0] & { kid: Uint8Array }) => {
      kids.push(`${holder.kid}`);
      return clinic.issueDevice(holder);
    };
    const other = await crypto.generate("Ed25519");
    const wrong = async () => clinic.issueDevice(other);
    await rejects("credential/holder", () => rotate(session, { crypto, newKeyOn: "Ed25519", issue: wrong }));
    await rotate(session, { crypto, issue });
    await rotate(session, { crypto, newKeyOn: "Ed25519", issue });
    same(kids[0], `${session.device.kid}`);
    ok(kids[1] !== kids[0]);
    // the new key signs now, and this session is with the old one
    await rejects("credential/request", () => rotate(session, { crypto, newKeyOn: "Ed25519", issue }));
  });

  it("rotateAnchor: the old Authority hands over, the new one has a credential ready", async () => {
    const { bench, session, fresh, authority } = await managed();
    await fresh();
    const next = await Clinic.open(crypto, 0x50);
    const content = {
      subject: new Uint8Array(8).fill(1),
      audience: [GROUP],
      issued: MADE_AT,
      expires: MADE_AT + DAY,
    };
    const credential = await next.issueDevice(session.device.key, content);
    const rotation = await authority.handOver(next.anchor, GROUP, MADE_AT + 20);
    const stranger = await new Authority(crypto, next.authority).handOver(next.anchor, GROUP, MADE_AT + 20);
    await rejects("cwt/issuer", () => rotateAnchor(session, stranger, credential));
    await rotateAnchor(session, rotation, credential);
    // the session rested on the old Authority's word: it is over
    await bench.clock.pass(1000);
    same(bench.peripheral.disconnects, 1);
    deep(bench.device.holder.anchor?.kid, next.anchor.kid);
  });

  it("resetTime: the Authority's, over this session's nonce", async () => {
    const { session, authority } = await managed();
    const device = session.device.subject;
    await resetTime(session, (nonce) => authority.timeReset({ nonce, device, now: MADE_AT - 1000 }));
    const stale = await challenge(session);
    await rejects("credential/freshness", () =>
      resetTime(session, () => authority.timeReset({ nonce: stale, device, now: MADE_AT })),
    );
  });

  it("revoke: the device signs that it ends", async () => {
    const { session, fresh } = await managed();
    await fresh();
    same((await revoke(session, crypto)).device, session.device.subject);
  });

  it("who may not manage is refused, whatever the Authority says", async () => {
    const { session, fresh } = await managed(["ecg:read"]);
    await fresh();
    await rejects("session/scope", () => revoke(session, crypto));
  });
});
