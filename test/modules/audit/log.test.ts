/** The audit log (DESIGN section 7): who did what, in a ring of flash, hash-chained. */
import { cryptos } from "engine";
import { AUDIT, AuditLog, ENTRY_MAX, READ_MAX, SLOTS, verifyAudit } from "../../../modules/audit/index.js";
import { concat, toHex } from "../../../modules/bytes/index.js";
import { decode, encode } from "../../../modules/cbor/index.js";
import { MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { AT, fact, kid, numberIn, open, readAll, refusal, SECTORS } from "./writing.js";

const crypto = cryptos[0]!;
const RING = (SECTORS / 2) * SLOTS;

describe("Audit log: entries", () => {
  it("is an array of number, time, boot, event, who, detail, times and the hash of the one before", () => {
    const log = open(crypto, new MemoryFlash(SECTORS), 7);
    log.append({ at: AT, event: AUDIT.sessionOpened, who: kid(5), detail: null });
    log.append({ at: AT + 1, event: AUDIT.listTaken, who: null, detail: 3 });
    const [first, second] = log.read("events", 1, 10);
    same(toHex(first!), `88011a68e778000703480505050505050505f60150${"00".repeat(16)}`);
    deep(decode(second!), [2, AT + 1, 7, 9, null, 3, 1, crypto.sha256(first!).subarray(0, 16)]);
    deep(log.head("events"), { number: 2, hash: crypto.sha256(second!).slice(0, 16) });
  });

  it("a new log has a head of its own: number 0, zeros", () => {
    const log = open(crypto, new MemoryFlash(SECTORS));
    deep(log.head("events"), { number: 0, hash: new Uint8Array(16) });
    deep(log.read("failures", 1, 10), []);
    deep(verifyAudit(crypto, [], { head: log.head("events") }).entries, []);
  });

  it("is one program of 80 bytes for each entry, whose sector is blank", () => {
    const flash = new MemoryFlash(SECTORS);
    const calls: number[] = [];
    const program = flash.program.bind(flash);
    flash.program = (offset, bytes) => {
      calls.push(offset, bytes.length);
      program(offset, bytes);
    };
    flash.erase = () => ok(false, "nothing to erase");
    const log = open(crypto, flash);
    for (let n = 1; n <= 3; n++) log.append(fact(n));
    log.fail(refusal(AT));
    deep(calls, [0, 80, 80, 80, 160, 80, 2 * SECTOR_SIZE, 80]);
  });

  it("has room for a detail of 26 bytes whatever else it says, and refuses more before it writes", () => {
    const flash = new MemoryFlash(SECTORS);
    const log = open(crypto, flash, 0xffffffff);
    const full = { at: 0xffffffff, event: 255, who: kid(9) };
    for (const length of [24, 25]) log.append({ ...full, detail: new Uint8Array(length) });
    const [, entry] = log.read("events", 1, 2);
    ok(entry!.length <= ENTRY_MAX - 7, "expected room for a number and a count of four bytes each");
    const before = flash.read(0, SECTORS * SECTOR_SIZE);
    throws("audit/entry", () => log.append({ ...full, detail: new Uint8Array(40) }));
    throws("audit/entry", () => log.fail({ ...full, detail: new Uint8Array(40) }));
    throws("audit/entry", () => log.append({ ...full, who: new Uint8Array(7), detail: null }));
    throws("audit/entry", () => log.append({ ...full, at: 1.5, detail: null }));
    deep(flash.read(0, SECTORS * SECTOR_SIZE), before);
    same(log.head("events").number, 2);
  });

  it("a write that flash does not keep is told, and its number is left out", () => {
    const flash = new MemoryFlash(SECTORS);
    const log = open(crypto, flash);
    log.append(fact(1));
    const program = flash.program.bind(flash);
    flash.program = (offset, bytes) => program(offset, bytes.slice(0, 40));
    throws("flash/program", () => log.append(fact(2)));
    flash.program = program;
    log.append(fact(3));
    const { entries, missing } = verifyAudit(crypto, readAll(log, "events"), { head: log.head("events") });
    deep(
      entries.map(({ detail }) => detail),
      [
        [1, 8],
        [3, 8],
      ],
    );
    deep(missing, [{ first: 2, last: 2, why: "torn" }]);
  });
});

describe("Audit log: the ring", () => {
  it("keeps all but the sector that is being filled, over many rounds and restarts", () => {
    const flash = new MemoryFlash(SECTORS);
    let log = open(crypto, flash);
    for (let n = 1; n <= 3 * RING + 7; n++) {
      if (n % 40 === 0) log = open(crypto, flash, 1 + n / 40);
      log.append(fact(n));
      const head = log.head("events");
      same(head.number, n);
      if (n % 17 > 0) continue;
      deep(open(crypto, flash).head("events"), head);
      const { entries, missing } = verifyAudit(crypto, readAll(log, "events"), { head });
      const kept = n <= RING ? n : SLOTS + 1 + ((n - 1) % SLOTS);
      deep(
        entries.map(({ number }) => number),
        Array.from({ length: kept }, (_, i) => n - kept + 1 + i),
      );
      ok(entries.every((entry) => toHex(encode(entry.detail)) === toHex(encode([entry.number, 8]))));
      deep(missing, n <= RING ? [] : [{ first: 1, last: n - kept, why: "dropped" }]);
    }
  });

  it("reads at most so many entries, and at most a kilobyte, from any number on", () => {
    const log = open(crypto, new MemoryFlash(SECTORS));
    for (let n = 1; n <= 90; n++) log.append(fact(n));
    deep(log.read("events", 5, 3).map(numberIn), [5, 6, 7]);
    deep(log.read("events", 90, 3).map(numberIn), [90]);
    deep(log.read("events", 91, 3), []);
    deep(log.read("events", 2 ** 31, 3), []);
    deep(log.read("events", 1, 0), []);
    const some = log.read("events", 0, 1000);
    ok(concat(...some).length <= READ_MAX && some.length >= READ_MAX / ENTRY_MAX - 1);
    deep(
      some.map(numberIn),
      some.map((_, i) => i + 1),
    );
  });

  it("keeps to its sectors, and failures to theirs: neither pushes the other out", () => {
    const flash = new MemoryFlash(SECTORS + 4);
    const log = new AuditLog(crypto, flash, { firstSector: 2, sectors: SECTORS, boot: 1 });
    log.append(fact(1));
    for (let n = 0; n < 2 * RING; n++) log.fail(refusal(AT + n * 3600, n));
    for (const sector of [0, 1, 6, 7]) {
      ok(flash.read(sector * SECTOR_SIZE, SECTOR_SIZE).every((byte) => byte === 0xff));
    }
    same(log.head("failures").number, 2 * RING);
    deep(log.read("events", 1, 10).map(numberIn), [1]);
    const again = new AuditLog(crypto, flash, { firstSector: 2, sectors: SECTORS, boot: 2 });
    deep([again.head("events"), again.head("failures")], [log.head("events"), log.head("failures")]);
  });

  it("with more sectors keeps more", () => {
    const flash = new MemoryFlash(10);
    const log = open(crypto, flash, 1, 10);
    for (let n = 1; n <= 6 * SLOTS; n++) log.append(fact(n));
    const { entries } = verifyAudit(crypto, readAll(log, "events"), { head: log.head("events") });
    same(entries.length, 5 * SLOTS);
  });
});

for (const other of cryptos.slice(1)) {
  it(`Audit log: the same bytes by ${other.name} as by ${crypto.name}`, () => {
    const [a, b] = [crypto, other].map((each) => {
      const log = open(each, new MemoryFlash(SECTORS));
      for (let n = 1; n <= 5; n++) log.append(fact(n));
      return readAll(log, "events");
    });
    deep(a, b);
  });
}
