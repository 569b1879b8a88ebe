/** What the readings of a stream are made of, as the journal keeps it for whoever declares what it has lost. */
import { cryptos } from "engine";
import { concat } from "../../../modules/bytes/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import type { Journal } from "../../../modules/journal/index.js";
import { FORMAT_MAX, TOKEN_MAX } from "../../../modules/journal/index.js";
import { decodeState, encodeState } from "../../../modules/journal/state.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { FailingFlash } from "../flash/failing.js";
import { all, hashOf, names, open, range, token } from "./kept.js";

const crypto = cryptos[0]!;
const ONE = new Uint8Array(12).fill(1);
const TWO = new Uint8Array(20).fill(2);

/** So many tokens of a boot, of which the first brings the format. */
function record(
  journal: Journal,
  boot: number,
  count: number,
  format?: Uint8Array,
  stream = 1,
  from = 0,
): void {
  for (let n = from; n < from + count; n++)
    journal.append(stream, n, token(stream, boot, n), n === from ? format : undefined);
}

describe("Journal: what readings are made of", () => {
  it("the format is no part of the token: it is read, named and released as it was given", () => {
    const flash = new MemoryFlash(4);
    record(open(crypto, flash, 1), 1, 1, ONE);
    const journal = open(crypto, flash, 2);
    deep(all(journal, 1)[0]!.token, token(1, 1, 0));
    const hash = hashOf(crypto, token(1, 1, 0));
    deep(journal.last(1)!.hash, hash);
    journal.release(1, { boot: 1, sequence: 0 }, hash);
    same(names(all(journal, 1)), "");
  });

  it("what is lost is said with the format of its last, over restarts, though another is recorded by then", () => {
    const flash = new MemoryFlash(6);
    record(open(crypto, flash, 1), 1, 30, ONE);
    let journal = open(crypto, flash, 2);
    record(journal, 2, 25, TWO);
    for (const each of [journal, open(crypto, flash, 3)]) {
      const { last, format } = each.lost(1)!;
      same(last.boot, 1);
      deep(format, { bytes: ONE, since: { boot: 1, sequence: 0 } });
      same(each.lost(2), undefined);
    }
    journal = open(crypto, flash, 4);
    record(journal, 4, 40, TWO);
    for (const each of [journal, open(crypto, flash, 5)])
      deep(
        each.lost(1)!.format,
        { bytes: TWO, since: { boot: 2, sequence: 0 } },
        "behind the first that it had",
      );
  });

  it("the power goes right behind the token that brought it", () => {
    const flash = new MemoryFlash(4);
    record(open(crypto, flash, 1), 1, 1, ONE);
    record(open(crypto, flash, 2), 2, 60);
    deep(open(crypto, flash, 3).lost(1)!.format, { bytes: ONE, since: { boot: 1, sequence: 0 } });
  });

  it("the same format again is no other one", () => {
    const flash = new MemoryFlash(4);
    for (let boot = 1; boot < 9; boot++) record(open(crypto, flash, boot), boot, 12, ONE);
    deep(open(crypto, flash, 9).lost(1)!.format, { bytes: ONE, since: { boot: 1, sequence: 0 } });
  });

  it("each stream has its own, the newest too where nothing else was in its sector", () => {
    const flash = new MemoryFlash(4);
    const journal = open(crypto, flash, 1);
    for (let stream = 1; stream <= 4; stream++)
      record(journal, 1, 2, new Uint8Array(FORMAT_MAX).fill(stream), stream);
    record(journal, 1, 60, undefined, 1, 2);
    for (const each of [journal, open(crypto, flash, 2)])
      for (let stream = 1; stream <= 4; stream++)
        deep(each.lost(stream)!.format!.bytes, new Uint8Array(FORMAT_MAX).fill(stream));
  });

  it("one that is too long is not kept: nobody can say, nor that it is the one before", () => {
    const flash = new MemoryFlash(4);
    const journal = open(crypto, flash, 1);
    record(journal, 1, 3, ONE);
    record(journal, 1, 60, new Uint8Array(FORMAT_MAX + 1), 1, 3);
    for (const each of [journal, open(crypto, flash, 2)])
      deep(each.lost(1)!.format, { bytes: new Uint8Array(0), since: { boot: 1, sequence: 3 } });
  });

  it("the longest token fits with the longest format; one byte more is refused, and nothing is written", () => {
    const flash = new FailingFlash(4);
    const journal = open(crypto, flash, 1);
    const format = new Uint8Array(FORMAT_MAX).fill(7);
    for (let n = 0; n < 9; n++) {
      journal.append(1, n, new Uint8Array(TOKEN_MAX).fill(n), format);
      same(journal.read(1, { boot: 1, sequence: n })!.token.length, TOKEN_MAX);
    }
    const { work } = flash;
    throws("journal/too-long", () => journal.append(1, 9, new Uint8Array(TOKEN_MAX + 1), format));
    same(flash.work, work);
  });

  it("the token that brought it has rotted: nobody can say, though there was one before", () => {
    const flash = new FailingFlash(4);
    const journal = open(crypto, flash, 1);
    record(journal, 1, 2, ONE);
    const at = flash.bytes.reduce((end, byte, at) => (byte === 0xff ? end : at), 0) + 30; // in the next entry's content
    record(journal, 1, 3, TWO, 1, 2);
    flash.bytes[at]! ^= 1;
    const again = open(crypto, flash, 2);
    same(names(all(again, 1)), "1.0 1.1 1.3 1.4");
    record(again, 2, 60);
    deep(again.lost(1)!.format, { bytes: new Uint8Array(0), since: { boot: 1, sequence: 2 } });
  });
});

