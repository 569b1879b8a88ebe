/** The heart as the device has it: it lives whether or not it is read, and is the same heart either way. */

import { batteryLeft, createBattery } from "../../../../modules/cardiac/battery/index.js";
import { type Implant, PacedHeart, PacedSensor } from "../../../../modules/cardiac/index.js";
import { type Marker, NOMINAL } from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";

const AVB3 = { rhythm: "avb3", seed: 3, channels: ["II", "EGM-V"] } as const;

/** Numbers below `below`, the same each time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("cardiac/implant: the heart lives by itself", () => {
  for (const seed of [1, 2, 3])
    it(`lived in strokes of any length and read in pieces of any length, it is the heart that is only read (${seed})`, () => {
      const straight = new PacedHeart(AVB3);
      const samples = straight.read(0, 250 * 60);
      const heart = new PacedHeart(AVB3);
      const roll = dice(seed);
      const markers: Marker[] = [];
      for (let next = 0, ms = 0; next < 250 * 50; ) {
        ms += roll(900);
        heart.liveUntil(ms + roll(10) / 10);
        const ready = Math.floor(ms / 4) - next;
        if (ready < 1 || roll(3) === 0) continue;
        const count = 1 + roll(Math.min(ready, 1000));
        if (heart.oldestSample > next) next = heart.oldestSample;
        deep(
          heart.read(next, count),
          samples.map((lead) => lead.slice(next, next + count)),
        );
        next += count;
        markers.push(...heart.takeMarkers(next * 4));
      }
      deep(markers, straight.takeMarkers(markers.at(-1)!.atMs + 1));
      ok(markers.filter(({ name }) => name === "VP").length > 40, "and it was paced");
    });

  it("what nobody read for six seconds is gone, and says so; a stream that starts then starts live", () => {
    let ms = 0;
    const heart = new PacedHeart(AVB3);
    const sensor = new PacedSensor(heart, { clock: () => ms });
    const unbound = new PacedSensor(heart, { clock: () => ms, paced: false });
    ms = 60_000;
    heart.liveUntil(ms);
    ok(heart.oldestSample > 250 * 53 && heart.oldestSample < 250 * 55, `${heart.oldestSample}`);
    throws("cardiac/parameter", () => sensor.sample());
    for (const each of [unbound, sensor]) {
      each.configure({ live: true });
      ok(each.nextSample >= heart.oldestSample);
    }
    unbound.sample();
  });

  it("time does not run backwards, nor on for ever", () => {
    const heart: Implant = new PacedHeart(AVB3);
    heart.liveUntil(5000);
    const { nowMs } = heart;
    for (const ms of [-1, 0, 4999, Number.NaN, Infinity]) heart.liveUntil(ms);
    same(heart.nowMs, nowMs);
  });

  it("an instruction comes into force with the cycle that comes next, and the therapy says what is set", () => {
    const heart: Implant = new PacedHeart(AVB3);
    heart.liveUntil(5000);
    const faster = { ...NOMINAL, lowerRateLimitPpm: 80 };
    heart.instruct({ type: "program", parameters: faster, temporary: true });
    deep(heart.therapy.temporary, faster);
    same(heart.parameters.lowerRateLimitPpm, 60);
    heart.liveUntil(6000);
    same(heart.parameters.lowerRateLimitPpm, 80);
    throws("cardiac/parameter", () =>
      heart.instruct({ type: "program", parameters: { ...NOMINAL, lowerRateLimitPpm: 61.5 } }),
    );
    deep([heart.therapy.permanent, heart.therapy.temporary], [NOMINAL, faster]);
  });

  it("who watches sees each pulse, until nobody does", () => {
    const heart: Implant = new PacedHeart(AVB3);
    let pulses = 0;
    heart.watch((seen) => void (seen.type === "pulse" && seen.chamber === "ventricle" && pulses++));
    heart.liveUntil(10_000);
    heart.watch(undefined);
    ok(pulses >= 8, `${pulses}`);
    const seen = pulses;
    heart.liveUntil(20_000);
    same(pulses, seen);
  });

  it("the radio takes from the battery that paces", () => {
    const heart = new PacedHeart({ ...AVB3, battery: createBattery(50) });
    const before = batteryLeft(heart.battery);
    heart.radiated(1e9);
    ok(batteryLeft(heart.battery) < before - 0.04);
  });
});

describe("cardiac/implant: whoever looks on", () => {
  it("sees every sample that was drawn, whoever reads it and when, and takes none away", () => {
    const heart = new PacedHeart({ rhythm: "avb3", seed: 3 });
    const samples = new PacedHeart({ rhythm: "avb3", seed: 3 }).read(0, 250 * 20)[0]!;
    const seen: number[] = [];
    const into = [new Int16Array(20)];
    for (let ms = 40, next = 0; ms < 20_000; ms += 40) {
      heart.liveUntil(ms);
      if (ms % 1000 === 0 && ms > 5000) {
        deep(heart.read(next || 250 * 4, 250)[0], samples.slice(next || 250 * 4, (next || 250 * 4) + 250));
        next = (next || 250 * 4) + 250;
      }
      while (seen.length < heart.end) {
        const count = heart.look(seen.length, into);
        ok(count > 0, `${seen.length} of ${heart.end} is there`);
        seen.push(...into[0]!.slice(0, count));
      }
    }
    ok(seen.length > 250 * 18);
    deep(seen, [...samples.slice(0, seen.length)]);
  });

  it("sees nothing where what it asks for is gone or not drawn", () => {
    const heart = new PacedHeart();
    same(heart.look(0, [new Int16Array(9)]), 0);
    heart.liveUntil(30_000);
    same(heart.look(0, [new Int16Array(9)]), 0);
    same(heart.look(heart.end, [new Int16Array(9)]), 0);
  });

  it("is told of each marker", () => {
    const heart = new PacedHeart({ rhythm: "avb3", seed: 3 });
    const told: Marker[] = [];
    heart.marked = (marker) => told.push(marker);
    heart.liveUntil(10_000);
    deep(told, heart.takeMarkers(20_000));
  });
});
