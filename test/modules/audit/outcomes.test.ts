/** Outcomes of commands (DESIGN section 7): asked for twice, done once, over every power cut. */
import { cryptos, engine } from "engine";
import { EFFECT_MAX, OLD_KEPT, OUTCOMES_KEPT, Outcomes, RESULT_MAX } from "../../../modules/audit/index.js";
import { type CborValue, encode } from "../../../modules/cbor/index.js";
import { FlashRecord, MemoryFlash } from "../../../modules/flash/index.js";
import { Random } from "../../fuzz/random.js";
import { blank, type Call, type Image, NorFlash } from "../../powercuts/nor.js";
import { halfDone } from "../../powercuts/ways.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { kid } from "./writing.js";

const crypto = cryptos[0]!;
const hash = (n: number): Uint8Array => crypto.sha256(Uint8Array.of(n));
const open = () => new Outcomes(new MemoryFlash(2), 0);

function did(outcomes: Outcomes, id: number, code = 0, result: CborValue = null): void {
  outcomes.begin(kid(1), id, hash(id), [id]);
  outcomes.finish(code, result);
}

describe("Outcomes", () => {
  it("there is none at first, and nothing is under way", () => {
    const outcomes = open();
    same(outcomes.find(kid(1), 1, hash(1)), undefined);
    same(outcomes.pending(), undefined);
  });

  it("a command is under way from begin to finish, then it has an outcome; so also behind a restart", () => {
    const flash = new MemoryFlash(2);
    new Outcomes(flash, 0).begin(kid(1), 7, hash(7), ["lower rate", 60]);
    same(new Outcomes(flash, 0).find(kid(1), 7, hash(7)), "begun");
    deep(new Outcomes(flash, 0).pending(), ["lower rate", 60]);
    new Outcomes(flash, 0).finish(0, [60, 120]);
    deep(new Outcomes(flash, 0).find(kid(1), 7, hash(7)), { code: 0, result: [60, 120] });
    same(new Outcomes(flash, 0).pending(), undefined);
  });

  it("a refusal is an outcome", () => {
    const outcomes = open();
    did(outcomes, 3, 1101, null);
    deep(outcomes.find(kid(1), 3, hash(3)), { code: 1101, result: null });
  });

  const OTHERS: [string, Uint8Array, number, Uint8Array, "other" | undefined][] = [
    ["the same id with another request", kid(1), 7, hash(8), "other"],
    ["another's command of the same id and request", kid(2), 7, hash(7), undefined],
    ["another id with the same request", kid(1), 8, hash(7), undefined],
  ];
  for (const [what, who, id, request, expected] of OTHERS) {
    it(`${what}: ${expected ?? "new"}, under way and done`, () => {
      const outcomes = open();
      outcomes.begin(kid(1), 7, hash(7), null);
      same(outcomes.find(who, id, request), expected);
      outcomes.finish(0, null);
      same(outcomes.find(who, id, request), expected);
    });
  }

  it(`keeps the last ${OUTCOMES_KEPT}, whoever they are of, and knows of ${OLD_KEPT} before that they were`, () => {
    const outcomes = open();
    for (let id = 1; id <= OUTCOMES_KEPT + OLD_KEPT + 10; id++) {
      did(outcomes, id, 0, id);
      for (let old = 1; old <= id; old++) {
        const found = outcomes.find(kid(1), old, hash(old));
        const known = old > id - OUTCOMES_KEPT - OLD_KEPT ? "old" : undefined;
        deep(found, old > id - OUTCOMES_KEPT ? { code: 0, result: old } : known, `${old} of ${id}`);
      }
    }
  });

  it("has room for eight of the longest results and the longest effect, and refuses longer ones before it writes", () => {
    const outcomes = open();
    const long = new Uint8Array(RESULT_MAX - 2);
    for (let n = 0; n < 9; n++) {
      outcomes.begin(kid(1), Number.MAX_SAFE_INTEGER - n, hash(n), new Uint8Array(EFFECT_MAX - 2));
      throws("audit/outcome", () => outcomes.finish(0, new Uint8Array(RESULT_MAX - 1)));
      same(outcomes.find(kid(1), Number.MAX_SAFE_INTEGER - n, hash(n)), "begun");
      outcomes.finish(0xffff, long);
    }
    throws("audit/outcome", () => outcomes.begin(kid(1), 1, hash(1), new Uint8Array(EFFECT_MAX - 1)));
    same(outcomes.pending(), undefined);
  });

  it("one at a time, and none twice", () => {
    const outcomes = open();
    throws("audit/pending", () => outcomes.finish(0, null));
    throws("audit/pending", () => outcomes.drop());
    outcomes.begin(kid(1), 1, hash(1), 1);
    throws("audit/pending", () => outcomes.begin(kid(1), 2, hash(2), 2));
    throws("audit/pending", () => outcomes.begin(kid(2), 1, hash(1), 2));
    outcomes.finish(0, null);
    throws("audit/pending", () => outcomes.begin(kid(1), 1, hash(1), 1));
    throws("audit/pending", () => outcomes.begin(kid(1), 1, hash(2), 1));
    throws("audit/pending", () => outcomes.finish(0, null));
  });

  it("what is dropped may be begun anew", () => {
    const outcomes = open();
    outcomes.begin(kid(1), 1, hash(1), 1);
    outcomes.drop();
    same(outcomes.find(kid(1), 1, hash(1)), undefined);
    did(outcomes, 1);
  });

  it("refuses keys of another shape", () => {
    const outcomes = open();
    throws("audit/outcome", () => outcomes.begin(new Uint8Array(7), 1, hash(1), 1));
    throws("audit/outcome", () => outcomes.find(kid(1), -1, hash(1)));
    throws("audit/outcome", () => outcomes.find(kid(1), 1, new Uint8Array(15)));
  });

  it("a record that has rotted, or is another's, is corrupt: nobody knows what was done", () => {
    const flash = new MemoryFlash(2);
    did(new Outcomes(flash, 0), 1);
    flash.program(20, Uint8Array.of(0));
    throws("flash/corrupt", () => new Outcomes(flash, 0));
    for (const value of [
      null,
      [1],
      [null, [[1]]],
      [[1], []],
      [null, null],
      [null, [], 5],
      [null, [], new Uint8Array(4), 1],
    ]) {
      const other = new MemoryFlash(2);
      new FlashRecord(other, 0).write(encode(value));
      throws("flash/corrupt", () => new Outcomes(other, 0));
    }
  });

  it("is what a model says, over thousands of commands of several programmers", () => {
    const random = new Random(23);
    const flash = new MemoryFlash(2);
    let outcomes = new Outcomes(flash, 0);
    const done: { name: string; request: number; code: number }[] = [];
    for (let n = 0; n < (engine === "xs" ? 200 : 4000); n++) {
      const [who, id, request] = [random.next(3), random.next(20), random.next(2)];
      const name = `${who}.${id}`;
      const kept = done.slice(-OUTCOMES_KEPT).find((one) => one.name === name);
      const old = done.slice(-OUTCOMES_KEPT - OLD_KEPT).some((one) => one.name === name) ? "old" : undefined;
      const expected = kept ? (kept.request === request ? { code: kept.code, result: 0 } : "other") : old;
      deep(outcomes.find(kid(who), id, hash(request)), expected);
      if (expected === undefined) {
        outcomes.begin(kid(who), id, hash(request), n);
        if (random.next(5) === 0) outcomes.drop();
        else {
          outcomes.finish(n % 1000, 0);
          done.push({ name, request, code: n % 1000 });
        }
      }
      if (random.next(9) === 0) outcomes = new Outcomes(flash, 0);
    }
    ok(done.length > 50);
  });
});

