import { writeWfdb } from "../../../host/export/wfdb.js";
import { concat } from "../../../modules/bytes/index.js";
import { WfdbSource } from "../../../modules/cardiac/records/index.js";
import { latin, memory } from "../../modules/cardiac/records/files.js";
import { deep, same, throws } from "../../support/assert.js";
import { type Made, recorded, sampleAt, WITH_ALL } from "./recorded.js";

function written(made: Made) {
  const from = recorded(made);
  const record = writeWfdb(from, "r");
  const dat = concat(...record.dat());
  const source = new WfdbSource(memory(latin(record.hea())), () => memory(dat));
  return { from, source, dat, hea: record.hea(), atr: record.atr() };
}

/** As annot(5) says, with nothing of the writer's. */
function annotationsOf(atr: Uint8Array): [number, number, string][] {
  const view = new DataView(atr.buffer, atr.byteOffset, atr.byteLength);
  const found: [number, number, string][] = [];
  let [at, time] = [0, 0];
  for (;;) {
    const word = view.getUint16(at, true);
    at += 2;
    const [code, value] = [word >> 10, word & 1023];
    if (word === 0) break;
    if (code === 59) {
      time += view.getUint16(at, true) * 65536 + view.getUint16(at + 2, true);
      at += 4;
    } else if (code === 63) {
      found[found.length - 1]![2] = Buffer.from(atr.slice(at, at + value)).toString("latin1");
      at += value + (value % 2);
    } else {
      time += value;
      found.push([time, code, ""]);
    }
  }
  same(at, atr.length);
  return found;
}

describe("host/export: WFDB", () => {
  for (const [what, made] of [
    ["two leads", {}],
    ["one lead at 360 Hz", { rateHz: 360, channels: ["MLII"], reading: 360 }],
    ["breaks", WITH_ALL],
    ["488 nV a step", { nanovoltsPerStep: 488 }],
    ["1 nV a step", { nanovoltsPerStep: 1 }],
  ] as const satisfies readonly (readonly [string, Made])[])
    it(`${what}: read back by our own reader, sample for sample; what is missing as the level`, () => {
      const { from, source } = written(made);
      const { rateHz, nanovoltsPerStep, channels } = from.format;
      deep(source.format, { rateHz, nanovoltsPerStep, channels });
      same(source.length, from.length);
      const there = (at: number) => from.runs.some((run) => at >= run.at && at < run.at + run.samples);
      deep(
        source.read(0, from.length),
        channels.map((_, channel) =>
          Int16Array.from({ length: from.length }, (_, at) => (there(at) ? sampleAt(channel, at) : 0)),
        ),
      );
    });

  it("the header says checksums and first values of what is in the file, missing samples included", () => {
    const { source, dat } = written(WITH_ALL);
    const view = new DataView(dat.buffer);
    for (const [channel, { checksum }] of source.header.signals.entries()) {
      let sum = 0;
      for (let at = 2 * channel; at < dat.length; at += 4) sum += view.getInt16(at, true);
      same((checksum! - sum) & 0xffff, 0);
    }
  });

  it("markers are beats or notes, breaks are notes, intervals beyond 1,023 samples too", () => {
    const { atr } = written(WITH_ALL);
    const gap = "gap, declared by the device";
    deep(annotationsOf(atr), [
      [10, 22, "AP"],
      [40, 12, "VP"],
      [120, 22, "(AS)"],
      [499, 1, "VS"],
      [500, 22, gap],
      [900, 5, "PVC"],
      [1175, 22, gap],
      [1549, 22, "AT"],
    ]);
    const late = written({
      runs: [[0, 4000]],
      markers: [
        [5, "VP"],
        [400_000, "VS"],
      ],
    });
    deep(annotationsOf(late.atr), [
      [5, 12, "VP"],
      [400_000, 1, "VS"],
    ]);
    deep(annotationsOf(written({}).atr), []);
  });

  it("refuses a name with a path in it, and a break of more than a day", () => {
    for (const name of ["../r", "", "a b"]) throws("host/export", () => writeWfdb(recorded(), name));
    throws("host/export", () =>
      writeWfdb(
        recorded({
          runs: [
            [0, 1],
            [250 * 90_000, 1],
          ],
        }),
        "r",
      ),
    );
  });
});
