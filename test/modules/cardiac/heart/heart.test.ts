import {
  type Depolarisation,
  Heart,
  type HeartOptions,
  RHYTHM_NAMES,
} from "../../../../modules/cardiac/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";
import { fnv1a } from "../shapes.js";

const STILL = { lfMs: 0, hfMs: 0 };
const TEN_MINUTES = 600_000;

const run = (options: HeartOptions, untilMs = TEN_MINUTES) => new Heart(options).advance(untilMs);
const times = (events: readonly Depolarisation[], chamber: string) =>
  events.filter((event) => event.chamber === chamber).map(({ atMs }) => atMs);
const gaps = (at: readonly number[]) => at.slice(1).map((ms, index) => ms - at[index]!);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/** For each P, after how long a QRS followed before the next P, or undefined. */
function conduction(events: readonly Depolarisation[]): (number | undefined)[] {
  const atria = times(events, "atrium");
  const ventricles = times(events, "ventricle");
  return atria.slice(0, -1).map((p, index) => {
    const r = ventricles.find((at) => at > p && at <= atria[index + 1]!);
    return r === undefined ? undefined : r - p;
  });
}

/** The numbers of Ps in the groups that dropped beats end. */
function groups(delays: readonly (number | undefined)[]): number[] {
  const dropped = delays.flatMap((delay, index) => (delay === undefined ? [index] : []));
  return gaps(dropped);
}

/** FNV-1a of a minute's times and the first letters of their origins. */
const DIGESTS: Record<string, string> = {
  sinus: "a696911e",
  bradycardia: "030641ef",
  arrest: "dd7ebd45",
  avb1: "b290cfa7",
  wenckebach: "57404110",
  avb2: "c67a058e",
  avb3: "3b47d72d",
  af: "2a007f0c",
  pvc: "d94ee4a1",
  vt: "0753b4e9",
  vf: "528c9bc7",
  asystole: "811c9dc5",
};

describe("cardiac/heart: every rhythm", () => {
  for (const rhythm of RHYTHM_NAMES) {
    it(`${rhythm}: in order, in whole ms, the same on every engine and however often it is asked`, () => {
      const events = run({ rhythm, seed: 11 }, 60_000);
      const heart = new Heart({ rhythm, seed: 11 });
      const asked: Depolarisation[] = [];
      for (let ms = 0; ms <= 60_000; ms += 7) asked.push(...heart.advance(ms));
      asked.push(...heart.advance(60_000));
      deep(asked, events);
      for (const [index, { atMs }] of events.entries())
        ok(Number.isInteger(atMs) && atMs >= (events[index - 1]?.atMs ?? 0), `event ${index} at ${atMs}`);
      same(
        fnv1a(Int16Array.from(events.flatMap(({ atMs, origin }) => [atMs, origin.charCodeAt(0)]))),
        DIGESTS[rhythm],
      );
    });
  }

  it("other seeds are other hearts", () => {
    const starts = [1, 2, 3, 4].map((seed) => times(run({ seed }, 20_000), "ventricle").join());
    same(new Set(starts).size, 4);
  });

  it("refuses what no heart has", () => {
    for (const bpm of [0, 19, 221, Number.NaN]) throws("cardiac/parameter", () => new Heart({ bpm }));
    for (const rhythm of ["", "sinus ", "constructor"] as never[])
      throws("cardiac/parameter", () => new Heart({ rhythm }));
    throws("cardiac/parameter", () => new Heart({ rhythm: "af", bpm: 100 }));
    throws("cardiac/parameter", () => new Heart({ lfMs: -1 }));
    throws("cardiac/parameter", () => new Heart({ hfMs: Number.NaN }));
    throws("cardiac/parameter", () => new Heart({ breathMs: 1000 }));
    throws("cardiac/parameter", () => new Heart({ retrogradeMs: 5 }));
    const heart = new Heart({ rhythm: "avb3", seed: 4 });
    throws("cardiac/parameter", () => heart.become("none"));
    for (const untilMs of [Infinity, Number.NaN]) throws("cardiac/parameter", () => heart.advance(untilMs));
    deep(heart.advance(30_000), run({ rhythm: "avb3", seed: 4 }, 30_000), "and is as it was:");
  });
});

