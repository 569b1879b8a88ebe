import { StatusChecker } from "../../../host/authority/status.js";
import { nodeZlib } from "../../../host/cose/zlib.js";
import { ancestorItem, delegate, Trust } from "../../../modules/credential/index.js";
import { STATUS, StatusList } from "../../../modules/cwt/index.js";
import { kcwtIdCred } from "../../../modules/edhoc/index.js";
import { deep, rejects, same, throws } from "../../support/assert.js";
import { type Books, crypto, DAY, deviceOf, NOW, openBooks, programmerOf, STATUS_URI } from "./books.js";

const HALF_DAY = DAY / 2;
const byValue = (cred: Uint8Array) => ({ kind: "kcwt", cred, encoded: kcwtIdCred(cred) }) as const;

describe("A host's status checker (draft-ietf-oauth-status-list)", () => {
  let books: Books;
  const checker = () =>
    new StatusChecker(crypto, {
      anchor: books.office.authority.anchor,
      zlib: nodeZlib,
      now: () => books.clock.now,
    });
  const signed = (content: { iat?: number; exp?: number; ttl?: number; uri?: string } = {}) =>
    books.office.authority.statusList(
      { uri: STATUS_URI, iat: NOW, list: StatusList.empty(1, 64), ...content },
      nodeZlib,
    );

  beforeEach(async () => {
    books = await openBooks();
  });
  afterEach(() => books.close());

  it("says which credentials hold, by the newest list alone", async () => {
    const [one, other] = [await deviceOf(books.office), await deviceOf(books.office)];
    const check = checker();
    check.take(await books.office.statusList());
    deep(
      [one, other].map(({ credential }) => check.statusOf(credential.token)),
      [STATUS.valid, STATUS.valid],
    );
    books.office.revoke(books.office.sameHolder(other.credential.token));
    same(check.statusOf(other.credential.token), STATUS.valid);
    check.take(await books.office.statusList());
    deep(
      [one, other].map(({ credential }) => check.statusOf(credential.token)),
      [STATUS.valid, STATUS.invalid],
    );
  });

  it("has room for credentials that are issued after it was signed", async () => {
    const check = checker();
    check.take(await books.office.statusList());
    same(check.statusOf((await deviceOf(books.office)).credential.token), STATUS.valid);
  });

  it("without a list nobody can tell: cwt/status", async () => {
    const { credential } = await deviceOf(books.office);
    throws("cwt/status", () => checker().statusOf(credential.token));
  });

  it("its iat never goes back: an older list, and another of the same second, are refused (section 13.7)", async () => {
    const check = checker();
    const [old, now] = [await signed({ iat: NOW - 1 }), await signed()];
    check.take(now);
    throws("cwt/status", () => check.take(old));
    const twin = await signed({ ttl: 5 });
    throws("cwt/status", () => check.take(twin));
    check.take(now); // the same one again is no harm
    same(check.bytes?.length, now.length);
    same(check.newest?.iat, NOW);
  });

  it("over a restart it is as old as it was: what was kept is taken again with its time", async () => {
    const kept = await signed({ ttl: HALF_DAY });
    books.clock.now = NOW + HALF_DAY + 1;
    const again = checker();
    again.take(kept, NOW);
    same(again.current, false);
    again.take(kept, NOW + 2);
    same(again.current, true);
    again.take(kept, NOW + DAY); // from the future: then it is of now at the most
    books.clock.now += HALF_DAY;
    same(again.current, false);
  });

  const stale: [string, object, number, boolean][] = [
    ["held just short of its ttl", { ttl: HALF_DAY }, HALF_DAY - 1, true],
    ["held for its ttl", { ttl: HALF_DAY }, HALF_DAY, false],
    ["just before its exp", { exp: NOW + DAY }, DAY - 1, true],
    ["at its exp", { exp: NOW + DAY }, DAY, false],
    ["ttl over before exp", { ttl: HALF_DAY, exp: NOW + DAY }, HALF_DAY, false],
    ["neither ttl nor exp", {}, 365 * DAY, true],
  ];
  for (const [name, content, after, current] of stale) {
    it(`${name}: ${current ? "answers" : "is out of date, and answers for nobody"}`, async () => {
      const { credential } = await deviceOf(books.office);
      const check = checker();
      check.take(await signed(content));
      books.clock.now = NOW + after;
      same(check.current, current);
      if (current) same(check.statusOf(credential.token), STATUS.valid);
      else throws("cwt/status", () => check.statusOf(credential.token));
    });
  }

  it("refuses, and stays as it was: another Authority's, one from the future, one that ended, other tokens", async () => {
    const stranger = await openBooks();
    const check = checker();
    check.take(await signed());
    const theirs = await stranger.office.statusList();
    throws("cwt/issuer", () => check.take(theirs));
    const [ahead, over, elsewhere] = [
      await signed({ iat: NOW + 61 }),
      await signed({ iat: NOW, exp: NOW - 60 }),
      await signed({ iat: NOW + 1, uri: "https://other.example" }),
    ];
    throws("cwt/not-yet", () => check.take(ahead));
    throws("cwt/expired", () => check.take(over));
    throws("cwt/status", () => check.take(elsewhere));
    const { credential } = await deviceOf(books.office);
    throws("cwt/typ", () => check.take(credential.token));
    throws("cbor/truncated", () => check.take(new Uint8Array(0)));
    const bad = (await signed({ iat: NOW + 1 })).slice();
    bad[bad.length - 1]! ^= 1;
    throws("cose/bad-signature", () => check.take(bad));
    same(check.newest?.iat, NOW);
    stranger.close();
  });

  it("a credential beyond the list, or of another list, is not vouched for", async () => {
    for (let i = 0; i < 65; i++) await programmerOf(books.office);
    const { credential } = await deviceOf(books.office);
    const check = checker();
    check.take(await signed()); // it has 64
    throws("cwt/status", () => check.statusOf(credential.token));
    const other = checker();
    other.take(await signed({ uri: "https://other.example" }));
    throws("cwt/status", () => other.statusOf(credential.token));
  });

  describe("as what a Trust asks", () => {
    async function trusting() {
      const [programmer, device] = [await programmerOf(books.office), await deviceOf(books.office)];
      const check = checker();
      check.take(await books.office.statusList());
      const trust = new Trust(crypto, {
        anchor: books.office.authority.anchor,
        kinds: ["device", "programmer", "hub"],
        time: () => ({ floor: NOW }),
        revoked: check.isRevoked,
      });
      const revoke = async (token: Uint8Array) => {
        books.office.revoke(books.office.sameHolder(token));
        check.take(await books.office.statusList());
      };
      return { programmer, device, trust, revoke };
    }

    it("a device is believed until the list says otherwise", async () => {
      const { device, trust, revoke } = await trusting();
      const { token, subject } = device.credential;
      same((await trust.fetchCredential(byValue(token), [])).credential.subject, subject);
      await revoke(token);
      await rejects("cwt/status", async () => trust.fetchCredential(byValue(token), []));
    });

    it("a hub, which has no status, falls with the programmer that let it in", async () => {
      const { programmer, trust, revoke } = await trusting();
      const hub = await delegate(crypto, programmer.key, programmer.credential, {
        ...{ subject: new Uint8Array(8), audience: ["ward"], holder: await crypto.generate("Ed25519") },
        ...{ issued: NOW, expires: NOW + 60, scope: ["ecg:read"] },
      });
      const items = [ancestorItem(programmer.credential)];
      same((await trust.fetchCredential(byValue(hub), items)).credential.kind, "hub");
      await revoke(programmer.credential.token);
      await rejects("cwt/status", async () => trust.fetchCredential(byValue(hub), items));
    });

    it("with a list that is out of date nobody is believed", async () => {
      const { device, trust } = await trusting();
      books.clock.now += 8 * DAY;
      await rejects("cwt/status", async () => trust.fetchCredential(byValue(device.credential.token), []));
    });
  });
});
