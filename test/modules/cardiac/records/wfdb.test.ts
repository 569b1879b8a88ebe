import { PacedSensor } from "../../../../modules/cardiac/index.js";
import { openRecord, parseWfdbHeader, WfdbSource } from "../../../../modules/cardiac/records/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";
import { int16, latin, memory } from "./files.js";

const record = (header: string, files: Record<string, Uint8Array>) =>
  new WfdbSource(memory(latin(header)), (name) => memory(files[name] ?? new Uint8Array(0)));

describe("cardiac/records: WFDB headers (header(5))", () => {
  it("a signal line in full: file, format, gain(baseline)/unit, bits, zero, first, checksum, block, name", () => {
    const header = parseWfdbHeader(
      "# a comment\n100 2 360 650000 0:0:0 0/0/0\n100.dat 212 200 11 1024 995 -22131 0 MLII\n100.dat 212 200 11 1024 1011 20052 0 V5\n# 69 M\n",
    );
    deep(header.signals[0], {
      ...{ file: "100.dat", format: 212, offset: 0, nanovoltsPerStep: 5000, zero: 1024 },
      ...{ checksum: -22131, name: "MLII" },
    });
    deep([header.rateHz, header.length, header.signals.length], [360, 650000, 2]);
  });

  for (const [text, nanovoltsPerStep, zero] of [
    ["a.dat 16", 5000, 0],
    ["a.dat 16 0", 5000, 0],
    ["a.dat 16 1000 16 0", 1000, 0],
    ["a.dat 16 200(-3)/mV 16 7", 5000, -3],
    ["a.dat 16+24 0.5(12)/uV", 2000, 12],
    ["a.dat 16 1e3/V", 1e6, 0],
  ] as const)
    it(`${text}: ${nanovoltsPerStep} nV a step, ${zero} is 0 V`, () => {
      const [signal] = parseWfdbHeader(`r 1 250/250(0) 1\n${text}`).signals;
      deep([signal!.nanovoltsPerStep, signal!.zero], [nanovoltsPerStep, zero]);
    });

  for (const [what, text] of [
    ["nothing", ""],
    ["comments alone", "# 1\n#2\n"],
    ["several segments", "r/3 1 250 1\na.dat 16"],
    ["a name with a path in it", "../r 1 250 1\na.dat 16"],
    ["no signals", "r 0 250 1"],
    ["more signals than a stream has", `r 9 250 1\n${"a.dat 16\n".repeat(9)}`],
    ["fewer signals than it says", "r 2 250 1\na.dat 16"],
    ["signals that are no number", "r x 250 1\na.dat 16"],
    ["a hexadecimal number", "r 0x1 250 1\na.dat 16"],
    ["a rate of 0", "r 1 0 1\na.dat 16"],
    ["a rate beyond a stream's", "r 1 5000 1\na.dat 16"],
    ["a rate that is not whole", "r 1 128.5 1\na.dat 16"],
    ["an endless rate", "r 1 Infinity 1\na.dat 16"],
    ["a length below 0", "r 1 250 -1\na.dat 16"],
    ["a file elsewhere", "r 1 250 1\n/etc/passwd 16"],
    ["a file above", "r 1 250 1\n../a.dat 16"],
    ["a hidden file", "r 1 250 1\n.. 16"],
    ["standard input", "r 1 250 1\n~ 16"],
    ["no format", "r 1 250 1\na.dat"],
    ["another format", "r 1 250 1\na.dat 8"],
    ["a format of many bits", "r 1 250 1\na.dat 24"],
    ["several samples a frame", "r 1 250 1\na.dat 16x4"],
    ["skewed signals", "r 1 250 1\na.dat 16:3"],
    ["what is no voltage", "r 1 250 1\na.dat 16 10/mmHg"],
    ["a unit from a prototype", "r 1 250 1\na.dat 16 10/constructor"],
    ["a gain below 0", "r 1 250 1\na.dat 16 -200"],
    ["a gain that is no number", "r 1 250 1\na.dat 16 NaN"],
    ["a baseline that is no number", "r 1 250 1\na.dat 16 200(x)/mV"],
    ["a checksum that is no number", "r 1 250 1\na.dat 16 200 16 0 0 x"],
  ] as const)
    it(`refuses ${what}`, () => {
      throws("cardiac/malformed", () => parseWfdbHeader(text));
    });

  it("what a stranger wrote is said without what a terminal would obey", () => {
    try {
      parseWfdbHeader("\x1b[2Jr 1 250 1");
    } catch (error) {
      ok(!(error as Error).message.includes("\x1b"));
    }
  });
});

