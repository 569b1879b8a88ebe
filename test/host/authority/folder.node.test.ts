import { execFile } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { replaceFile } from "../../../host/authority/files.js";
import { AuthorityFolder } from "../../../host/authority/folder.js";
import { whileLocked } from "../../../host/authority/lock.js";
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

  it("a power cut while it is made leaves what is gone on with: the same key, in the end", async () => {
    rmSync(at("authority.json"));
    const { anchor } = await AuthorityFolder.create(crypto, join(folder, "a"), facts, secret);
    rmSync(at("authority.json"));
    rmSync(at("anchor.cbor"));
    rmSync(at("ledger.jsonl"));
    await rejects("host/passphrase", () =>
      AuthorityFolder.create(crypto, join(folder, "a"), facts, { ...secret, passphrase: "other" }),
    );
    await rejects("host/store", () => AuthorityFolder.create(crypto, join(folder, "a"), facts, "insecure"));
    const again = await AuthorityFolder.create(crypto, join(folder, "a"), facts, secret);
    deep(again.anchor, anchor);
    await issue(await open());
    rmSync(at("authority.json"));
    await rejects("host/store", () => AuthorityFolder.create(crypto, join(folder, "a"), facts, secret));
  });

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

  describe("the lock beside the ledger", () => {
    const lock = (name: string) => `${at("ledger.jsonl")}.lock${name}`;
    const locks = () => readdirSync(join(folder, "a")).filter((name) => name.includes(".lock"));
    const here = hostname().replace(/[^A-Za-z0-9-]/g, "_");

    const stale: [string, string][] = [
      ["of a process that is gone", `.${here}.999999999.0.ab`],
      ["of a living process of another start: its number came again", `.${here}.${process.pid}.abc123.ab`],
      ["of process 0, which means every process of the group", `.${here}.0.0.ab`],
      ["that is empty and says nothing", ""],
      ["of another kind", ".x"],
    ];
    for (const [name, tail] of stale) {
      it(`one ${name} does not hold, and is removed`, async () => {
        writeFileSync(lock(tail), "");
        await issue(await open());
        deep(locks(), []);
      });
    }

    it("one of a living process holds, and is left alone; so is one of another machine, for a minute", async () => {
      for (const tail of [`.${here}.${process.pid}.0.ab`, ".elsewhere.7.0.ab"]) {
        writeFileSync(lock(tail), "");
        const office = await open();
        await rejects("host/store", () => issue(office));
        ok(existsSync(lock(tail)));
        const [before] = [Date.now() / 1000 - 61];
        utimesSync(lock(tail), before, before);
        await issue(await open());
        deep(locks(), []);
      }
    });

    it("the process's own tells it from a later one, where there is /proc", async () => {
      const seen: string[] = [];
      whileLocked(at("ledger.jsonl"), () => seen.push(...locks()));
      same(seen.length, 1);
      ok(
        new RegExp(`\\.lock\\.${here}\\.${process.pid}\\.[0-9a-f]+\\.[0-9a-f]{12}$`).test(seen[0]!),
        seen[0],
      );
      same(/\.0\.[0-9a-f]{12}$/.test(seen[0]!), !existsSync("/proc/self/stat"));
      throws("host/store", () =>
        whileLocked(at("ledger.jsonl"), () => whileLocked(at("ledger.jsonl"), () => {})),
      );
      deep(locks(), []);
    });

    it("four processes at it, over a stale lock: never two at once", async () => {
      writeFileSync(lock(`.${here}.999999999.0.ab`), "");
      const target = at("ledger.jsonl");
      const inside = at("inside");
      const script = at("contend.mjs");
      await build({
        stdin: {
          resolveDir: process.cwd(),
          contents: `
            import { closeSync, openSync, rmSync } from "node:fs";
            import { whileLocked } from "./host/authority/lock.ts";
            let held = 0;
            const until = Date.now() + 1500;
            while (Date.now() < until) {
              try {
                whileLocked(${JSON.stringify(target)}, () => {
                  closeSync(openSync(${JSON.stringify(inside)}, "wx")); // fails where another is inside
                  rmSync(${JSON.stringify(inside)});
                  held++;
                });
              } catch (error) {
                if (error.code !== "host/store") { console.log(error.message); process.exit(1); }
              }
            }
            console.log(held);`,
        },
        ...{ bundle: true, platform: "node", format: "esm", outfile: script },
      });
      const runs = await Promise.all(Array.from({ length: 4 }, () => promisify(execFile)("node", [script])));
      const held = runs.map(({ stdout }) => Number(stdout));
      ok(held.reduce((sum, n) => sum + n) > 50, `${held}`);
      deep(locks(), []);
    });
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
