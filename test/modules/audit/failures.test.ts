/** Failures are counted (DESIGN section 7): a flood neither wears flash nor pushes anything out, and is told. */
import { cryptos, engine } from "engine";
import { AUDIT, FAILURES_AN_HOUR, RUN_S, RUNS_AN_HOUR, verifyAudit } from "../../../modules/audit/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { Random } from "../../fuzz/random.js";
import { deep, ok, same } from "../../support/assert.js";
import { AT, kid, open, readAll, refusal, SECTORS } from "./writing.js";

const crypto = cryptos[0]!;

function told(log: ReturnType<typeof open>) {
  const { entries, missing } = verifyAudit(crypto, readAll(log, "failures"), { head: log.head("failures") });
  return { entries, missing, times: entries.reduce((sum, { times }) => sum + times, 0) };
}

describe("Audit log: failures", () => {
  it("the same refusal of the same peer within an hour: told at once, then at 4, 16, 64, and when the hour is over", () => {
    const log = open(crypto, new MemoryFlash(SECTORS));
    for (let n = 0; n < 100; n++) log.fail(refusal(AT + n, 506, kid(1)));
    deep(
      told(log).entries.map(({ times, at }) => [times, at - AT]),
      [
        [1, 0],
        [3, 3],
        [12, 15],
        [48, 63],
      ],
    );
    log.fail(refusal(AT + RUN_S, 506, kid(1)));
    const { entries, times } = told(log);
    deep(
      entries.slice(4).map((entry) => [entry.times, entry.at - AT]),
      [
        [36, RUN_S],
        [1, RUN_S],
      ],
    );
    same(times, 101);
    ok(
      entries.every(
        ({ event, detail, who }) => event === AUDIT.handshakeRefused && detail === 506 && who?.[0] === 1,
      ),
    );
  });

  it("another refusal, and another peer's, have entries of their own", () => {
    const log = open(crypto, new MemoryFlash(SECTORS));
    for (let round = 0; round < 3; round++) {
      log.fail(refusal(AT + round, 506, kid(1)));
      log.fail(refusal(AT + round, 505, kid(1)));
      log.fail(refusal(AT + round, 506, kid(2)));
      log.fail({ ...refusal(AT + round, 506, kid(1)), event: AUDIT.commandRefused });
    }
    deep(
      told(log).entries.map(({ times }) => times),
      [1, 1, 1, 1],
    );
    log.settle(AT + 4);
    deep(
      told(log).entries.map(({ times }) => times),
      [1, 1, 1, 1, 2, 2, 2, 2],
    );
    log.settle(AT + 5);
    same(told(log).times, 12);
  });

  it(`at most ${FAILURES_AN_HOUR} entries in any hour, whatever comes: a refusal a second, each of another peer`, () => {
    const log = open(crypto, new MemoryFlash(SECTORS));
    const hours = engine === "xs" ? 2 : 5;
    for (let s = 0; s < hours * 3600; s++)
      log.fail(refusal(AT + s, 506, Uint8Array.from([0, 0, 0, 0, 0, s >> 16, s >> 8, s])));
    const { entries, times } = told(log);
    for (const { at } of entries) {
      const hour = entries.filter((entry) => entry.at >= at && entry.at < at + 3600).length;
      ok(hour <= FAILURES_AN_HOUR, `${hour} entries from ${at} on`);
    }
    ok(
      entries.filter(({ event, at }) => event === AUDIT.handshakeRefused && at < AT + 3600).length ===
        RUNS_AN_HOUR,
    );
    ok(entries.some(({ event, times }) => event === AUDIT.unlisted && times > 100));
    ok(times > hours * 900, `told of ${times}`); // no more than three of four wait for the next power of four
    log.settle(AT + hours * 3600 + 3600);
    same(told(log).times, hours * 3600);
  });

  it("a restart does not give another hour's entries", () => {
    const flash = new MemoryFlash(SECTORS);
    for (let n = 0; n < 200; n++) open(crypto, flash, n + 1).fail(refusal(AT + n, n));
    same(told(open(crypto, flash)).entries.length, FAILURES_AN_HOUR);
  });

  it("counts survive a restart: what was not told is less than three of four", () => {
    const flash = new MemoryFlash(SECTORS);
    for (const count of [1, 3, 4, 15, 16, 17, 63, 64, 200, 255, 256]) {
      const at = AT + count * 10_000;
      const before = told(open(crypto, flash)).times;
      const log = open(crypto, flash);
      for (let n = 0; n < count; n++) log.fail(refusal(at, 506));
      const after = told(open(crypto, flash)).times - before;
      ok(after <= count && after * 4 > count, `${after} of ${count}`);
    }
  });

  it("a clock that is set back, or leaps, ends the runs and loses no count", () => {
    const log = open(crypto, new MemoryFlash(SECTORS));
    const clocks = [0, 10, 20, -90_000, -89_999, -89_998, 500_000, 500_001, 0, 1, 2, 3, 4, 5, 6];
    for (const clock of clocks) log.fail(refusal(AT + clock));
    log.settle(AT + 10);
    same(told(log).times, clocks.length);
  });

  it("any mixture: the counts add up to what came, and no hour has more than its entries", () => {
    const random = new Random(11);
    for (let round = 0; round < (engine === "xs" ? 3 : 40); round++) {
      const log = open(crypto, new MemoryFlash(16), 1, 16);
      let at = AT;
      let count = 0;
      const peers = 1 + random.next(12);
      for (; count < 600; count++) {
        at += random.next(4) === 0 ? random.next(400) : random.next(3);
        log.fail(refusal(at, 500 + random.next(3), kid(random.next(peers))));
      }
      for (let hour = 1; hour <= 4; hour++) log.settle(at + hour * 3600);
      const { entries, missing, times } = told(log);
      same(times, count);
      deep(missing, []);
      for (let i = 0; i + FAILURES_AN_HOUR < entries.length; i++) {
        ok(entries[i + FAILURES_AN_HOUR]!.at - entries[i]!.at >= RUN_S, `entry ${i}`);
      }
    }
  });
});
