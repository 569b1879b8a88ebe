/** Anything that may happen to a journal, against a list; and anything that its flash may hold. */
import { cryptos } from "engine";
import fc from "fast-check";
import { MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import type { Journal } from "../../../modules/journal/index.js";
import { copyOf, type Model, nothingKept, problemsOf, tokenOf } from "../../powercuts/journal-model.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { FailingFlash } from "../flash/failing.js";
import { all, hashOf, names, open, START } from "./kept.js";

const crypto = cryptos[0]!;
const LENGTH = 700;

type Event =
  | { kind: "append"; stream: number; skip: number }
  | { kind: "release"; stream: number; which: number }
  | { kind: "told"; stream: number }
  | { kind: "read"; stream: number; which: number }
  | { kind: "restart" };

const stream = fc.constantFrom(1, 1, 1, 2);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("append" as const), stream, skip: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const), stream, which: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("told" as const), stream }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), stream, which: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

/** Carries it out on the journal and in the model. */
function carryOut(
  what: Exclude<Event, { kind: "restart" }>,
  journal: Journal,
  model: Model,
  boot: number,
): void {
  const { stream } = what;
  model.see(journal);
  const seen = model.lastSeen.get(stream)!;
  switch (what.kind) {
    case "append": {
      const newest = model.appended.filter((each) => each.stream === stream && each.boot === boot).at(-1);
      const sequence = (newest?.sequence ?? -1) + 1 + what.skip;
      journal.append(stream, sequence, tokenOf({ stream, boot, sequence }, LENGTH));
      model.appended.push({ stream, boot, sequence });
      return;
    }
    case "release": {
      const upTo = seen[what.which % Math.max(1, seen.length)];
      if (upTo === undefined) return;
      const hash = hashOf(crypto, tokenOf({ stream, ...upTo }, LENGTH));
      throws("journal/release", () => journal.release(stream, upTo, hash.slice(1)));
      journal.release(stream, upTo, hash);
      model.released.set(stream, upTo);
      return;
    }
    case "told":
      journal.told(stream);
      if (model.lastLost.has(stream)) model.told.set(stream, model.lastLost.get(stream)!);
      return;
    case "read": {
      const from = what.which % (seen.length + 1);
      const cursor = seen[from];
      if (cursor !== undefined) same(names(all(journal, stream, cursor)), names(seen.slice(from)));
    }
  }
}

describe("Journal against a list", () => {
  it("any appends, releases, restarts and readers, in a ring of 3 to 6 sectors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 6 }), fc.array(event, { maxLength: 150 }), (sectors, events) => {
        const flash = new MemoryFlash(sectors);
        const model = nothingKept(true);
        let boot = 1;
        let journal = open(crypto, flash, boot);
        for (const what of events) {
          if (what.kind === "restart") journal = open(crypto, flash, ++boot);
          else carryOut(what, journal, model, boot);
        }
        deep(problemsOf(crypto, journal, model, LENGTH), []);
        deep(problemsOf(crypto, open(crypto, flash, boot + 1), copyOf(model), LENGTH), []);
      }),
      { numRuns: 60 },
    );
  });

  it("no nonce twice, whatever happens, and none that fails is used again", () => {
    const nonces = new Set<string>();
    let sealed = 0;
    const spying = Object.assign(Object.create(crypto) as typeof crypto, {
      aesCcmSeal: (...args: Parameters<typeof crypto.aesCcmSeal>) => {
        nonces.add(args[1].join());
        sealed++;
        return crypto.aesCcmSeal(...args);
      },
    });
    const flash = new FailingFlash(4);
    for (let boot = 1; boot <= 20; boot++) {
      const journal = open(spying, flash, boot);
      for (let sequence = 0; sequence < 9; sequence++) {
        if (sequence === 4) flash.left = boot * 13;
        try {
          journal.append(1, sequence, tokenOf({ stream: 1, boot, sequence }, LENGTH));
        } catch {
          flash.left = Number.POSITIVE_INFINITY;
        }
      }
      flash.left = Number.POSITIVE_INFINITY;
    }
    ok(sealed > 180);
    same(nonces.size, sealed);
  });
});

/** What can be read is what was written, in order; the journal goes on; and nothing takes long. */
function stillGood(flash: MemoryFlash | FailingFlash, boot: number): void {
  const journal = open(crypto, flash, boot);
  let before = { boot: 0, sequence: -1 };
  for (const reading of all(journal, 1)) {
    deep(reading.token, tokenOf({ stream: 1, boot: reading.boot, sequence: reading.sequence }, LENGTH));
    ok(reading.boot > before.boot || reading.sequence > before.sequence);
    before = reading;
  }
  for (let sequence = 0; sequence < 30; sequence++) {
    journal.append(1, sequence, tokenOf({ stream: 1, boot, sequence }, LENGTH));
    const newest = all(journal, 1).at(-1)!;
    same(names([newest]), `${boot}.${sequence}`);
  }
}