describe("Outcomes: a command whose effect lives in another record, the power going everywhere", () => {
  const ID = 40;

  /** The device: at its start it finishes what was begun. The effect is to set a rate; how often it was set is not known. */
  function start(flash: NorFlash) {
    const outcomes = new Outcomes(flash, 0);
    const rate = new FlashRecord(flash, 2);
    const effect = outcomes.pending();
    if (effect !== undefined) apply(rate, outcomes, effect as number);
    return { outcomes, rate };
  }

  function apply(rate: FlashRecord, outcomes: Outcomes, effect: number): void {
    if (rate.value?.[0] !== effect) rate.write(Uint8Array.of(effect));
    outcomes.finish(0, effect);
  }

  function command({ outcomes, rate }: ReturnType<typeof start>, id: number, effect: number): CborValue {
    const found = outcomes.find(kid(1), id, hash(effect));
    if (found === "other" || found === "begun" || found === "old") return found;
    if (found !== undefined) return found.result;
    outcomes.begin(kid(1), id, hash(effect), effect);
    apply(rate, outcomes, effect);
    return effect;
  }

  /** Cuts at every call of `act`; what the chip then holds is given on. */
  function cuts(
    image: Image,
    act: (flash: NorFlash) => void,
    plain: boolean,
    then: (image: Image, where: string) => void,
  ) {
    const calls: Call[] = [];
    const flash = new NorFlash(image);
    flash.onCall = (call) => calls.push(call);
    act(flash);
    for (const [i, call] of calls.entries()) {
      for (const { name, image } of halfDone(call, new Random(9), plain))
        then(image, `call ${i + 1}, ${name}`);
    }
    return calls.length;
  }

  for (const before of engine === "xs" ? [0, 5] : [0, 1, 5, 8, 9, 13]) {
    it(`behind ${before} commands: asked again it is done, once, and its outcome is told`, () => {
      const made = new NorFlash(blank(4));
      for (let id = 1; id <= before; id++) command(start(made), id, id);
      let points = 0;
      const judge = (image: Image, where: string) => {
        points++;
        const flash = new NorFlash(image);
        const device = start(flash);
        same(device.outcomes.pending(), undefined, where);
        const rate = device.rate.value?.[0] ?? 0;
        const found = device.outcomes.find(kid(1), ID, hash(60));
        deep(
          found,
          rate === 60 ? { code: 0, result: 60 } : undefined,
          `${where}: the rate is ${rate}, and the outcome`,
        );
        if (rate !== 60) same(rate, before, where);
        same(device.outcomes.find(kid(1), ID, hash(61)), rate === 60 ? "other" : undefined);
        // another programmer sets another rate, and the first one asks again: nothing is set back
        if (rate === 60) {
          device.outcomes.begin(kid(2), 1, hash(70), 70);
          apply(device.rate, device.outcomes, 70);
        }
        same(command(start(flash), ID, 60), 60, where);
        same(start(flash).rate.value?.[0], rate === 60 ? 70 : 60, where);
        if (before > 0)
          deep(device.outcomes.find(kid(1), before, hash(before)), { code: 0, result: before }, where);
      };
      const calls = cuts(
        made.image,
        (flash) => command(start(flash), ID, 60),
        engine === "xs",
        (image, where) => {
          judge(image, where);
          if (points % (engine === "xs" ? 7 : 12) === 0) {
            cuts(image, start, true, (twice, there) =>
              judge(twice, `${where}; then at the restart ${there}`),
            );
          }
        },
      );
      ok(calls >= 6 && points > (engine === "xs" ? 15 : 200), `${calls} calls, ${points} points`);
    });
  }
});
