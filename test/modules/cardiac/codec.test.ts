import { readBytes } from "engine";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { Random } from "../../../modules/cardiac/exact.js";
import { decodeBlock, encodeBlock, RecordedSource } from "../../../modules/cardiac/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { fnv1a, noise, SHAPES } from "./shapes.js";

const RECORD = "sim/hearts/mitbih-208-mlii-360hz.u16le";

/** Blocks written out by hand from the drawing in codec/format.ts. */
const DRAWN: readonly (readonly [string, number[], string])[] = [
  // count 2 | packed | predictor 1 | first 1 | step -5 | padding
  ["three ones", [1, 1, 1], "0021 20002004"],
  // count 3 | packed | predictor 1 | first 10 | step -4, k = 0 | u = 4, 1, 0
  ["a wave", [10, 12, 11, 11], "0031 20014010b0"],
  // count 0 | plain
  ["one sample", [-2], "0000 fffe"],
];

describe("cardiac/codec: the format", () => {
  for (const [name, samples, hex] of DRAWN)
    it(`${name} as drawn`, () => {
      const bytes = fromHex(hex.replace(" ", ""));
      same(toHex(encodeBlock([Int16Array.from(samples)])), toHex(bytes));
      deep(decodeBlock(bytes, 1), [Int16Array.from(samples)]);
    });

  for (const [name, channels, length, digest] of SHAPES)
    it(`${name}: comes back, ${length} bytes, the same on every engine`, () => {
      const block = encodeBlock(channels);
      deep(decodeBlock(block, channels.length), channels);
      same(block.length, length);
      same(fnv1a(block), digest);
      ok(length <= 4 + 2 * channels.length * channels[0]!.length, "never more than raw and 4 bytes");
    });
});

describe("cardiac/codec: a real heart", () => {
  const record = () => {
    const bytes = readBytes(RECORD);
    return new RecordedSource({
      length: bytes.length,
      read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
    });
  };
  // Measured: 4.541, 4.489; what leaves the loop is the mean with all overhead of the blocks.
  for (const [blockSamples, most] of [
    [360, 4.56],
    [720, 4.51],
  ] as const)
    it(`MIT-BIH 208 in blocks of ${blockSamples}: at most ${most} bits a sample, of 16`, () => {
      const source = record();
      let bytes = 0;
      for (let first = 0; first < source.length; first += blockSamples) {
        const samples = source.read(first, blockSamples);
        const block = encodeBlock(samples);
        bytes += block.length;
        if (first % 7200 === 0) deep(decodeBlock(block, 1), samples);
      }
      const bits = (8 * bytes) / source.length;
      ok(bits <= most && bits > 3, `${bits} bits a sample`);
    });
});

describe("cardiac/codec: refusals", () => {
  const parameters: readonly (readonly [string, Int16Array[]])[] = [
    ["no channel", []],
    ["nine channels", Array.from({ length: 9 }, () => new Int16Array(1))],
    ["no sample", [new Int16Array(0)]],
    ["4,097 samples", [new Int16Array(4097)]],
    ["channels of different lengths", [new Int16Array(2), new Int16Array(3)]],
  ];
  for (const [name, channels] of parameters)
    it(`encode: ${name}`, () => throws("cardiac/parameter", () => encodeBlock(channels)));

  const malformed: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["half a header", "00"],
    ["a header alone", "0021"],
    ["form 2", "002220002004"],
    ["predictor 7", "0021e0002004"],
    ["a byte too few", "0031200140 10"],
    ["a byte too many", "002120002004 00"],
    ["padding that is not zero", "002120002005"],
    ["plain, a byte too many", "0000fffe00"],
    ["plain, a byte too few", "0000ff"],
    ["4,096 samples in 8 bytes", "fff1200000000000"],
    ["level -1", "002120002001 00"],
    ["level 14", "002120002000 0800"],
    ["a group of zeros not at level 0", "0021200020 1c"],
    ["an escape where there is a shorter code", "0011 200020 08 000000 000100"],
  ];
  for (const [name, hex] of malformed)
    it(`decode: ${name}`, () =>
      throws("cardiac/malformed", () => decodeBlock(fromHex(hex.replace(/ /g, "")), 1)));

  for (const count of [0, 9, 1.5, Number.NaN])
    it(`decode: ${count} channels`, () =>
      throws("cardiac/parameter", () => decodeBlock(fromHex("0000fffe"), count)));

  it("any bytes give samples that come back, or cardiac/malformed", () => {
    const random = new Random(208);
    const seeds = SHAPES.filter(([, , length]) => length < 300).map(([, channels]) => encodeBlock(channels));
    const counts = SHAPES.filter(([, , length]) => length < 300).map(([, channels]) => channels.length);
    const tally = { decoded: 0, refused: 0 };
    for (let round = 0; round < 1500; round++) {
      const pick = (random.next() >>> 8) % seeds.length;
      const bytes = seeds[pick]!.slice();
      for (let flips = (random.next() >>> 8) % 4; flips >= 0; flips--)
        bytes[(random.next() >>> 8) % bytes.length]! ^= 1 << ((random.next() >>> 8) % 8);
      const cut = round % 3 === 0 ? (random.next() >>> 8) % bytes.length : bytes.length;
      try {
        const channels = decodeBlock(bytes.subarray(0, cut), counts[pick]!);
        same(channels.length, counts[pick]!);
        deep(decodeBlock(encodeBlock(channels), channels.length), channels);
        tally.decoded++;
      } catch (error) {
        if (!(error instanceof VagusError) || error.code !== "cardiac/malformed") throw error;
        tally.refused++;
      }
    }
    ok(tally.decoded > 100 && tally.refused > 100, `both happen: ${tally.decoded}, ${tally.refused}`);
  });

  it("noise as a block never crashes", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const bytes = new Uint8Array(noise(seed, 200, 16).buffer);
      bytes[1] = (bytes[1]! & 0xf0) | (seed & 1);
      try {
        decodeBlock(bytes, 1 + (seed % 8));
      } catch (error) {
        if (!(error instanceof VagusError) || error.code !== "cardiac/malformed") throw error;
      }
    }
  });
});
