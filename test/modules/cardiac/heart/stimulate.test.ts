import { Heart } from "../../../../modules/cardiac/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";

/** A heart of exactly 60 bpm: P at 300 ms and QRS at 440 ms, then every second. */
const steady = (retrogradeMs?: number) =>
  new Heart({ lfMs: 0, hfMs: 0, ...(retrogradeMs === undefined ? {} : { retrogradeMs }) });

const said = (heart: Heart, untilMs: number) =>
  heart.advance(untilMs).map(({ chamber, atMs, origin }) => `${chamber} ${atMs} ${origin}`);

describe("cardiac/heart: pacing", () => {
  it("unpaced, as drawn above", () => {
    deep(said(steady(), 1500), [
      "atrium 300 sinus",
      "ventricle 440 conducted",
      "atrium 1300 sinus",
      "ventricle 1440 conducted",
    ]);
  });

  it("an atrial pulse is conducted, and the sinus node begins anew", () => {
    const heart = steady();
    heart.advance(1000);
    same(heart.stimulate("atrium", 1000), true);
    deep(said(heart, 2300), ["ventricle 1142 conducted", "atrium 2000 sinus", "ventricle 2140 conducted"]);
  });

  it("a ventricular pulse meets the impulse that comes down: it is not conducted", () => {
    const heart = steady();
    heart.advance(1380);
    same(heart.stimulate("ventricle", 1380), true);
    deep(said(heart, 2500), ["atrium 2300 sinus", "ventricle 2440 conducted"]);
  });

  it("refractory tissue does not answer, and a pulse that did not capture changes nothing", () => {
    for (const [chamber, atMs, captures] of [
      ["atrium", 350, false],
      ["atrium", 499, false],
      ["atrium", 500, true],
      ["ventricle", 440, false],
      ["ventricle", 679, false],
      ["ventricle", 680, true],
    ] as const) {
      const heart = steady();
      heart.advance(atMs);
      same(heart.stimulate(chamber, atMs), captures, `${chamber} at ${atMs}:`);
      if (captures) continue;
      const other = steady();
      other.advance(atMs);
      deep(heart.advance(20_000), other.advance(20_000), `after a pulse at ${atMs}:`);
    }
  });

  it("with retrograde conduction a ventricular beat comes back to the atrium, if the node has rested", () => {
    const heart = steady(180);
    heart.advance(1000);
    same(heart.stimulate("ventricle", 1000), true);
    deep(said(heart, 2100), ["atrium 1180 retrograde"]);
    deep(
      said(heart, 2400),
      ["atrium 2180 sinus", "ventricle 2320 conducted"],
      "and the sinus node began anew:",
    );
    const tired = steady(180);
    tired.advance(681);
    same(tired.stimulate("ventricle", 681), true);
    deep(said(tired, 1500), ["atrium 1300 sinus", "ventricle 1442 conducted"], "not 240 ms after a beat:");
  });

  it("third-degree block lets nothing through in either direction; a pace puts the escape off", () => {
    const heart = new Heart({ rhythm: "avb3", lfMs: 0, hfMs: 0, retrogradeMs: 180 });
    const { atMs } = heart
      .advance(5000)
      .filter(({ chamber }) => chamber === "ventricle")
      .pop()!;
    heart.advance(atMs + 1000);
    same(heart.stimulate("ventricle", atMs + 1000), true);
    const next = heart.advance(atMs + 5000).filter(({ chamber }) => chamber === "ventricle");
    ok(Math.abs(next[0]!.atMs - atMs - 1000 - 1620) <= 17, `${next[0]!.atMs - atMs}`);
    ok(heart.advance(30_000).every(({ origin }) => origin === "sinus" || origin === "escape"));
  });

  it("fibrillating atria do not capture, and pacing faster than a tachycardia entrains it", () => {
    const fibrillating = new Heart({ rhythm: "af" });
    for (let ms = 500; ms < 20_000; ms += 500) {
      fibrillating.advance(ms);
      same(fibrillating.stimulate("atrium", ms), false);
    }
    const fast = new Heart({ rhythm: "vt" });
    fast.advance(5000);
    const captured: boolean[] = [];
    let own = 0;
    for (let ms = 5000; ms < 10_000; ms += 300) {
      own = said(fast, ms).filter((event) => event.includes("tachycardia")).length;
      captured.push(fast.stimulate("ventricle", ms));
    }
    ok(captured.includes(false) && captured.slice(-10).every((did) => did), `${captured}`);
    same(own, 0, "and it is silent in the end:");
  });

  it("refuses a pulse in the past, in the future, and between two ms", () => {
    const heart = steady();
    heart.advance(1000);
    for (const atMs of [999, 1301, 1000.5, Number.NaN, Infinity])
      throws("cardiac/parameter", () => heart.stimulate("ventricle", atMs));
  });

  it("becomes another rhythm where it stands", () => {
    const heart = steady();
    heart.advance(1000);
    heart.become("asystole");
    deep(heart.advance(5000), []);
    heart.become("sinus", 120);
    const events = said(heart, 6000);
    deep(events[0], "atrium 5300 sinus");
    ok(events.length >= 3);
  });
});
