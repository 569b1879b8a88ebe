/** What has rotted in flash is missing from the log, and what was cut off too: both show, and neither stops the device. */
import { cryptos, engine } from "engine";
import { type AuditHead, SLOTS, verifyAudit } from "../../../modules/audit/index.js";
import { SECTOR_SIZE } from "../../../modules/flash/index.js";
import { Random } from "../../fuzz/random.js";
import { deep, ok, same } from "../../support/assert.js";
import { FailingFlash } from "../flash/failing.js";
import { fact, open, readAll, SECTORS } from "./writing.js";

const crypto = cryptos[0]!;
const RING = (SECTORS / 2) * SLOTS;
const brief = engine === "xs";

function written(count: number): { flash: FailingFlash; head: AuditHead } {
  const flash = new FailingFlash(SECTORS);
  const log = open(crypto, flash);
  for (let n = 1; n <= count; n++) log.append(fact(n));
  return { flash, head: log.head("events") };
}

/** The log of a chip, and one entry more. */
function oneMore(flash: FailingFlash, detail: number) {
  open(crypto, flash, 2).append(fact(detail));
  const log = open(crypto, flash, 3);
  return verifyAudit(crypto, readAll(log, "events"), { head: log.head("events") });
}

const slotOf = (number: number): number => {
  const slot = (number - 1) % RING;
  return Math.floor(slot / SLOTS) * SECTOR_SIZE + (slot % SLOTS) * 80;
};

describe("Audit log: entries that rot", () => {
  const COUNTS = [1, 2, 30, SLOTS, SLOTS + 1, RING, RING + 1, RING + 20];
  for (const count of COUNTS) {
    it(`any bit of the last of ${count} flipped: its number is missing, and the log goes on`, () => {
      const { flash } = written(count);
      for (let bit = 0; bit < 64 * 8; bit += brief ? 41 : 1) {
        const rotten = flash.restart();
        const at = slotOf(count) + (bit >> 3);
        if (rotten.bytes[at] === 0xff && bit > 8 * 58) continue; // behind the entry: nothing was lost
        rotten.bytes[at]! ^= 1 << (bit & 7);
        const { entries, missing } = oneMore(rotten, 999);
        const last = entries[entries.length - 1]!;
        deep(last.detail, [999, 8]);
        if (entries.some(({ number }) => number === count)) continue; // the padding
        ok(last.number === count + 1, `bit ${bit}: expected number ${count + 1}, came ${last.number}`);
        same(missing[missing.length - 1]?.last, count);
      }
    });
  }

  it("any earlier one: missing, lost, and all others are there", () => {
    const { flash, head } = written(40);
    for (let number = 2; number < 40; number += brief ? 7 : 1) {
      const rotten = flash.restart();
      rotten.bytes[slotOf(number) + 20]! ^= 4;
      const log = open(crypto, rotten);
      deep(log.head("events"), head);
      const { entries, missing } = verifyAudit(crypto, readAll(log, "events"), { head });
      same(entries.length, 39);
      deep(missing, [{ first: number, last: number, why: "lost" }]);
    }
  });

  it("one that rots behind its reader's back contradicts the head that was signed", () => {
    const { flash, head } = written(5);
    flash.bytes[slotOf(5) + 20]! ^= 4;
    const log = open(crypto, flash);
    let code = "";
    try {
      verifyAudit(crypto, readAll(log, "events"), { head });
    } catch (error) {
      code = (error as { code: string }).code;
    }
    same(code, "audit/head");
  });

  it("an entry put into another slot is none", () => {
    const { flash } = written(10);
    flash.bytes.copyWithin(slotOf(11), slotOf(10), slotOf(10) + 80);
    flash.bytes.copyWithin(slotOf(SLOTS + 1), slotOf(3), slotOf(3) + 80);
    same(open(crypto, flash).head("events").number, 10);
    const { entries, missing } = oneMore(flash, 999);
    deep(
      entries.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12],
    );
    deep(missing, [{ first: 11, last: 11, why: "torn" }]);
  });

  it("a chip full of anything at all opens, takes entries, and shows that something is missing", () => {
    const random = new Random(3);
    const contents = [0x00, 0x88, 0x55, 0x4b, -1, -1, -1];
    for (const byte of contents) {
      const bytes =
        byte < 0
          ? new Uint8Array(random.bytes(SECTORS * SECTOR_SIZE))
          : new Uint8Array(SECTORS * SECTOR_SIZE).fill(byte);
      const flash = new FailingFlash(SECTORS, bytes);
      const { entries, missing } = oneMore(flash, 1);
      same(entries.length, 1);
      deep(missing, [{ first: 1, last: 1, why: "torn" }]);
      for (let n = 2; n < RING + 3; n++) open(crypto, flash).append(fact(n));
    }
  });
});
