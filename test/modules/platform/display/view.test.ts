import { PacedHeart, simulatedPatient } from "../../../../modules/cardiac/index.js";
import type { Marker } from "../../../../modules/cardiac/pacer/index.js";
import type { DeviceView } from "../../../../modules/device/index.js";
import { Beam } from "../../../../modules/platform/display/beam.js";
import { layoutOf } from "../../../../modules/platform/display/layout.js";
import { Pulse } from "../../../../modules/platform/display/pulse.js";
import { View } from "../../../../modules/platform/display/view.js";
import { deep, ok, same } from "../../../support/assert.js";
import { Paper } from "./paper.js";

const SIZES = [
  [480, 320],
  [320, 240],
  [240, 320],
] as const;

const SEEN: DeviceView = {
  state: "provisioned",
  link: "none",
  peer: undefined,
  windowMs: 0,
  provisioningMs: 0,
  own: { subject: "rBeod1W4s6I", expires: 1_800_000_000 },
  epoch: 3,
  boot: 7,
  recording: true,
  journal: { usedBytes: 250_000, capacityBytes: 2_000_000 },
};

/** A view of a patient that has run for so long. */
function shown(width: number, height: number, ms: number, patient = simulatedPatient()) {
  const paper = new Paper(width, height);
  const pulse = new Pulse();
  patient.marked = (marker) => pulse.add(marker);
  const view = new View(paper, { samples: patient, pulse, implant: patient });
  for (let now = 0; now < ms; now += 40) {
    patient.liveUntil(now);
    if (now % 480 === 0) view.say(SEEN, now);
    view.draw(now - 650);
  }
  return { paper, view, patient, pulse };
}

describe("the view on a display", () => {
  for (const [width, height] of SIZES) {
    it(`${width} x ${height}: all that is begun lies on the display and is drawn over`, () => {
      const { paper } = shown(width, height, 8000);
      same(paper.outside, 0);
      same(paper.bare, 0);
      ok(
        paper.pixels.every((pixel) => pixel !== 255),
        "no pixel was left out",
      );
    });

    it(`${width} x ${height}: what stands somewhere stands there alone`, () => {
      const { header, trace, marks, cells } = layoutOf(width, height);
      const all = [header, trace, marks, ...cells];
      same(
        all.reduce((sum, box) => sum + box.width * box.height, 0),
        width * height,
      );
      for (const [index, one] of all.entries())
        for (const other of all.slice(index + 1))
          ok(
            one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y,
          );
    });

    it(`${width} x ${height}: an R wave stands up to twice as high as a large square is wide`, () => {
      const { paper } = shown(width, height, 8000);
      const { trace, zero, millivolt } = layoutOf(width, height);
      const tops = Array.from({ length: width }, (_, x) => paper.rows("trace", x)?.[0] ?? height);
      const highestMv = (trace.y + zero - Math.min(...tops)) / millivolt;
      ok(highestMv > 0.7 && highestMv < 1.9, `${highestMv} mV`);
    });
  }

  it("marks each beat once, the atrium's above the ventricle's", () => {
    const { paper } = shown(480, 320, 8000);
    const names = (name: string) => paper.texts.filter(({ text }) => text === name);
    ok(names("AS").length >= 7 && Math.abs(names("AS").length - names("VS").length) <= 1);
    ok(Math.max(...names("AS").map(({ y }) => y)) < Math.min(...names("VS").map(({ y }) => y)));
    same(names("VP").length, 0);
  });

  it("shows what is paced in AV block, and the rate that it makes", () => {
    const patient = new PacedHeart({ rhythm: "avb3", seed: 3 });
    const { paper } = shown(480, 320, 10_000, patient);
    ok(paper.texts.filter(({ text }) => text === "VP").length > 8);
    const rate = Number(paper.texts.filter(({ text }) => /^\d+$/.test(text)).at(-1)?.text);
    ok(rate > 65 && rate < 85, `${rate}`);
  });

  it("says a thing once, until it is another", () => {
    const { paper, view } = shown(480, 320, 3000);
    const before = paper.begun;
    view.say(SEEN, 3000);
    view.say(SEEN, 3000);
    same(paper.begun - before <= 1, true, "the heart's rate, at most");
    view.say({ ...SEEN, epoch: 4 }, 3000);
    ok(paper.texts.some(({ text }) => text.includes("list 4")));
  });

  it("is told by a fault, whatever else there is", () => {
    const { paper, view } = shown(320, 240, 1000);
    view.say(undefined, 1000, "flash/corrupt");
    ok(paper.texts.some(({ text, color }) => text === "fault: flash/corrupt" && color !== "dim"));
  });
});

describe("the beam", () => {
  const samples = (values: number[]) => ({
    format: { rateHz: 250, channels: ["II"], nanovoltsPerStep: 5000 },
    end: values.length,
    look: (first: number, [into]: readonly Int16Array[]) => {
      const part = values.slice(first, first + into!.length);
      into!.set(part);
      return part.length;
    },
  });

  it("shows a spike of one sample, however few columns there are", () => {
    const values = new Array(250).fill(0);
    values[101] = 900;
    const beam = new Beam(samples(values), 50);
    const highs: number[] = [];
    beam.run(50, (column) => highs.push(column?.high ?? -1));
    deep([Math.max(...highs), highs.filter((high) => high === 900).length], [900, 1]);
  });

  it("joins each column to the one before", () => {
    const beam = new Beam(samples([0, 100, 200, 300, 400, 500]), 125);
    const columns: number[][] = [];
    beam.run(3, (column) => columns.push([column!.low, column!.high]));
    deep(columns, [
      [0, 100],
      [100, 300],
      [300, 500],
    ]);
  });

  it("waits for samples that are not there yet", () => {
    const beam = new Beam(samples(new Array(100).fill(1)), 50);
    same(beam.endAt(10_000), 20);
  });

  it("who comes a minute late goes on with now", () => {
    const beam = new Beam(samples(new Array(25_000).fill(1)), 50);
    beam.catchUp(60_000);
    ok(beam.next > 2900 && beam.next < 3000, `${beam.next}`);
  });
});

describe("the rate of markers", () => {
  const marker = (name: Marker["name"], atMs: number, refractory = false): Marker => ({
    type: "marker",
    name,
    refractory,
    atMs,
  });

  it("is of the ventricle's beats that count, and none in silence", () => {
    const pulse = new Pulse();
    same(pulse.rate(0), undefined);
    for (let at = 0; at < 5000; at += 800) {
      pulse.add(marker("AS", at));
      pulse.add(marker("VS", at + 150));
      pulse.add(marker("VS", at + 300, true));
    }
    same(pulse.rate(5000), 75);
    same(pulse.rate(9000), undefined);
  });

  it("markers come once, in order, when their time has come; the newest 32 wait", () => {
    const pulse = new Pulse();
    for (let at = 0; at < 100; at++) pulse.add(marker("VS", at));
    same(pulse.take(68), undefined);
    same(pulse.take(69)?.atMs, 68);
    same(pulse.take(1000)?.atMs, 69);
  });
});
