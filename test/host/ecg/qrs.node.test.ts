import { readFileSync } from "node:fs";
import { QrsDetector } from "../../../host/ecg/qrs.js";
import {
  Heart,
  R_PEAK_MS,
  RecordedSource,
  type SampleSource,
  SyntheticSource,
} from "../../../modules/cardiac/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { OFFLINE_BEATS } from "./offline.js";

/** Beats that the detector finds in so many samples, pushed in pieces of a fifth of a second. */
function detect(source: SampleSource, count: number, detector: QrsDetector): number[] {
  const found: number[] = [];
  const piece = source.format.rateHz / 5;
  for (let first = 0; first < count; first += piece)
    found.push(...detector.push(source.read(first, piece)[0]!));
  return found;
}

/** How many of `beats` have one of `others` within `tolerance` samples. */
const matched = (beats: readonly number[], others: readonly number[], tolerance: number): number =>
  beats.filter((beat) => others.some((other) => Math.abs(other - beat) <= tolerance)).length;

function record(): RecordedSource {
  const bytes = readFileSync("sim/hearts/mitbih-208-mlii-360hz.u16le");
  return new RecordedSource({ length: bytes.length, read: (at, length) => bytes.subarray(at, at + length) });
}

describe("host/ecg: QRS detection (Pan and Tompkins, 1985)", () => {
  it("MIT-BIH 208: 99 % of the beats that an offline method finds, and 1 % others at most", () => {
    same(OFFLINE_BEATS.length, 499);
    const found = detect(record(), 108_000, new QrsDetector({ rateHz: 360, nanovoltsPerStep: 5000 }));
    // 150 ms, the window of ANSI/AAMI EC57 for a match.
    const [sensitivity, precision] = [
      matched(OFFLINE_BEATS, found, 54) / 499,
      matched(found, OFFLINE_BEATS, 54) / found.length,
    ];
    ok(sensitivity >= 0.99 && precision >= 0.99, `sensitivity ${sensitivity}, precision ${precision}`);
  });

  for (const rateHz of [125, 250, 360, 500])
    for (const bpm of [40, 60, 75, 100, 120])
      it(`every beat of a made-up heart at ${bpm} bpm, ${rateHz} Hz, within 30 ms`, () => {
        const detector = new QrsDetector({ rateHz, nanovoltsPerStep: 5000 });
        const found = detect(new SyntheticSource({ seed: 5, bpm, rateHz }), 60 * rateHz, detector);
        const beats = new Heart({ seed: 5, bpm })
          .advance(59_500)
          .filter(({ chamber }) => chamber === "ventricle")
          .map(({ atMs }) => ((atMs + R_PEAK_MS) * rateHz) / 1000);
        same(matched(beats, found, 0.03 * rateHz), beats.length, "beats found:");
        same(found.filter((r) => r < 59.5 * rateHz).length, beats.length, "and no others:");
        ok(Math.abs(detector.heartRate! - bpm) < 0.06 * bpm, `shows ${detector.heartRate}`);
      });

  it("pieces do not matter", () => {
    const samples = record().read(0, 7200)[0]!;
    const single = new QrsDetector({ rateHz: 360, nanovoltsPerStep: 5000 });
    deep(
      [...samples].flatMap((sample) => single.push(Int16Array.of(sample))),
      new QrsDetector({ rateHz: 360, nanovoltsPerStep: 5000 }).push(samples),
    );
  });

  it("no beat where there is only an electrode's noise and the baseline's wander", () => {
    for (const muscleUv of [0, 10]) {
      const quiet = new SyntheticSource({ rhythm: "asystole", disturbances: { muscleUv } });
      const detector = new QrsDetector({ rateHz: 250, nanovoltsPerStep: 5000 });
      deep(detect(quiet, 15_000, detector), []);
      same(detector.heartRate, undefined);
    }
  });

  it("a rate goes stale: 3 s after the heart stops, and at once in a gap", () => {
    const source = new SyntheticSource({ seed: 5, bpm: 60 });
    const detector = new QrsDetector({ rateHz: 250, nanovoltsPerStep: 5000 });
    detect(source, 5000, detector);
    ok(detector.heartRate !== undefined);
    const last = source.read(4999, 1)[0]![0]!;
    detector.push(new Int16Array(500).fill(last));
    ok(detector.heartRate !== undefined, "after 2 s");
    detector.push(new Int16Array(500).fill(last));
    same(detector.heartRate, undefined);

    const other = new QrsDetector({ rateHz: 250, nanovoltsPerStep: 5000 });
    detect(source, 5000, other);
    other.gap(250);
    same(other.heartRate, undefined);
    const after: number[] = [];
    for (let first = 5250; first < 7500; first += 250) after.push(...other.push(source.read(first, 250)[0]!));
    ok(after.length >= 8 && after.every((r) => r > 5250), "indices count the gap");
    ok(Math.abs(other.heartRate! - 60) < 4);
  });
});