describe("cardiac/records: WFDB samples (signal(5))", () => {
  it("format 212: the first of MIT-BIH 100, 995 and 1011 around 1024", () => {
    const source = record("100 2 360 2\n100.dat 212 200 11 1024\n100.dat 212 200 11 1024", {
      "100.dat": Uint8Array.of(0xe3, 0x33, 0xf3, 0xe3, 0x33, 0xf3),
    });
    deep(source.format, { rateHz: 360, channels: ["ECG1", "ECG2"], nanovoltsPerStep: 5000 });
    deep(source.read(0, 2), [Int16Array.of(-29, -29), Int16Array.of(-13, -13)]);
  });

  for (const [format, bytes, values] of [
    [61, [0x80, 0x01, 0xff, 0xfe, 0x00, 0x00, 0x7f, 0xff, 0x80, 0x00], [-32767, -2, 0, 32767, 0]],
    [80, [0x01, 0x7e, 0x80, 0xff, 0x00], [-127, -2, 0, 127, 0]],
    [160, [0x01, 0x00, 0xfe, 0x7f, 0x00, 0x80, 0xff, 0xff, 0x00, 0x00], [-32767, -2, 0, 32767, 0]],
  ] as const)
    it(`format ${format}: the least and the greatest, what is around 0, and none`, () => {
      const source = record(`r 1 250\nr.dat ${format} 1000`, { "r.dat": Uint8Array.from(bytes) });
      same(source.length, 5);
      deep([...source.read(0, 5)[0]!], values);
      deep([...source.read(1, 2)[0]!], values.slice(1, 3));
    });

  it("format 212: every value of 12 bits in both places, from any sample on; -2048 is none", () => {
    const values = Array.from({ length: 4095 }, (_, i) => i - 2048);
    const bytes: number[] = [];
    for (let i = 0; i < values.length; i += 2) {
      const [a, b] = [values[i]! & 0xfff, (values[i + 1] ?? 0) & 0xfff];
      bytes.push(a & 0xff, (a >> 8) | ((b >> 8) << 4), b & 0xff);
    }
    bytes.pop(); // an odd number of samples ends with two bytes
    const source = record("r 1 250\nr.dat 212", { "r.dat": Uint8Array.from(bytes) });
    same(source.length, 4095);
    const expected = Int16Array.from(values, (value) => (value === -2048 ? 0 : value));
    deep(source.read(0, 4095), [expected]);
    for (const first of [0, 1, 2, 3, 4093])
      for (const count of [0, 1, 2]) deep(source.read(first, count), [expected.slice(first, first + count)]);
  });

  it("format 16, two signals interleaved behind 4 bytes, -32768 is none", () => {
    const source = record("r 2 500 3\nr.dat 16+4 1000(5) 16\nr.dat 16+4 1000(5) 16", {
      "r.dat": Uint8Array.from([9, 9, 9, 9, ...int16(5, 6, -32768, 7, 1, -300)]),
    });
    deep(source.format.nanovoltsPerStep, 1000);
    deep(source.read(0, 3), [Int16Array.of(0, 0, -4), Int16Array.of(1, 2, -305)]);
    deep(source.read(1, 1), [Int16Array.of(0), Int16Array.of(2)]);
  });

  it("signals in files of their own, of other gains: to the finest step, to half a step", () => {
    const source = record("r 2 250 2\na.dat 16 1000\nb.dat 212 200 12 0", {
      "a.dat": int16(7, -8),
      "b.dat": Uint8Array.of(3, 0xf0, 0xff),
    });
    same(source.format.nanovoltsPerStep, 1000);
    deep(source.read(0, 2), [Int16Array.of(7, -8), Int16Array.of(15, -5)]);
  });

  it("a gain that is no whole number of nanovolts: within half a step", () => {
    const source = record("r 1 250\nr.dat 212 204.8(0)/mV", { "r.dat": Uint8Array.of(0xff, 0xf7, 0xff) });
    const { nanovoltsPerStep } = source.format;
    const [samples] = source.read(0, 2);
    for (const [index, value] of [2047, -1].entries())
      ok(
        Math.abs(samples![index]! * nanovoltsPerStep - (value * 1e6) / 204.8) <= nanovoltsPerStep / 2 + 1e-6,
      );
  });

  for (const [what, header, bytes] of [
    ["a file that is shorter than it says", "r 1 250 3\nr.dat 16", int16(1, 2)],
    ["an empty file", "r 1 250\nr.dat 16", new Uint8Array(0)],
    ["an offset behind the end", "r 1 250\nr.dat 16+100", int16(1, 2)],
    ["two formats in one file", "r 2 250 1\nr.dat 16\nr.dat 212", int16(1, 2, 3, 4)],
    ["a step that no stream has", "r 1 250 1\nr.dat 16 0.0001", int16(1)],
  ] as const)
    it(`refuses ${what}`, () => {
      throws("cardiac/malformed", () => record(header, { "r.dat": bytes }));
    });

  it("refuses samples beyond the end", () => {
    const source = record("r 1 250\nr.dat 16", { "r.dat": int16(1, 2) });
    for (const [first, count] of [
      [0, 3],
      [-1, 1],
      [0.5, 1],
    ] as const)
      throws("cardiac/parameter", () => source.read(first, count));
  });

  it("opened by its name, through the sensor, it begins again at its end", () => {
    const files: Record<string, Uint8Array> = {
      "hearts/r.hea": latin("r 1 250 3\nr.dat 16 1000 16 0 0 0 0 II\n"),
      "hearts/r.dat": int16(1, 2, 3),
    };
    const source = openRecord("hearts/r.hea", (path) => memory(files[path]!));
    const sensor = new PacedSensor(source, { clock: () => 0, paced: false });
    sensor.configure({ blockSamples: 5 });
    deep(sensor.sample()!.channels, [Int16Array.of(1, 2, 3, 1, 2)]);
    deep(sensor.format, { rateHz: 250, channels: ["II"], nanovoltsPerStep: 1000 });
  });
});
