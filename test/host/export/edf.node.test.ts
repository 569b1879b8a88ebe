import { writeEdf } from "../../../host/export/edf.js";
import type { Recorded } from "../../../host/export/survey.js";
import { concat } from "../../../modules/bytes/index.js";
import { EdfSource, readAnnotations } from "../../../modules/cardiac/records/index.js";
import { memory } from "../../modules/cardiac/records/files.js";
import { deep, same, throws } from "../../support/assert.js";
import { allSamples, type Made, recorded, STARTED_AT, WITH_ALL } from "./recorded.js";

const bytesOf = (from: Recorded) => concat(...writeEdf(from));
const text = (bytes: Uint8Array, from: number, to: number) =>
  Buffer.from(bytes.slice(from, to)).toString("latin1").trimEnd();

describe("host/export: EDF+", () => {
  for (const [what, made] of [
    ["two leads", {}],
    ["one lead at 360 Hz, readings of a second", { rateHz: 360, channels: ["MLII"], reading: 360 }],
    ["readings of a quarter of a second", { rateHz: 360, reading: 90, runs: [[0, 5]] }],
    ["breaks", WITH_ALL],
    ["a length that no six decimals say in seconds", { rateHz: 360, reading: 200 }],
    ["1 nV a step", { nanovoltsPerStep: 1 }],
    ["1,000 nV a step", { nanovoltsPerStep: 1000 }],
    ["488 nV a step, which no eight characters can say for all of an int16", { nanovoltsPerStep: 488 }],
    [
      "4,096 samples a second, a millivolt a step",
      { rateHz: 4096, reading: 1024, nanovoltsPerStep: 1_000_000 },
    ],
  ] as const satisfies readonly (readonly [string, Made])[])
    it(`${what}: read back by our own reader, sample for sample`, () => {
      const from = recorded(made);
      const source = new EdfSource(memory(bytesOf(from)));
      const { rateHz, nanovoltsPerStep, channels } = from.format;
      deep(source.format, { rateHz, nanovoltsPerStep, channels });
      const samples = from.runs.reduce((sum, run) => sum + run.samples, 0);
      same(source.length, samples);
      deep(
        source.read(0, samples),
        channels.map((_, channel) => allSamples(from, channel)),
      );
    });

  it("says when it began and what it is, and nothing of the patient or the device", () => {
    const bytes = bytesOf(recorded());
    deep(
      [text(bytes, 8, 88), text(bytes, 88, 168), text(bytes, 168, 184), text(bytes, 192, 236)],
      ["X X X X", "Startdate 15-JAN-2027 X X Vagus", "15.01.2708.00.00", "EDF+C"],
    );
    same(STARTED_AT, Date.UTC(2027, 0, 15, 8) / 1000);
  });

  it("records that are apart in time say so; markers and breaks are annotations, to the sample", () => {
    const from = recorded(WITH_ALL);
    const file = memory(bytesOf(from));
    const { header } = new EdfSource(file);
    same(header.plus, "EDF+D");
    const all = Array.from({ length: header.records }, (_, record) => readAnnotations(file, header, record));
    const onsets = all.map(([first]) => first!.onsetS);
    const perRecord = header.signals[0]!.samplesPerRecord;
    const expected = from.runs.flatMap(({ at, samples }) =>
      Array.from({ length: samples / perRecord }, (_, i) => (at + i * perRecord) / 250),
    );
    deep(onsets, expected);
    deep(
      all
        .flat()
        .filter(({ text }) => text !== "")
        .map(({ onsetS, durationS, text }) => [onsetS, durationS, text]),
      [
        [0.041, undefined, "AP"],
        [0.16, undefined, "VP"],
        [0.48, undefined, "(AS)"],
        [1.996, undefined, "VS"],
        [2, 1.2, "gap, declared by the device"],
        [3.6, undefined, "PVC"],
        [4.7, 0.5, "gap, declared by the device"],
        [6.196, undefined, "AT"],
      ],
    );
  });

  it("more markers than a record has room for wait for the next, and none is lost", () => {
    const markers = Array.from({ length: 200 }, (_, i) => [20 + i / 10, "AS", true] as const);
    const file = memory(bytesOf(recorded({ markers, runs: [[0, 60]] })));
    const { header } = new EdfSource(file);
    let found = 0;
    for (let record = 0; record < header.records; record++)
      found += readAnnotations(file, header, record).filter(({ text }) => text === "(AS)").length;
    same(found, 200);
  });

  it("refuses runs that no record length goes into", () => {
    throws("host/export", () =>
      bytesOf(
        recorded({
          reading: 1,
          runs: [
            [0, 127],
            [500, 128],
          ],
        }),
      ),
    );
  });
});