describe("Journal: what those of before have written", () => {
  const cursor = (boot: number, sequence: number) => [0, 0, 0, boot, 0, 0, 0, sequence];
  const HASH = new Array<number>(16).fill(5);
  const GONE = new Array<number>(16).fill(6);
  const old = (...streams: number[][]) =>
    concat(Uint8Array.of(0, 0, 0, 9), ...streams.map((each) => Uint8Array.from(each)));

  it("a state without formats is read as it was meant", () => {
    const lost = [...cursor(1, 2), ...cursor(1, 9), ...GONE];
    const plain = [1, 1, ...cursor(2, 7), ...HASH, ...cursor(1, 9)];
    const losing = [2, 2, ...cursor(2, 7), ...HASH, ...cursor(0, 0), ...lost];
    deep(decodeState(old(plain, losing)), {
      tail: 9,
      streams: [
        {
          ...{ stream: 1, last: { boot: 2, sequence: 7 }, lastHash: Uint8Array.from(HASH) },
          ...{ format: undefined, released: { boot: 1, sequence: 9 }, lost: undefined },
        },
        {
          ...{
            stream: 2,
            last: { boot: 2, sequence: 7 },
            lastHash: Uint8Array.from(HASH),
            format: undefined,
          },
          released: undefined,
          lost: {
            ...{ first: { boot: 1, sequence: 2 }, last: { boot: 1, sequence: 9 } },
            ...{ lastHash: Uint8Array.from(GONE), format: undefined },
          },
        },
      ],
    });
    deep(encodeState(decodeState(old(plain, losing))!), old(plain, losing));
  });

  it("a state that is cut anywhere is none", () => {
    const flash = new MemoryFlash(4);
    const journal = open(crypto, flash, 1);
    record(journal, 1, 60, ONE);
    const format = { bytes: ONE, since: { boot: 1, sequence: 0 } };
    const lost = journal.lost(1)!;
    const { hash, ...last } = journal.last(1)!;
    const whole = encodeState({
      tail: 3,
      streams: [{ stream: 1, last, lastHash: hash, format, released: undefined, lost }],
    });
    deep(decodeState(whole)!.streams[0]!.lost, lost);
    for (let length = 0; length < whole.length; length++)
      ok(length === 4 || decodeState(whole.subarray(0, length)) === undefined, `${length} bytes`);
  });

  it("and goes on: what was before is of no format, what is recorded now of its own", () => {
    const flash = new MemoryFlash(4);
    record(open(crypto, flash, 1), 1, 20); // as a journal of before: no token brought a format
    const journal = open(crypto, flash, 2);
    same(names(all(journal, 1)), range(1, 0, 19));
    record(journal, 2, 12, ONE);
    same(journal.lost(1)!.format, undefined);
    record(journal, 2, 60, undefined, 1, 12);
    deep(journal.lost(1)!.format, { bytes: ONE, since: { boot: 2, sequence: 0 } });
  });
});
