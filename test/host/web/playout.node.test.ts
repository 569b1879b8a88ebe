import { Playout } from "../../../host/web/model/playout.js";
import { ok, same } from "../../support/assert.js";

const RATE = 500;

/** Readings of 500 ms that come on time, and a frame each 16 ms. */
function play(seconds: number, arrives: (reading: number) => number) {
  const playout = new Playout(RATE);
  let [end, reading] = [0, 0];
  const steps: {
    readonly now: number;
    readonly at: number;
    readonly jumped: boolean;
    readonly moved: number;
  }[] = [];
  for (let now = 0; now < seconds * 1000; now += 16) {
    while (now >= arrives(reading)) {
      end += 250;
      reading++;
      playout.expect(250);
    }
    if (end === 0) continue;
    const { from, to, jumped } = playout.advance(now, 0, end);
    steps.push({ now, at: to, jumped, moved: to - from });
    ok(to <= end, "drew what has not come");
  }
  return { steps, end };
}

describe("the sweep's pen", () => {
  it("moves evenly while readings come in blocks, within 6 % of real time", () => {
    const { steps } = play(20, (reading) => 500 * (reading + 1));
    for (const { moved, jumped, now } of steps.slice(100)) {
      ok(!jumped, `jumped at ${now}`);
      ok(moved >= 0.016 * RATE * 0.93 && moved <= 0.016 * RATE * 1.07, `moved ${moved} at ${now}`);
    }
  });

  it("keeps about a reading behind, so that a late one does not stop it", () => {
    const jitter = (reading: number) => 500 * (reading + 1) + ((reading * 7919) % 200);
    const { steps } = play(30, jitter);
    ok(
      steps.slice(200).every(({ moved }) => moved > 0),
      "it stopped",
    );
  });

  it("stops where nothing is left: it never draws on", () => {
    const { steps, end } = play(10, (reading) => (reading < 8 ? 500 * (reading + 1) : Infinity));
    same(steps[steps.length - 1]?.at, end);
    same(steps[steps.length - 1]?.moved, 0);
  });

  it("jumps to now when a lost link is back and much is waiting", () => {
    const late = (reading: number) =>
      reading < 8 ? 500 * (reading + 1) : reading < 40 ? 20_000 : 500 * (reading + 1);
    const { steps, end } = play(24, late);
    same(steps.filter(({ jumped }) => jumped).length, 1);
    ok(end - (steps[steps.length - 1]?.at ?? 0) < 1.2 * RATE, "still behind");
  });
});