describe("cardiac/heart: rhythms without block", () => {
  for (const bpm of [40, 60, 75, 100, 180])
    it(`sinus at ${bpm} bpm: its rate, each P conducted`, () => {
      const events = run({ bpm });
      const delays = conduction(events);
      ok(
        delays.every((delay) => delay! >= 120 && delay! <= 200),
        `${delays.slice(0, 10)}`,
      );
      ok(Math.abs(60_000 / mean(gaps(times(events, "ventricle"))) - bpm) < 0.01 * bpm);
    });

  it("bradycardia: below 50", () => {
    const rate = 60_000 / mean(gaps(times(run({ rhythm: "bradycardia" }), "ventricle")));
    ok(rate > 38 && rate < 46, `${rate}`);
  });

  it("arrest: no P for more than 3 s, and within 2 s of the last beat a junctional one", () => {
    const events = run({ rhythm: "arrest" });
    const pauses = gaps(times(events, "atrium")).filter((gap) => gap > 3000);
    ok(pauses.length > 20, `${pauses.length} pauses`);
    ok(Math.max(...gaps(times(events, "ventricle"))) < 2000);
    ok(events.filter(({ origin }) => origin === "junctional").length >= pauses.length);
  });

  it("premature beats: one in five, each early, and a full compensatory pause", () => {
    const events = run({ rhythm: "pvc", ...STILL });
    const ventricular = events.filter(({ chamber }) => chamber === "ventricle").slice(1, -2);
    const cycle = 60_000 / 66;
    let premature = 0;
    for (const [index, { origin, atMs }] of ventricular.entries()) {
      if (origin !== "ectopic" || index === 0) continue;
      premature++;
      const before = ventricular[index - 1]!.atMs;
      ok(atMs - before < 0.65 * cycle, `coupled by ${atMs - before} ms`);
      const after = ventricular[index + 1];
      if (after) ok(Math.abs(after.atMs - before - 2 * cycle) < 4, `${after.atMs - before} ms around it`);
    }
    const share = premature / ventricular.filter(({ origin }) => origin === "conducted").length;
    ok(share > 0.15 && share < 0.25, `${share}`);
  });

  it("ventricular tachycardia: 170 a minute, the atria go on by themselves", () => {
    const events = run({ rhythm: "vt" }).filter(({ atMs }) => atMs > 5000);
    ok(Math.abs(60_000 / mean(gaps(times(events, "ventricle"))) - 170) < 3);
    ok(Math.abs(60_000 / mean(gaps(times(events, "atrium"))) - 75) < 2);
  });

  it("atrial fibrillation: atria above 300 a minute, ventricles at 60 to 110, irregularly irregular", () => {
    const events = run({ rhythm: "af" });
    ok(60_000 / mean(gaps(times(events, "atrium"))) > 300);
    const rr = gaps(times(events, "ventricle"));
    const rate = 60_000 / mean(rr);
    ok(rate > 60 && rate < 110, `${rate} a minute`);
    ok(deviation(rr) / mean(rr) > 0.15, `${deviation(rr)} ms of ${mean(rr)}`);
    // Irregularly: an interval says nothing about the next.
    const middle = mean(rr);
    const lagged = mean(rr.slice(1).map((value, index) => (value - middle) * (rr[index]! - middle)));
    ok(Math.abs(lagged) / deviation(rr) ** 2 < 0.2, `correlation ${lagged / deviation(rr) ** 2}`);
  });

  it("ventricular fibrillation: no beat is conducted, nothing captures; asystole: nothing, but pacing does", () => {
    const fibrillating = new Heart({ rhythm: "vf" });
    ok(
      fibrillating
        .advance(10_000)
        .every(({ chamber, origin }) => chamber === "atrium" || origin === "fibrillation"),
    );
    same(fibrillating.stimulate("ventricle", 10_000), false);
    const still = new Heart({ rhythm: "asystole" });
    deep(still.advance(TEN_MINUTES), []);
    same(still.nextMs, Infinity);
    same(still.stimulate("ventricle", TEN_MINUTES), true);
  });
});

describe("cardiac/heart: AV block", () => {
  it("first degree: PR beyond 200 ms, none dropped", () => {
    const delays = conduction(run({ rhythm: "avb1" }));
    ok(
      delays.every((delay) => delay! > 200 && delay! < 350),
      `${delays.slice(0, 10)}`,
    );
  });

  it("Wenckebach at 75 bpm: 4:3, PR grows by less each time, RR shrinks, the pause is less than two PP", () => {
    const events = run({ rhythm: "wenckebach", ...STILL });
    const delays = conduction(events);
    ok(
      groups(delays).every((group) => group === 4),
      `${groups(delays).slice(0, 20)}`,
    );
    const first = delays.indexOf(undefined) + 1;
    for (let at = first; at + 4 < delays.length; at += 4) {
      const [a, b, c, dropped] = delays.slice(at, at + 4);
      same(dropped, undefined);
      ok(b! > a! && c! > b! && c! - b! < b! - a!, `PR ${a}, ${b}, ${c}`);
    }
    const rr = gaps(times(events, "ventricle"));
    ok(Math.max(...rr) < 1600 && Math.max(...rr) > 1300);
  });

  it("Wenckebach at 100 bpm: the same node blocks 2:1; at 55 bpm nothing", () => {
    const delays = conduction(run({ rhythm: "wenckebach", bpm: 100, ...STILL }));
    ok(
      groups(delays).every((group) => group === 2),
      `${groups(delays).slice(0, 20)}`,
    );
    ok(!conduction(run({ rhythm: "wenckebach", bpm: 55, ...STILL })).includes(undefined));
  });

  for (const bpm of [70, 78, 100, 120])
    it(`2:1 at ${bpm} bpm: every second P, PR constant, also while the rate varies`, () => {
      const delays = conduction(run({ rhythm: "avb2", bpm }));
      ok(
        groups(delays).every((group) => group === 2),
        `${groups(delays).slice(0, 20)}`,
      );
      const conducted = delays.filter((delay) => delay !== undefined);
      ok(Math.max(...conducted) - Math.min(...conducted) <= 4 && Math.max(...conducted) < 200);
    });

  it("third degree: two clocks that know nothing of each other", () => {
    const events = run({ rhythm: "avb3" });
    const [p, r] = [gaps(times(events, "atrium")), gaps(times(events, "ventricle"))];
    ok(Math.abs(60_000 / mean(p) - 75) < 1.5, `${60_000 / mean(p)} Ps a minute`);
    ok(60_000 / mean(r) > 30 && 60_000 / mean(r) < 40, `${60_000 / mean(r)} a minute`);
    ok(deviation(r) < 20);
    // Over ten minutes a P comes in every tenth of the ventricle's cycle.
    const atria = times(events, "atrium");
    const tenths = new Set(
      times(events, "ventricle").map((at) => Math.floor((at - atria.filter((p) => p <= at).pop()!) / 80)),
    );
    ok(tenths.size >= 9, `${[...tenths]}`);
  });
});
