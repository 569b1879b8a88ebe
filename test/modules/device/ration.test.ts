import { fullRation, giveBack, RATION, type Ration, refill, take } from "../../../modules/device/ration.js";
import { deep, ok, same } from "../../support/assert.js";

const NOW = 1_000_000;
const { capacity, refillMs } = RATION;

describe("The ration of handshakes, a pure function (DESIGN section 5)", () => {
  const REFILLS: [string, number, number, Ration][] = [
    ["at once", 0, 0, { tokens: 0, since: NOW }],
    ["just before an interval", 0, refillMs - 1, { tokens: 0, since: NOW }],
    ["an interval", 0, refillMs, { tokens: 1, since: NOW + refillMs }],
    ["one and a half: the half counts on", 2, 1.5 * refillMs, { tokens: 3, since: NOW + refillMs }],
    [
      "all but one",
      0,
      (capacity - 1) * refillMs,
      { tokens: capacity - 1, since: NOW + (capacity - 1) * refillMs },
    ],
    ["all", 0, capacity * refillMs, { tokens: capacity, since: NOW + capacity * refillMs }],
    ["a year: no more than all", 3, 365 * 86_400_000, { tokens: capacity, since: NOW + 365 * 86_400_000 }],
    ["a clock that stands", 5, -1, { tokens: 5, since: NOW }],
  ];
  for (const [name, tokens, passed, expected] of REFILLS) {
    it(`${tokens} tokens, ${name}: ${expected.tokens}`, () =>
      deep(refill({ tokens, since: NOW }, NOW + passed), expected));
  }

  it("as many at once as it holds, then none, then one each interval", () => {
    let ration = fullRation(0);
    for (let n = 0; n < capacity; n++) ration = take(ration, NOW) as Ration;
    same(ration.tokens, 0);
    for (let n = 1; n <= 20; n++) {
      same(take(ration, NOW + n * refillMs - 1), undefined);
      ration = take(ration, NOW + n * refillMs) as Ration;
      ok(ration !== undefined);
      same(take(ration, NOW + n * refillMs), undefined);
    }
  });

  it("a full bucket fills from the first token on: a long rest buys no sooner second", () => {
    const ration = take(fullRation(0), NOW) as Ration;
    deep(ration, { tokens: capacity - 1, since: NOW });
    same(refill(ration, NOW + refillMs - 1).tokens, capacity - 1);
    same(refill(ration, NOW + refillMs).tokens, capacity);
  });

  it("what is given back is there again, and never more than it holds", () => {
    const taken = take(fullRation(NOW), NOW) as Ration;
    deep(giveBack(taken), fullRation(NOW));
    deep(giveBack(fullRation(NOW)), fullRation(NOW));
    deep(giveBack({ tokens: 0, since: NOW }), { tokens: 1, since: NOW });
  });

  it("whatever is tried in an hour: no more handshakes fail than the bucket holds and one each interval", () => {
    let ration = fullRation(NOW);
    let taken = 0;
    for (let ms = 0; ms < 3_600_000; ms += 777) {
      const rest = take(ration, NOW + ms);
      if (rest === undefined) continue;
      ration = rest;
      taken++;
    }
    same(taken, capacity + 59);
  });

  it("nothing is changed in place", () => {
    const ration = Object.freeze({ tokens: 3, since: NOW });
    for (const now of [NOW, NOW + refillMs]) take(ration, now);
    giveBack(ration);
    refill(ration, NOW + 10 * refillMs);
    deep(ration, { tokens: 3, since: NOW });
  });
});
