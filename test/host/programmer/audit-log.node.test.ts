import { readAudit } from "../../../host/programmer/audit-log.js";
import type { Managed } from "../../../host/programmer/manage.js";
import { auditHash, decodeEntry, encodeEntry } from "../../../modules/audit/entry.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, rejects, same } from "../../support/assert.js";

const crypto = createPortableCrypto();

function log(count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let prev = new Uint8Array(16);
  for (let number = 1; number <= count; number++) {
    const entry = { number, at: 1000 + number, boot: 1, event: 3, who: null, detail: null, times: 1 };
    entries.push(encodeEntry(entry, prev));
    prev = new Uint8Array(auditHash(crypto, entries.at(-1)!));
  }
  return entries;
}
const headOf = (entries: Uint8Array[]) => ({
  number: entries.length === 0 ? 0 : decodeEntry(entries.at(-1)!).number,
  hash: entries.length === 0 ? new Uint8Array(16) : auditHash(crypto, entries.at(-1)!),
});

/** A device that gives `page` entries at a time, and writes one more down at each reading, as a real one does. */
function session(all: Uint8Array[], at: number, page: number, oldest = 1): Managed {
  let end = at;
  return {
    device: undefined as never,
    command: async (_, parameters) => {
      const [, from] = parameters as number[];
      const kept = all.slice(0, end);
      const given = kept.slice(Math.max(from!, oldest) - 1).slice(0, page);
      const { number, hash } = headOf(kept);
      end = Math.min(end + 1, all.length);
      return [given, number, hash];
    },
  };
}

describe("Reading a device's audit log", () => {
  const all = log(60);
  for (const [at, page] of [
    [0, 5],
    [1, 5],
    [20, 7],
    [20, 64],
    [49, 2],
  ] as const) {
    it(`${at} entries, ${page} at a time, while each reading adds one: whole, up to the newest that was told`, async () => {
      const { entries, missing, end } = await readAudit(session(all, at, page), crypto, "events");
      deep(
        entries.map(({ number }) => number),
        entries.map((_, n) => n + 1),
      );
      same(missing.length, 0);
      same(end.number, entries.length);
      same(entries.length >= at, true);
    });
  }

  it("what it ended with before is held against it: in it, just before it, or older than what is kept", async () => {
    const known = headOf(all.slice(0, 12));
    for (const oldest of [1, 12, 13, 20]) {
      const { entries } = await readAudit(session(all, 30, 64, oldest), crypto, "events", known);
      same(entries[0]!.number, oldest);
    }
  });

  it("a log that is shorter than before, or another one, is refused", async () => {
    const read = (entries: Uint8Array[], number: number, hash: Uint8Array) =>
      readAudit(session(entries, entries.length, 64), crypto, "events", { number, hash });
    await rejects("audit/head", () => read(all.slice(0, 10), 12, headOf(all.slice(0, 12)).hash));
    await rejects("audit/chain", () => read(all, 12, new Uint8Array(16)));
    await rejects("audit/chain", () =>
      readAudit(session(all, 30, 64, 13), crypto, "events", { number: 12, hash: new Uint8Array(16) }),
    );
  });

  it("an entry that was changed or left out is refused or told", async () => {
    const changed = all.slice(0, 20);
    changed[4] = encodeEntry({ ...decodeEntry(changed[4]!), event: 5 }, decodeEntry(changed[4]!).prev);
    await rejects("audit/chain", () => readAudit(session(changed, 20, 64), crypto, "events"));
    const { missing } = await readAudit(
      session([...all.slice(0, 4), ...all.slice(5, 20)], 19, 64),
      crypto,
      "events",
    );
    deep(missing, [{ first: 5, last: 5, why: "lost" }]);
  });
});
