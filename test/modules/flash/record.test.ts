import { FlashRecord, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, same, show, throws } from "../../support/assert.js";
import { FailingFlash, PowerCut, type Torn } from "./failing.js";

const value = (n: number, length = 8): Uint8Array => new Uint8Array(length).fill(n & 0xff);
const SECTORS = 2;

/** A flash with the versions 1 to `count` of `length` bytes. */
function written(count: number, length = 8): FailingFlash {
  const flash = new FailingFlash(SECTORS);
  const record = new FlashRecord(flash, 0);
  for (let n = 1; n <= count; n++) record.write(value(n, length));
  return flash;
}

/** Cuts the power at byte `at` of a write. True when the power went. */
function cutAt(flash: FailingFlash, at: number, torn: Torn, next: Uint8Array): boolean {
  const record = new FlashRecord(flash, 0);
  flash.left = at;
  flash.torn = torn;
  try {
    record.write(next);
    return false;
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return true;
  }
}

describe("FlashRecord (DESIGN section 9)", () => {
  it("is empty at first", () => {
    same(new FlashRecord(new FailingFlash(SECTORS), 0).value, undefined);
  });

  for (const length of [0, 1, 2, 3, 4, 5, 8, 255, 1024]) {
    it(`keeps the newest of many versions of ${length} bytes, over both sectors`, () => {
      const count = Math.ceil((3 * SECTOR_SIZE) / (16 + length));
      const flash = new FailingFlash(SECTORS);
      const record = new FlashRecord(flash, 0);
      for (let n = 1; n <= count; n++) {
        record.write(value(n, length));
        deep(record.value, value(n, length));
        if (n % 7 === 0) deep(new FlashRecord(flash, 0).value, value(n, length));
      }
      deep(new FlashRecord(flash, 0).value, value(count, length));
    });
  }

  it("keeps to its two sectors", () => {
    const flash = new FailingFlash(6);
    const record = new FlashRecord(flash, 2);
    for (let n = 0; n < 1000; n++) record.write(value(n));
    ok(flash.bytes.subarray(0, 2 * SECTOR_SIZE).every((byte) => byte === 0xff));
    ok(flash.bytes.subarray(4 * SECTOR_SIZE).every((byte) => byte === 0xff));
  });

  it("refuses more than 1024 bytes, and keeps what it has", () => {
    const flash = written(1);
    const record = new FlashRecord(flash, 0);
    throws("flash/full", () => record.write(value(2, 1025)));
    deep(record.value, value(1));
    deep(new FlashRecord(flash, 0).value, value(1));
  });
});

describe("FlashRecord: the power goes at any byte", () => {
  // 24 bytes a version of 8: 170 fit. Then the next write erases the other sector, blank or full of old ones.
  const STATES: [string, number, number][] = [
    ["the first write ever", 0, 8],
    ["the second", 1, 8],
    ["the last that fits its sector", 169, 8],
    ["the first in the other sector, blank", 170, 8],
    ["the first over old versions", 340, 8],
    ["a value that does not fill its last word", 3, 5],
  ];
  for (const [name, count, length] of STATES) {
    for (const torn of ["untouched", "half", "done"] as const) {
      it(`${name}, the byte under the cut ${torn}: the old one or the new one`, () => {
        const before = written(count, length);
        const next = value(count + 1, length);
        const old = count === 0 ? undefined : value(count, length);
        let outcomes = 0;
        for (let at = 0; ; at += at > 24 && at < SECTOR_SIZE - 400 ? 397 : 1) {
          const flash = before.restart();
          flash.backwards = at % 2 === 1;
          if (!cutAt(flash, at, torn, next)) break;
          const after = flash.restart();
          const record = new FlashRecord(after, 0);
          const kept = record.value;
          ok(
            [old, next].some((one) => show(one) === show(kept)),
            `byte ${at}`,
          );
          record.write(value(99, length));
          deep(new FlashRecord(after, 0).value, value(99, length), `written after a cut at byte ${at}`);
          outcomes++;
        }
        ok(outcomes > 20, "expected cuts");
      });
    }
  }

  it("again and again: each restart finds what the last write that returned has left, or the one cut", () => {
    let flash = written(168);
    let last = 168;
    for (let n = 0; n < 120; n++) {
      const next = (last + 1) & 0xff;
      const cut = cutAt(
        flash,
        (n * 131) % 4200,
        (["untouched", "half", "done"] as const)[n % 3]!,
        value(next),
      );
      flash = flash.restart();
      const kept = new FlashRecord(flash, 0).value;
      ok(kept !== undefined);
      ok(
        kept[0] === next || (cut && kept[0] === last),
        `round ${n}: expected ${last} or ${next}, came ${kept[0]}`,
      );
      last = kept[0]!;
    }
  });
});

describe("FlashRecord: a chip that fails", () => {
  it("a write that is not kept is told, and spoils neither the old value nor the next write", () => {
    const flash = written(170);
    const record = new FlashRecord(flash, 0);
    const program = flash.program.bind(flash);
    flash.program = (offset, bytes) => program(offset, bytes.slice(0, bytes.length - 3));
    throws("flash/program", () => record.write(value(171)));
    throws("flash/program", () => record.write(value(172)));
    flash.program = program;
    deep(record.value, value(170));
    deep(new FlashRecord(flash, 0).value, value(170));
    record.write(value(173));
    deep(record.value, value(173));
    deep(new FlashRecord(flash, 0).value, value(173));
  });

  it("any bit of the newest version lost: the record is corrupt, never an older value or none", () => {
    for (const count of [1, 2, 170, 171]) {
      const flash = written(count);
      const start = count === 171 ? SECTOR_SIZE : (count - 1) * 24;
      let refused = 0;
      for (let bit = 0; bit < 8 * 24; bit++) {
        const at = start + (bit >> 3);
        if (at >= start + 12 && at < start + 16) continue; // the mark: any form of it but ff is a mark
        if (count === 171 && at >= start + 4 && at < start + 8) continue; // as record.ts says
        const flipped = flash.restart();
        flipped.bytes[at]! ^= 1 << (bit & 7);
        throws("flash/corrupt", () => new FlashRecord(flipped, 0), `${count} versions, bit ${bit}`);
        refused++;
      }
      same(refused, 8 * (count === 171 ? 16 : 20));
    }
  });

  it("both sectors full of something else: corrupt", () => {
    throws("flash/corrupt", () => new FlashRecord(new FailingFlash(2, new Uint8Array(8192)), 0));
    throws("flash/corrupt", () => new FlashRecord(new FailingFlash(2, new Uint8Array(8192).fill(0x56)), 0));
  });
});
