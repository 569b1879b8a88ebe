import { readBytes } from "engine";
import {
  type EcgFormat,
  PacedSensor,
  RecordedSource,
  type SampleSource,
} from "../../../modules/cardiac/index.js";
import { deep, same, throws } from "../../support/assert.js";

/** Ten samples a second, whose values are their indices; two channels, the second negative. */
class Counting implements SampleSource {
  readonly format: EcgFormat = { rateHz: 10, channels: ["a", "b"], nanovoltsPerStep: 1 };
  readonly length: number;
  constructor(length: number) {
    this.length = length;
  }
  read(first: number, count: number): Int16Array[] {
    const a = Int16Array.from({ length: count }, (_, i) => first + i);
    return [a, a.map((value) => -value)];
  }
}

describe("cardiac/sensor: pace", () => {
  it("a block is due when its last sample's time has come", () => {
    let now = 5000;
    const sensor = new PacedSensor(new Counting(Infinity), { clock: () => now });
    sensor.configure({ blockSamples: 4 });
    const due: (readonly [number, number, boolean])[] = [];
    for (const at of [5000, 5399, 5400]) {
      now = at;
      due.push([at, sensor.dueInMs(), sensor.sample() !== undefined]);
    }
    deep(due, [
      [5000, 400, false],
      [5399, 1, false],
      [5400, 0, true],
    ]);
    same(sensor.dueInMs(), 400);
  });

  it("a late reader gets every block, late", () => {
    let now = 0;
    const sensor = new PacedSensor(new Counting(Infinity), { clock: () => now });
    sensor.configure({ blockSamples: 5 });
    now = 2100;
    const firsts = [];
    for (let block = sensor.sample(); block !== undefined; block = sensor.sample())
      firsts.push(block.firstSample);
    deep(firsts, [0, 5, 10, 15]);
    same(sensor.dueInMs(), 400);
  });

  it("a new block length changes no sample", () => {
    const sensor = new PacedSensor(new Counting(Infinity), { clock: () => 0, paced: false });
    sensor.configure({ blockSamples: 3 });
    const first = sensor.sample()!;
    sensor.configure({ blockSamples: 2 });
    const second = sensor.sample()!;
    deep(
      [first, second].map((block) => [block.firstSample, ...block.channels]),
      [
        [0, Int16Array.of(0, 1, 2), Int16Array.of(0, -1, -2)],
        [3, Int16Array.of(3, 4), Int16Array.of(-3, -4)],
      ],
    );
  });

  it("at its end the source repeats, and the index rises", () => {
    const sensor = new PacedSensor(new Counting(5), { clock: () => 0, paced: false });
    sensor.configure({ blockSamples: 12 });
    deep(sensor.sample()!.channels[0], Int16Array.of(0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1));
    const block = sensor.sample()!;
    deep(
      [block.firstSample, block.channels[1]],
      [12, Int16Array.of(-2, -3, -4, 0, -1, -2, -3, -4, 0, -1, -2, -3)],
    );
  });

  it("closed, nothing is due", () => {
    const sensor = new PacedSensor(new Counting(5), { clock: () => 0, paced: false });
    sensor.close();
    deep([sensor.dueInMs(), sensor.sample()], [Infinity, undefined]);
  });

  for (const blockSamples of [0, -1, 1.5, 4097, Number.NaN])
    it(`refuses ${blockSamples} samples a block and keeps the length it had`, () => {
      const sensor = new PacedSensor(new Counting(20), { clock: () => 0, paced: false });
      throws("cardiac/parameter", () => sensor.configure({ blockSamples }));
      same(sensor.sample()!.channels[0]!.length, 10);
    });
});

describe("cardiac/recorded", () => {
  const memory = (bytes: Uint8Array) => ({
    length: bytes.length,
    read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
  });

  it("values are little-endian around 1,024", () => {
    const source = new RecordedSource(memory(Uint8Array.of(0x00, 0x04, 0xff, 0x03, 0x00, 0x00, 0xff, 0x07)));
    deep(source.read(0, 4), [Int16Array.of(0, -1, -1024, 1023)]);
    deep(source.read(3, 1), [Int16Array.of(1023)]);
  });

  it("MIT-BIH 208: five minutes at 360 Hz, -3.485 to 3.65 mV", () => {
    const source = new RecordedSource(memory(readBytes("sim/hearts/mitbih-208-mlii-360hz.u16le")));
    same(source.length, 5 * 60 * 360);
    deep(source.format, { rateHz: 360, channels: ["MLII"], nanovoltsPerStep: 5000 });
    let [least, most] = [0, 0];
    for (let first = 0; first < source.length; first += 3600)
      for (const value of source.read(first, 3600)[0]!) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    deep([least, most], [-697, 730]);
  });

  it("refuses half a sample, nothing, and what lies beyond the end", () => {
    for (const length of [0, 1, 3])
      throws("cardiac/malformed", () => new RecordedSource(memory(new Uint8Array(length))));
    const source = new RecordedSource(memory(new Uint8Array(8)));
    for (const [first, count] of [
      [0, 5],
      [4, 1],
      [-1, 1],
    ] as const)
      throws("cardiac/parameter", () => source.read(first, count));
  });
});
