/** The power goes at every program and erase of the log, in every half-done way (DESIGN section 9). */
import { cryptos, engine } from "engine";
import { SLOTS, verifyAudit } from "../../../modules/audit/index.js";
import { toHex } from "../../../modules/bytes/index.js";
import { Random } from "../../fuzz/random.js";
import { blank, type Call, type Image, NorFlash } from "../../powercuts/nor.js";
import { halfDone } from "../../powercuts/ways.js";
import { deep, ok, same } from "../../support/assert.js";
import { AT, fact, open, readAll, refusal, SECTORS } from "./writing.js";

const crypto = cryptos[0]!;
const brief = engine === "xs";
const RING = (SECTORS / 2) * SLOTS;
const KINDS = ["events", "failures"] as const;
type Kind = (typeof KINDS)[number];

/** One entry more; failures a day apart, so that each is one. */
function write(flash: NorFlash, kind: Kind, n: number): void {
  const log = open(crypto, flash);
  if (kind === "events") log.append(fact(n));
  else log.fail(refusal(AT + n * 86_400, n));
}

function look(image: Image, kind: Kind) {
  const log = open(crypto, new NorFlash(image));
  const raw = readAll(log, kind);
  const { missing } = verifyAudit(crypto, raw, { head: log.head(kind) });
  return { raw: raw.map(toHex), missing };
}

/** Nothing that was there is gone but what the ring drops, and nothing is there that was not written. */
function judge(image: Image, kind: Kind, before: readonly string[], whole: string, where: string): void {
  const { raw, missing } = look(image, kind);
  const rest = raw[raw.length - 1] === whole ? raw.slice(0, -1) : raw;
  const kept = before.slice(before.length - rest.length);
  // an erase that was half done has taken some of the oldest sector's
  const oldest = new Set(before.slice(0, SLOTS));
  for (const entry of rest) ok(before.includes(entry), `${where}: an entry that nobody wrote`);
  for (const entry of before) ok(rest.includes(entry) || oldest.has(entry), `${where}: an entry is gone`);
  if (kept.length === before.length) deep(rest, before, where);
  ok(
    missing.every(({ why }) => why !== "torn"),
    `${where}: ${JSON.stringify(missing)}`,
  );
}

describe("Audit log: the power goes at every program and erase", () => {
  const COUNTS: [string, number][] = [
    ["the first", 0],
    ["the second", 1],
    ["the last of a sector", SLOTS - 1],
    ["the first of a blank sector", SLOTS],
    ["the first over old entries", RING],
  ];
  for (const kind of KINDS) {
    for (const [what, count] of COUNTS) {
      it(`${kind}: ${what}`, () => {
        const made = new NorFlash(blank(SECTORS));
        for (let n = 1; n <= count; n++) write(made, kind, n);
        const before = look(made.image, kind).raw;
        const calls: Call[] = [];
        const flash = new NorFlash(made.image);
        flash.onCall = (call) => calls.push(call);
        write(flash, kind, count + 1);
        const whole = look(flash.image, kind).raw.pop()!;
        let points = 0;
        for (const call of calls) {
          for (const { name, image } of halfDone(call, new Random(5), brief)) {
            const where = `${call.kind} of sector ${call.sector}, ${name}`;
            judge(image, kind, before, whole, where);
            const again = new NorFlash(image);
            write(again, kind, 5000); // it goes on
            write(again, kind, 5001);
            const { raw, missing } = look(again.image, kind);
            ok(raw.length >= Math.min(before.length, SLOTS) + 2, where);
            ok(raw.filter((entry) => entry === whole).length <= 1);
            const torn = missing.filter(({ why }) => why === "torn");
            ok(torn.length <= 1 && torn.every(({ first, last }) => first === last), where);
            points++;
          }
        }
        ok(
          calls.length === (count === RING ? 2 : 1) && points >= (brief ? 4 : 30),
          `${calls.length} calls, ${points} points`,
        );
      });
    }
  }

  it("again and again, with rounds of the ring between them: what an append that returned has written is there", () => {
    const random = new Random(17);
    let flash = new NorFlash(blank(SECTORS));
    let told: string[] = [];
    let cuts = 0;
    for (let n = 1; n <= (brief ? 150 : 1500); n++) {
      const calls: Call[] = [];
      flash.onCall = random.next(3) === 0 ? (call) => calls.push(call) : undefined;
      write(flash, "events", n);
      if (calls.length > 0) {
        const call = random.pick(calls);
        flash = new NorFlash(random.pick([...halfDone(call, random, false)]).image);
        cuts++;
      } else told.push(look(flash.image, "events").raw.pop()!);
      const { raw } = look(flash.image, "events");
      told = told.slice(-SLOTS + 20); // torn slots take room too
      for (const entry of told.slice(-8)) ok(raw.includes(entry), `round ${n}`);
    }
    ok(cuts > (brief ? 30 : 300));
    same(look(flash.image, "events").raw.length > SLOTS / 2, true);
  });
});
