import { readBytes } from "engine";
import { concat } from "../../../../modules/bytes/index.js";
import { RecordedSource } from "../../../../modules/cardiac/index.js";
import { EdfSource, openRecord, readAnnotations } from "../../../../modules/cardiac/records/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";
import { type EdfMade, edfHeader, int16, latin, memory } from "./files.js";

const open = (header: Uint8Array, ...records: Uint8Array[]) =>
  new EdfSource(memory(concat(header, ...records)));

describe("cardiac/records: EDF", () => {
  it("two signals, two records: each signal's samples stand together in a record", () => {
    const header = edfHeader([{ samples: "3" }, { label: "ECG V1", samples: "3" }], {
      records: "2",
      seconds: "0.012",
    });
    const source = open(header, int16(1, 2, 3, -1, -2, -3), int16(4, 5, 6, -4, -5, -6));
    deep(source.format, { rateHz: 250, channels: ["II", "V1"], nanovoltsPerStep: 1000 });
    same(source.length, 6);
    deep(source.read(0, 6), [Int16Array.of(1, 2, 3, 4, 5, 6), Int16Array.of(-1, -2, -3, -4, -5, -6)]);
    deep(source.read(2, 2), [Int16Array.of(3, 4), Int16Array.of(-3, -4)]);
    deep(source.read(6, 0), [new Int16Array(0), new Int16Array(0)]);
  });

  for (const [what, made, nanovoltsPerStep, values, samples] of [
    ["5 µV a step", { physical: ["-163840", "163835"] }, 5000, [-32768, 32767, 0], [-32768, 32767, 0]],
    ["in mV", { unit: "mV", physical: ["-32.768", "32.767"] }, 1000, [7], [7]],
    [
      "a zero of 1,024",
      { unit: "mV", physical: ["-5.12", "5.115"], digital: ["0", "2047"] },
      5000,
      [1024, 1030],
      [0, 6],
    ],
    [
      "a step of a third of a microvolt",
      { physical: ["-1000", "1000"], digital: ["-3000", "3000"] },
      333,
      [3000],
      [3003],
    ],
  ] as const satisfies readonly (readonly [string, Partial<EdfMade>, number, number[], number[]])[])
    it(`${what}: ${nanovoltsPerStep} nV a step`, () => {
      const source = open(
        edfHeader([{ ...made, samples: `${values.length}` }], { seconds: `${values.length / 100}` }),
        int16(...values),
      );
      same(source.format.nanovoltsPerStep, nanovoltsPerStep);
      deep(source.read(0, values.length), [Int16Array.from(samples)]);
    });

  it("plays the voltages of the first one's rate, and passes over all else", () => {
    const source = open(
      edfHeader(
        [
          { label: "Resp", unit: "L", samples: "1" },
          { label: "ECG II", samples: "2" },
          { label: "EEG Fp1", samples: "1" },
          { label: "EDF Annotations", unit: "", samples: "1", physical: ["-1", "1"] },
          { label: "", samples: "2" },
        ],
        { seconds: "0.02" },
      ),
      int16(99, 1, 2, 98, 0, 3, 4),
    );
    deep(source.format.channels, ["II", "ECG2"]);
    deep(source.read(0, 2), [Int16Array.of(1, 2), Int16Array.of(3, 4)]);
  });

  it("records of which nobody knows how many there are go on to the file's end; half of one is none", () => {
    const source = open(
      edfHeader([{ samples: "2" }], { records: "-1", seconds: "0.02" }),
      int16(1, 2, 3, 4, 5),
    );
    same(source.length, 4);
  });

  it("EDF+: annotations with onset, duration, several texts; the first says when the record begins", () => {
    const text = "+1.5\x14\x14\0+1.25\x150.25\x14AP\x14VP\x14\0".padEnd(40, "\0");
    const header = edfHeader(
      [{ samples: "1" }, { label: "EDF Annotations", unit: "", samples: "20", physical: ["-1", "1"] }],
      { reserved: "EDF+D", seconds: "0.01" },
    );
    const file = memory(concat(header, int16(3), latin(text)));
    const source = new EdfSource(file);
    same(source.header.plus, "EDF+D");
    deep(readAnnotations(file, source.header, 0), [
      { onsetS: 1.5, durationS: undefined, text: "" },
      { onsetS: 1.25, durationS: 0.25, text: "AP" },
      { onsetS: 1.25, durationS: 0.25, text: "VP" },
    ]);
  });

  const one: EdfMade = { samples: "2" };
  const good = { seconds: "0.01" };
  for (const [what, header] of [
    ["another version", edfHeader([one], { ...good, version: "1" })],
    ["a header that says another length", edfHeader([one], { ...good, bytes: "256" })],
    ["a header that says it is endless", edfHeader([one], { ...good, bytes: "99999999" })],
    ["more signals than are there", edfHeader([one], { ...good, count: "2", bytes: "768" })],
    ["no signals", edfHeader([one], { ...good, count: "0", bytes: "256" })],
    ["a count that is no number", edfHeader([one], { ...good, count: "1e0x" })],
    ["a record more than there is", edfHeader([one], { ...good, records: "2" })],
    ["no records", edfHeader([one], { ...good, records: "0" })],
    ["records below 0", edfHeader([one], { ...good, records: "-2" })],
    ["records that last no time", edfHeader([one], { seconds: "0" })],
    ["records that last an endless time", edfHeader([one], { seconds: "Infinity" })],
    ["a rate that is not whole", edfHeader([one], { seconds: "0.3" })],
    ["a rate beyond a stream's", edfHeader([one], { seconds: "0.0001" })],
    ["no samples in a record", edfHeader([{ samples: "0" }], good)],
    ["more samples in a record than are there", edfHeader([{ samples: "99999999" }], good)],
    ["no voltage", edfHeader([{ ...one, unit: "mmHg" }], good)],
    ["a unit from a prototype", edfHeader([{ ...one, unit: "toString" }], good)],
    ["a digital range upside down", edfHeader([{ ...one, digital: ["1", "-1"] }], good)],
    ["a digital range beyond an int16", edfHeader([{ ...one, digital: ["-32768", "65535"] }], good)],
    ["a physical range of nothing", edfHeader([{ ...one, physical: ["1", "1"] }], good)],
    ["a physical range that is no number", edfHeader([{ ...one, physical: ["-1", "NaN"] }], good)],
    ["a step that no stream has", edfHeader([{ ...one, unit: "V" }], good)],
    ["what is not ASCII", edfHeader([{ ...one, label: "ECG \xb5" }], good)],
  ] as const)
    it(`refuses ${what}`, () => {
      throws("cardiac/malformed", () => open(header, int16(1, 2)));
    });

  it("refuses every header that is cut off, and takes no more than a header's memory for it", () => {
    const whole = concat(edfHeader([one], good), int16(1, 2));
    ok(new EdfSource(memory(whole)));
    for (let length = 0; length < whole.length; length += 13)
      throws("cardiac/malformed", () => new EdfSource(memory(whole.slice(0, length))));
  });

  it("is known by how it begins; what is neither is the project's record", () => {
    const edf = concat(edfHeader([one], good), int16(1, 2));
    ok(openRecord("a.rec", () => memory(edf)) instanceof EdfSource);
    const record = readBytes("sim/hearts/mitbih-208-mlii-360hz.u16le");
    ok(openRecord("a.edf", () => memory(record)) instanceof RecordedSource);
    throws("cardiac/malformed", () => openRecord("a", () => memory(new Uint8Array(0))));
  });
});