function written(sectors = 6): FailingFlash {
  const flash = new FailingFlash(sectors);
  const journal = open(crypto, flash, 1);
  for (let sequence = 0; sequence < 40; sequence++) {
    journal.append(1, sequence, tokenOf({ stream: 1, boot: 1, sequence }, LENGTH));
  }
  return flash;
}

describe("Journal over flash that holds anything", () => {
  it("random bytes", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const flash = new FailingFlash(4);
        let state = seed | 1;
        for (let i = 0; i < flash.bytes.length; i++) {
          state = (Math.imul(state, 1103515245) + 12345) | 0;
          flash.bytes[i] = state >>> 16;
        }
        stillGood(flash, 2);
      }),
      { numRuns: 10 },
    );
  });

  it("any bits flipped, any sectors overwritten, copied over others or erased", () => {
    const damage = fc.oneof(
      fc.record({ at: fc.nat(6 * SECTOR_SIZE - 1), xor: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ header: fc.nat(5), at: fc.nat(40), xor: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ to: fc.nat(5), fill: fc.constantFrom(0, 0x55, 0xff) }),
      fc.record({ from: fc.nat(5), to: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 12 }), (list) => {
        const flash = written();
        for (const each of list) {
          if ("header" in each) flash.bytes[each.header * SECTOR_SIZE + each.at]! ^= each.xor;
          else if ("at" in each) flash.bytes[each.at]! ^= each.xor;
          else if ("fill" in each)
            flash.bytes.fill(each.fill, each.to * SECTOR_SIZE, (each.to + 1) * SECTOR_SIZE);
          else
            flash.bytes.copyWithin(
              each.to * SECTOR_SIZE,
              each.from * SECTOR_SIZE,
              (each.from + 1) * SECTOR_SIZE,
            );
        }
        stillGood(flash, 2);
      }),
      { numRuns: 150 },
    );
  });

  it("a token that has rotted is passed over, the others are there", () => {
    const whole = names(all(open(crypto, written(), 2), 1)).split(" ");
    let missing = 0;
    for (let at = 0; at < 6 * SECTOR_SIZE; at += 613) {
      const flash = written();
      flash.bytes[at]! ^= 0x10;
      const there = names(all(open(crypto, flash, 2), 1)).split(" ");
      ok(there.every((name) => whole.includes(name)));
      ok(there.length >= whole.length - 6, `${there.length} of ${whole.length} with byte ${at} flipped`);
      missing += whole.length - there.length;
    }
    ok(missing > 20);
  });

  it("the newest sector's beginning has rotted: what is behind it is there", () => {
    const flash = written();
    const expected = names(all(open(crypto, flash, 2), 1));
    const generations = [0, 1, 2, 3, 4, 5].map((sector) => flash.bytes[sector * SECTOR_SIZE + 7]!);
    const newest = generations.indexOf(Math.max(...generations));
    flash.bytes[newest * SECTOR_SIZE + 40]! ^= 1;
    same(names(all(open(crypto, flash, 2), 1)), expected);
    stillGood(flash, 2);
  });

  it("a sector of an earlier lap put back is not taken for a newer one", () => {
    const flash = new FailingFlash(4);
    const journal = open(crypto, flash, 1);
    let old: Uint8Array | undefined;
    for (let sequence = 0; sequence < 60; sequence++) {
      journal.append(1, sequence, tokenOf({ stream: 1, boot: 1, sequence }, LENGTH));
      if (sequence === 6) old = flash.bytes.slice(0, SECTOR_SIZE);
    }
    const { lost } = { lost: journal.lost(1)! };
    flash.bytes.set(old!, 0);
    const again = open(crypto, flash, 2);
    ok(all(again, 1).every(({ sequence }) => sequence > lost.last.sequence - 10 && sequence > 6));
    stillGood(flash, 2);
  });

  it("sealed with another key: nothing is there, and the ring goes on where it was", () => {
    const flash = written();
    const other = open(crypto, flash, 1, { key: new Uint8Array(16).fill(9) });
    same(other.read(1, START), undefined);
    for (let n = 0; n < 60; n++) other.append(1, n, tokenOf({ stream: 1, boot: 1, sequence: n }, LENGTH));
    const next = open(crypto, flash, 2, { key: new Uint8Array(16).fill(9) });
    ok(all(next, 1).length > 10);
  });
});
