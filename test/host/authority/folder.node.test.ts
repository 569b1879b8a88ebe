import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../../../host/authority/files.js";
import { AuthorityFolder } from "../../../host/authority/folder.js";
import { Office } from "../../../host/authority/office.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";

const crypto = createPortableCrypto();
const NOW = 1_800_000_000;
const facts = {
  name: "St. Elsewhere",
  curve: "Ed25519",
  statusUri: "https://st.example/s",
  created: "2027",
} as const;
const secret = { passphrase: "secret", workFactor: 4 };

describe("An Authority's folder", () => {
  let folder = "";
  const at = (name: string) => join(folder, "a", name);
  const reopen = () => AuthorityFolder.open(crypto, join(folder, "a"));
  const open = async () => {
    const books = reopen();
    const { key } = await books.unlock(crypto, async () => "secret");
    return new Office(crypto, books, key, () => NOW);
  };
  const issue = async (office: Office) =>
    office.issue({
      kind: "programmer",
      holder: await crypto.generate("Ed25519"),
      audience: ["ward"],
      scope: ["ecg:read"],
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "vagus-test-"));
    await AuthorityFolder.create(crypto, join(folder, "a"), facts, secret);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("holds the public facts, the anchor, the key and the ledger; secrets are for the owner alone", async () => {
    const books = reopen();
    deep(books.facts, facts);
    deep(readdirSync(join(folder, "a")).sort(), [
      "anchor.cbor",
      "authority.json",
      "authority.key",
      "ledger.jsonl",
      "out",
    ]);
    same(statSync(at("authority.key")).mode & 0o077, 0);
    same(statSync(at("ledger.jsonl")).mode & 0o077, 0);
    await rejects("host/passphrase", () => books.unlock(crypto, async () => "wrong"));
  });

  it("never writes over one that is there", () =>
    rejects("host/store", () => AuthorityFolder.create(crypto, join(folder, "a"), facts, "insecure")));

  const damages: [string, (at: (name: string) => string) => void, string][] = [
    ["no Authority", (at) => rmSync(at("authority.json")), "host/store"],
    ["facts that are no JSON", (at) => writeFileSync(at("authority.json"), "{"), "host/store"],
    ["facts of another version", (at) => writeFileSync(at("authority.json"), '{"vagus":2}'), "host/store"],
    ["an anchor that is none", (at) => writeFileSync(at("anchor.cbor"), "x"), "cbor/"],
    ["a ledger with a broken line", (at) => writeFileSync(at("ledger.jsonl"), "x\n"), "host/ledger"],
  ];
  for (const [name, damage, code] of damages) {
    it(`refuses ${name}`, () => {
      damage(at);
      try {
        reopen();
        ok(false, "expected a refusal");
      } catch (error) {
        ok(String((error as { code?: string }).code).startsWith(code), String(error));
      }
    });
  }

  it("the key of another Authority is not taken for its own", async () => {
    await AuthorityFolder.create(crypto, join(folder, "b"), facts, secret);
    writeFileSync(at("authority.key"), readFileSync(join(folder, "b", "authority.key")));
    await rejects("host/store", () => reopen().unlock(crypto, async () => "secret"));
  });

  it("what was issued and revoked is there when it is opened again", async () => {
    const office = await open();
    const first = await issue(office);
    await issue(office);
    office.revoke([office.registry.at(0)!]);
    const { registry } = reopen();
    deep([registry.size, registry.isRevoked(0), registry.isRevoked(1)], [2, true, false]);
    same(registry.ofSubject(first.subject).length, 1);
    deep([registry.epoch("ward"), registry.list("ward")?.kids], [1, [registry.at(0)!.kid]]);
  });

  it("a last line that was cut off is said, and goes with the next change", async () => {
    await issue(await open());
    appendFileSync(at("ledger.jsonl"), '{"revoked":0,"a');
    const office = await open();
    same(office.folder.cut, '{"revoked":0,"a');
    same(office.registry.isRevoked(0), false);
    await issue(office);
    const after = reopen();
    deep([after.cut, after.registry.size], [undefined, 2]);
  });

  it("two that have it open: the second to write is refused, and nothing of it is in the ledger", async () => {
    const [one, other] = [await open(), await open()];
    await issue(one);
    await rejects("host/store", () => issue(other));
    same(reopen().registry.size, 1);
    await rejects("host/store", () => issue(other)); // not even when asked again
    await issue(await open());
    same(reopen().registry.size, 2);
  });

  it("the lock of a process that is gone does not hold; one of a living process does", async () => {
    const lock = `${at("ledger.jsonl")}.lock`;
    writeFileSync(lock, "999999999\n");
    await issue(await open());
    writeFileSync(lock, `${process.pid}\n`);
    const office = await open();
    await rejects("host/store", () => issue(office));
    ok(existsSync(lock));
  });

  it("a file is the old one or the new one, and what was begun is not left behind", () => {
    const path = at("out/x");
    replaceFile(path, "old");
    replaceFile(path, "new");
    same(readFileSync(path, "utf8"), "new");
    let refused = false;
    try {
      replaceFile(join(path, "below-a-file"), "x");
    } catch {
      refused = true;
    }
    ok(refused);
    deep(readdirSync(at("out")), ["x"]);
  });

  it("an event that cannot come is not written", () => {
    const books = reopen();
    throws("host/ledger", () => books.record([{ revoked: 7, at: NOW }]));
    same(readFileSync(at("ledger.jsonl"), "utf8"), "");
  });

  it("a credential that lives too long, or for a revoked key, is not issued and leaves no line", async () => {
    const office = await open();
    const holder = await crypto.generate("Ed25519");
    const content = { kind: "programmer", holder, audience: ["ward"], scope: ["ecg:read"] } as const;
    await rejects("host/input", () => office.issue({ ...content, lifetimeS: 7 * 86_400 + 1 }));
    await rejects("host/input", () => office.issue({ ...content, lifetimeS: 0 }));
    await rejects("cbor/too-large", () => office.issue({ ...content, audience: ["x".repeat(200)] }));
    same(office.registry.size, 0);
    await office.issue(content);
    office.revoke([office.registry.at(0)!]);
    await rejects("credential/revoked", () => office.issue(content));
    same(reopen().registry.size, 1);
  });

  it("status lists: each has a later iat than the one before, in the same second too, and over a restart", async () => {
    const iats: number[] = [];
    for (let i = 0; i < 3; i++) {
      const office = await open();
      await office.statusList();
      iats.push(office.registry.statusListIssued);
    }
    deep(iats, [NOW, NOW + 1, NOW + 2]);
  });
});
