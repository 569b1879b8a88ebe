import { cryptos } from "engine";
import { type Flash, MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { entrySize, findEntry } from "../../../modules/journal/entry.js";
import { STREAMS_MAX, TOKEN_MAX } from "../../../modules/journal/index.js";
import { SECTOR_HEADER } from "../../../modules/journal/ring.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { FailingFlash } from "../flash/failing.js";
import { all, hashOf, names, open, range, START, token } from "./kept.js";

const crypto = cryptos[0]!;
const hash = (stream: number, boot: number, sequence: number, length?: number) =>
  hashOf(crypto, token(stream, boot, sequence, length));

/** Sequences 0 to `count` - 1 of a stream. */
function filled(flash: MemoryFlash, boot: number, count: number, stream = 1) {
  const journal = open(crypto, flash, boot);
  for (let n = 0; n < count; n++) journal.append(stream, n, token(stream, boot, n));
  return journal;
}

describe("Journal: what is appended is read, in order (DESIGN section 6)", () => {
  it("is empty at first", () => {
    const journal = open(crypto, new MemoryFlash(4), 1);
    same(journal.read(1, START), undefined);
    same(journal.lost(1), undefined);
    same(journal.last(1), undefined);
    same(journal.usedBytes, 0);
  });

  for (const length of [0, 1, 2, 3, 4, 5, 399, 400, 401, 1500, TOKEN_MAX]) {
    it(`tokens of ${length} bytes come back as they went in`, () => {
      const flash = new MemoryFlash(8);
      const journal = open(crypto, flash, 1);
      for (let n = 0; n < 5; n++) journal.append(1, n, token(1, 1, n, length));
      for (const each of [journal, open(crypto, flash, 2)]) {
        deep(
          all(each, 1).map((it) => it.token),
          [0, 1, 2, 3, 4].map((n) => token(1, 1, n, length)),
        );
      }
    });
  }

  it("over restarts: boots one behind the other, each from 0", () => {
    const flash = new MemoryFlash(16);
    for (let boot = 1; boot <= 9; boot++) filled(flash, boot, boot);
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((boot) => range(boot, 0, boot - 1)).join(" ");
    same(names(all(open(crypto, flash, 10), 1)), expected);
  });

  it("streams apart, each with its own sequence", () => {
    const flash = new MemoryFlash(16);
    const journal = open(crypto, flash, 3);
    for (let n = 0; n < 60; n++)
      journal.append(1 + (n % 3), 100 * (n % 3) + Math.floor(n / 3), token(1 + (n % 3), 3, n));
    for (const stream of [1, 2, 3])
      same(names(all(journal, stream)), range(3, 100 * (stream - 1), 100 * (stream - 1) + 19));
    same(journal.read(4, START), undefined);
  });

  it("from a cursor: the first at it or behind it", () => {
    const flash = new MemoryFlash(16);
    filled(flash, 2, 30);
    const journal = filled(flash, 5, 30);
    const CASES: [number, number, string | undefined][] = [
      [0, 7, "2.0"],
      [2, 0, "2.0"],
      [2, 17, "2.17"],
      [2, 29, "2.29"],
      [2, 30, "5.0"],
      [3, 0, "5.0"],
      [4, 4_000_000_000, "5.0"],
      [5, 29, "5.29"],
      [5, 30, undefined],
      [6, 0, undefined],
    ];
    for (const [boot, sequence, expected] of CASES) {
      const reading = journal.read(1, { boot, sequence });
      same(reading && names([reading]), expected, `${boot}.${sequence}`);
    }
  });

  it("what is appended behind the last that was read is read next", () => {
    const journal = open(crypto, new MemoryFlash(4), 1);
    let next = START;
    for (let n = 0; n < 200; n++) {
      same(journal.read(1, next), undefined);
      journal.append(1, n, token(1, 1, n));
      const reading = journal.read(1, next)!;
      same(names([reading]), `1.${n}`);
      next = reading.next;
    }
  });

  it("a reader that the ring has overtaken goes on with the oldest that is there", () => {
    const journal = open(crypto, new MemoryFlash(4), 1);
    for (let n = 0; n < 5; n++) journal.append(1, n, token(1, 1, n));
    const { next } = journal.read(1, START)!;
    for (let n = 5; n < 100; n++) journal.append(1, n, token(1, 1, n));
    const first = journal.lost(1)!.last.sequence + 1;
    same(names(all(journal, 1, next)), range(1, first, 99));
  });

  it("keeps to its sectors", () => {
    const flash = new FailingFlash(9);
    const journal = open(crypto, flash, 1, { firstSector: 3, sectors: 4 });
    for (let n = 0; n < 100; n++) journal.append(1, n, token(1, 1, n));
    ok(flash.bytes.subarray(0, 3 * SECTOR_SIZE).every((byte) => byte === 0xff));
    ok(flash.bytes.subarray(7 * SECTOR_SIZE).every((byte) => byte === 0xff));
  });

  it("the newest token of a stream outlives the power, with its hash", () => {
    const flash = new MemoryFlash(4);
    for (let count = 1, boot = 1; count < 40; count += 3, boot++) {
      filled(flash, boot, count);
      deep(open(crypto, flash, boot + 1).last(1), {
        boot,
        sequence: count - 1,
        hash: hash(1, boot, count - 1),
      });
    }
  });
});

describe("Journal: full", () => {
  it("the oldest sector goes first, and what went is told: first, last, last hash", () => {
    const flash = new MemoryFlash(6);
    const journal = open(crypto, flash, 1);
    let n = 0;
    for (; journal.lost(1) === undefined; n++) journal.append(1, n, token(1, 1, n));
    const { first, last, lastHash } = journal.lost(1)!;
    deep(first, { boot: 1, sequence: 0 });
    deep(lastHash, hash(1, 1, last.sequence));
    same(names(all(journal, 1)), range(1, last.sequence + 1, n - 1));
    for (; n < 500; n++) journal.append(1, n, token(1, 1, n));
    for (const each of [journal, open(crypto, flash, 2)]) {
      const lost = each.lost(1)!;
      deep(lost.first, { boot: 1, sequence: 0 });
      deep(lost.lastHash, hash(1, 1, lost.last.sequence));
      same(names(all(each, 1)), range(1, lost.last.sequence + 1, 499));
      ok(each.usedBytes > 4 * SECTOR_SIZE && each.usedBytes <= 5 * SECTOR_SIZE);
    }
  });

  it("told: then nothing is lost but what goes from then on, also behind a restart", () => {
    const flash = new MemoryFlash(4);
    const journal = filled(flash, 1, 100);
    const { last } = journal.lost(1)!;
    journal.told(1);
    same(journal.lost(1), undefined);
    const again = open(crypto, flash, 2);
    same(again.lost(1), undefined);
    for (let n = 0; again.lost(1) === undefined; n++) again.append(1, n, token(1, 2, n));
    deep(again.lost(1)!.first, { boot: 1, sequence: last.sequence + 1 });
  });

  it("told up to a token: what went while it was being signed is still to be told", () => {
    const flash = new MemoryFlash(4);
    const journal = filled(flash, 1, 100);
    const { last } = journal.lost(1)!;
    for (let n = 100; n < 150; n++) journal.append(1, n, token(1, 1, n));
    const now = journal.lost(1)!;
    journal.told(1, last);
    for (const each of [journal, open(crypto, flash, 2)]) {
      deep(each.lost(1), { ...now, first: { boot: 1, sequence: last.sequence + 1 } });
    }
  });

  it("what was released is not lost", () => {
    const flash = new MemoryFlash(4);
    const journal = open(crypto, flash, 1);
    for (let n = 0; n < 300; n++) {
      journal.append(1, n, token(1, 1, n));
      journal.release(1, { boot: 1, sequence: n }, hash(1, 1, n));
    }
    same(journal.lost(1), undefined);
    same(journal.usedBytes, 0);
  });

  it("streams are lost apart", () => {
    const flash = new MemoryFlash(4);
    const journal = open(crypto, flash, 1);
    journal.append(2, 0, token(2, 1, 0));
    for (let n = 0; n < 100; n++) journal.append(1, n, token(1, 1, n));
    deep(journal.lost(2), {
      first: { boot: 1, sequence: 0 },
      last: { boot: 1, sequence: 0 },
      lastHash: hash(2, 1, 0),
      format: undefined,
    });
    same(journal.read(2, START), undefined);
    same(journal.lost(3), undefined);
  });

  it("all sectors are worn alike", () => {
    const flash = new FailingFlash(5);
    const erases = new Array<number>(5).fill(0);
    const { erase } = flash;
    flash.erase = (sector: number) => {
      erases[sector]!++;
      erase.call(flash, sector);
    };
    for (let boot = 1; boot <= 10; boot++) {
      const journal = open(crypto, flash, boot);
      for (let n = 0; n < 97; n++) journal.append(1, n, token(1, boot, n));
    }
    ok(Math.max(...erases) - Math.min(...erases) <= 1, erases.join());
  });
});

/** Where the entries of a sector end. */
function endOf(flash: Flash, sector: number): number {
  let at = sector * SECTOR_SIZE + SECTOR_HEADER;
  for (let entry = findEntry(flash, at); entry !== undefined; entry = findEntry(flash, at)) at = entry.end;
  return at;
}

describe("Journal: a sector that is full to its last byte", () => {
  for (const sector of [0, 1, 2, 3])
    it(`sector ${sector} of four, behind which the flash may end: read, opened anew, and gone on with`, () => {
      const flash = new MemoryFlash(4);
      const journal = open(crypto, flash, 1);
      const end = (sector + 1) * SECTOR_SIZE;
      let next = 0;
      const append = (length: number) => journal.append(1, next, token(1, 1, next++, length));
      while (endOf(flash, sector) < end - 900) append(400);
      append(end - endOf(flash, sector) - entrySize(0));
      same(endOf(flash, sector), end);
      const there = names(all(journal, 1));
      same(names(all(open(crypto, flash, 2), 1)), there);
      append(400);
      const now = names(all(journal, 1)); // the oldest may be gone
      ok(now.length > 20 && `${there} 1.${next - 1}`.endsWith(now), `${there}, then ${now}`);
    });
});

describe("Journal: release", () => {
  const REFUSED: [string, number, { boot: number; sequence: number }, Uint8Array][] = [
    ["a token that never was", 1, { boot: 1, sequence: 20 }, hash(1, 1, 20)],
    ["a token of another boot", 1, { boot: 2, sequence: 5 }, hash(1, 2, 5)],
    ["another stream's", 2, { boot: 1, sequence: 5 }, hash(1, 1, 5)],
    ["another hash", 1, { boot: 1, sequence: 5 }, hash(1, 1, 6)],
    ["a hash of 15 bytes", 1, { boot: 1, sequence: 5 }, hash(1, 1, 5).slice(1)],
    ["no hash", 1, { boot: 1, sequence: 5 }, new Uint8Array(0)],
    ["one that was released", 1, { boot: 1, sequence: 2 }, hash(1, 1, 2)],
    ["the one that was released last", 1, { boot: 1, sequence: 3 }, hash(1, 1, 3)],
  ];
  for (const [name, stream, upTo, named] of REFUSED) {
    it(`refused, and nothing changes: ${name}`, () => {
      const flash = new FailingFlash(4);
      const journal = open(crypto, flash, 1);
      for (let n = 0; n < 20; n++) journal.append(1, n, token(1, 1, n));
      journal.release(1, { boot: 1, sequence: 3 }, hash(1, 1, 3));
      const { work } = flash;
      throws("journal/release", () => journal.release(stream, upTo, named));
      same(flash.work, work);
      same(names(all(journal, 1)), range(1, 4, 19));
    });
  }

  it("gives up everything up to the token, for good", () => {
    const flash = new MemoryFlash(8);
    const journal = filled(flash, 1, 30);
    const other = token(2, 1, 0);
    journal.append(2, 0, other);
    journal.release(1, { boot: 1, sequence: 17 }, hash(1, 1, 17));
    for (const each of [journal, open(crypto, flash, 2)]) {
      same(names(all(each, 1)), range(1, 18, 29));
      same(names([each.read(1, { boot: 1, sequence: 3 })!]), "1.18");
      same(names(all(each, 2)), "1.0");
    }
    const again = open(crypto, flash, 3);
    again.release(1, { boot: 1, sequence: 29 }, hash(1, 1, 29));
    same(again.read(1, START), undefined);
    same(names(all(open(crypto, flash, 4), 1)), "");
  });

  it("one that went because the ring was full cannot be released", () => {
    const journal = filled(new MemoryFlash(4), 1, 100);
    const { last, lastHash } = journal.lost(1)!;
    throws("journal/release", () => journal.release(1, last, lastHash));
  });
});

describe("Journal: what it refuses", () => {
  it("a sequence that does not follow", () => {
    const journal = filled(new MemoryFlash(4), 7, 5);
    for (const sequence of [0, 3, 4])
      throws("journal/order", () => journal.append(1, sequence, token(1, 7, 9)));
    journal.append(1, 9, token(1, 7, 9));
    same(names(all(journal, 1)), `${range(7, 0, 4)} 7.9`);
  });

  it("a boot that has written already, or an earlier one: its nonces are taken", () => {
    const flash = new MemoryFlash(4);
    filled(flash, 7, 3);
    for (const boot of [0, 6, 7]) throws("journal/boot", () => open(crypto, flash, boot));
    open(crypto, flash, 8);
  });

  it("a token that is too long, and a fifth stream; nothing is written", () => {
    const flash = new FailingFlash(4);
    const journal = open(crypto, flash, 1);
    throws("journal/too-long", () => journal.append(1, 0, new Uint8Array(TOKEN_MAX + 1)));
    for (let stream = 1; stream <= STREAMS_MAX; stream++) journal.append(stream, 0, token(stream, 1, 0));
    const { work } = flash;
    throws("journal/stream", () => journal.append(9, 0, token(9, 1, 0)));
    same(flash.work, work);
  });

  it("fewer than three sectors", () => {
    throws("journal/size", () => open(crypto, new MemoryFlash(2), 1));
  });
});
