import { fromHex, toHex } from "../../../modules/bytes/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import {
  decodeCti,
  decodeHead,
  decodeHeader,
  decodeReading,
  encodeCti,
  encodeHead,
  encodeHeader,
  encodeReading,
} from "../../../modules/reading/index.js";
import { deep, same, throws } from "../../support/assert.js";

const PREV = new Uint8Array(16).fill(9);

describe("cti: boot count, stream, sequence", () => {
  const CASES: [number, number, number, string][] = [
    [0, 0, 0, "000000000000000000"],
    [1, 1, 0, "000000010100000000"],
    [258, 3, 0x01020304, "000001020301020304"],
    [0xffffffff, 255, 0xffffffff, "ffffffffffffffffff"],
  ];
  for (const [boot, stream, sequence, hex] of CASES) {
    it(`boot ${boot}, stream ${stream}, sequence ${sequence}`, () => {
      same(toHex(encodeCti({ boot, stream, sequence })), hex);
      deep(decodeCti(fromHex(hex)), { boot, stream, sequence });
    });
  }
});

describe("A stream header's claim", () => {
  const GOOD: CborValue[] = [360, 5000, ["MLII"], 0, 2];
  const at = (index: number, value: CborValue): CborValue => GOOD.map((it, i) => (i === index ? value : it));

  it("there and back", () => {
    for (const claim of [
      { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"], firstSample: 0, uncertainty: 2 },
      { rateHz: 1, nanovoltsPerStep: 1, channels: ["I", "II"], firstSample: 2 ** 40, uncertainty: null },
      {
        rateHz: 4096,
        nanovoltsPerStep: 1_000_000,
        channels: [..."abcdefgh"],
        firstSample: 1,
        uncertainty: 0,
      },
    ]) {
      deep(decodeHeader(encodeHeader(claim)), claim);
    }
  });

  const BAD: [string, CborValue][] = [
    ["no array", new Map()],
    ["four items", GOOD.slice(0, 4)],
    ["six items", [...GOOD, 0]],
    ["a rate of 0", at(0, 0)],
    ["a rate of 4097", at(0, 4097)],
    ["a rate that is text", at(0, "360")],
    ["a scale of 0", at(1, 0)],
    ["a scale above a millivolt a step", at(1, 1_000_001)],
    ["no channel", at(2, [])],
    ["nine channels", at(2, [..."abcdefghi"])],
    ["a channel that is no text", at(2, [1])],
    ["channels that are text", at(2, "MLII")],
    ["a first sample below 0", at(3, -1)],
    ["an uncertainty below 0", at(4, -1)],
    ["an uncertainty that is missing", at(4, undefined)],
  ];
  for (const [name, value] of BAD) it(name, () => throws("reading/malformed", () => decodeHeader(value)));
});

describe("A reading's and a head's claim", () => {
  it("there and back", () => {
    const reading = { firstSample: 5, prev: PREV, block: Uint8Array.of(1), uncertainty: null };
    deep(decodeReading(encodeReading(reading)), reading);
    const head = { nextSample: 5, prev: PREV, uncertainty: 7 };
    deep(decodeHead(encodeHead(head)), head);
  });

  const HEADS: [string, CborValue][] = [
    ["no array", 1],
    ["two items", [5, PREV]],
    ["a next sample below 0", [-5, PREV, 0]],
    ["a prev of 17 bytes", [5, new Uint8Array(17), 0]],
    ["no uncertainty", [5, PREV, undefined]],
  ];
  for (const [name, value] of HEADS)
    it(`head: ${name}`, () => throws("reading/malformed", () => decodeHead(value)));
});
