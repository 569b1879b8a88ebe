/** The status list that a programmer keeps (draft-ietf-oauth-status-list section 13.7). */
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptStatus } from "../../../host/store/kept-status.js";
import { deep, same, throws } from "../../support/assert.js";
import { type Books, crypto, DAY, deviceOf, NOW, openBooks } from "../authority/books.js";

const TTL = DAY / 2;

describe("A status list kept in a holder's folder", () => {
  let books: Books;
  let folder = "";
  const open = (fetched?: string) =>
    keptStatus(crypto, folder, {
      anchor: books.office.authority.anchor,
      now: () => books.clock.now,
      ...(fetched && { fetched }),
    });
  /** A list of now, fetched then. */
  const fetch = async (name: string, at = books.clock.now) => {
    const path = join(folder, name);
    writeFileSync(path, await books.office.statusList());
    utimesSync(path, at, at);
    return path;
  };

  beforeEach(async () => {
    books = await openBooks();
    folder = mkdtempSync(join(tmpdir(), "vagus-test-"));
  });
  afterEach(() => {
    books.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("before there is one: none, and nothing is made", () => {
    deep([open().newest, open().current, existsSync(join(folder, "status.cbor"))], [undefined, false, false]);
  });

  it("its ttl counts from when it was fetched, over restarts", async () => {
    const path = await fetch("list", NOW - 3600);
    same(open(path).takenAt, NOW - 3600);
    books.clock.now = NOW - 3600 + TTL - 1;
    deep([open().current, open(path).current], [true, true]);
    books.clock.now += 1;
    deep([open().current, open(path).current, open().takenAt], [false, false, NOW - 3600]);
  });

  it("fetched again, unchanged: the ttl begins anew", async () => {
    const path = await fetch("list", NOW - TTL);
    same(open(path).current, false);
    utimesSync(path, NOW, NOW);
    same(open(path).current, true);
    same(open().takenAt, NOW);
  });

  it("a time of the file that is yet to come counts as now", async () => {
    same(open(await fetch("list", NOW + DAY)).takenAt, NOW);
  });

  it("no older one is taken after it, not even once it has ended itself", async () => {
    const older = await fetch("older");
    const newer = await fetch("newer");
    same(open(newer).newest?.iat, NOW + 1);
    throws("cwt/status", () => open(older));
    books.clock.now = NOW + 8 * DAY;
    throws("cwt/expired", () => open(older));
    const { newest, current } = open();
    deep([newest?.iat, current], [NOW + 1, false]);
  });

  it("whom an old list says to be revoked is, still; of the others it says nothing", async () => {
    const [one, other] = [await deviceOf(books.office), await deviceOf(books.office)];
    books.office.revoke(books.office.sameHolder(one.credential.token));
    open(await fetch("list"));
    books.clock.now = NOW + 8 * DAY;
    const checker = open();
    deep(
      [checker.wasRevoked(one.credential.token), checker.wasRevoked(other.credential.token)],
      [true, false],
    );
    throws("cwt/status", () => checker.statusOf(other.credential.token));
  });

  it("the list of another Authority, whose holder this one was, is passed over", async () => {
    open(await fetch("list"));
    const before = books;
    books = await openBooks();
    same(open().newest, undefined);
    same(open(await fetch("list")).current, true);
    before.close();
  });

  it("a file that is none is said", async () => {
    writeFileSync(join(folder, "status.cbor"), Uint8Array.of(0x80));
    throws("host/store", () => open());
  });
});
