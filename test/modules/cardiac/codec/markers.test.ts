import { fromHex, toHex } from "../../../../modules/bytes/index.js";
import {
  decodeMarkers,
  encodeMarkers,
  type InForce,
  MAX_IN_FORCE,
  MAX_MARKERS,
  MAX_SPAN_MS,
  type MarkerBlock,
} from "../../../../modules/cardiac/codec/index.js";
import { Random } from "../../../../modules/cardiac/exact.js";
import { type Marker, NOMINAL, parametersToNumbers } from "../../../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../../../modules/error/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";
import { marked } from "./marking.js";

const marker = (name: Marker["name"], atMs: number, refractory = false): Marker => ({
  type: "marker",
  name,
  refractory,
  atMs,
});
const NOMINALLY: InForce = { atMs: 0, parameters: NOMINAL, temporary: false, paceNow: false, magnet: false };

/** Blocks written out by hand from the drawing in codec/markers.ts; all begin at 5,000 ms. */
const DRAWN: readonly (readonly [string, MarkerBlock, string])[] = [
  // 999 | end | padding
  ["a second without a beat", { endMs: 6000, markers: [], inForce: [] }, "03e7 e0"],
  // 999 | AP, 8 bits: 100, no | VP, 8 bits: 150, no | end | padding
  [
    "a beat that was paced in both chambers",
    { endMs: 6000, markers: [marker("AP", 5100), marker("VP", 5250)], inForce: [] },
    "03e7 2b2232ce",
  ],
  // 0 | VS, 5 bits: 0, in a refractory period | end
  ["one millisecond", { endMs: 5001, markers: [marker("VS", 5000, true)], inForce: [] }, "0000 603c"],
];

describe("cardiac/codec: markers", () => {
  for (const [name, block, hex] of DRAWN)
    it(`${name} as drawn`, () => {
      const bytes = fromHex(hex.replace(" ", ""));
      same(toHex(encodeMarkers(5000, block)), toHex(bytes));
      deep(decodeMarkers(bytes, 5000), block);
    });

  it("what is in force, as drawn: why, the mode, every value in 16 bits", () => {
    const inForce = [{ ...NOMINALLY, atMs: 5000, magnet: true }];
    const bytes = encodeMarkers(5000, { endMs: 6000, markers: [], inForce });
    // 999 | in force, 5 bits: 0 | no, no, yes | mode | 20 values | end
    const [mode, ...values] = parametersToNumbers(NOMINAL);
    const bits = [
      "0000001111100111",
      "110",
      "00",
      "00000",
      "001",
      mode!.toString(2).padStart(4, "0"),
      ...values.map((value) => (value & 0xffff).toString(2).padStart(16, "0")),
      "111",
    ].join("");
    const read = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    same(read, bits.padEnd(8 * Math.ceil(bits.length / 8), "0"));
    same(bytes.length, 45);
  });

  it("300 blocks by chance come back, and no other bytes hold the same", () => {
    for (let seed = 0; seed < 300; seed++) {
      const { firstMs, block } = marked(seed, 40);
      const bytes = encodeMarkers(firstMs, block);
      const read = decodeMarkers(bytes, firstMs);
      deep(read, block);
      ok(bytes.length <= 3 + 3 * block.markers.length + 44 * block.inForce.length, `${bytes.length} bytes`);
    }
  });

  it("a minute at 70 a minute, paced in both chambers: 4.5 bytes a second", () => {
    let length = 0;
    for (let second = 0; second < 60; second++) {
      const markers = [marker("AP", second * 1000 + 100), marker("VP", second * 1000 + 250)];
      length += encodeMarkers(second * 1000, { endMs: (second + 1) * 1000, markers, inForce: [] }).length;
    }
    ok(length / 60 <= 6, `${length / 60} bytes a second`);
  });
});

describe("cardiac/codec: markers, refusals", () => {
  const many = (count: number) => Array.from({ length: count }, () => marker("VS", 5000));
  const sets = (count: number) => Array.from({ length: count }, () => ({ ...NOMINALLY, atMs: 5000 }));
  const parameters: readonly (readonly [string, Partial<MarkerBlock>])[] = [
    ["no time at all", { endMs: 5000 }],
    ["more time than 16 bits", { endMs: 5001 + MAX_SPAN_MS }],
    ["half a millisecond", { markers: [marker("VS", 5000.5)] }],
    ["a marker before the block", { markers: [marker("VS", 4999)] }],
    ["a marker behind the block", { markers: [marker("VS", 6000)] }],
    ["markers out of order", { markers: [marker("VS", 5010), marker("VS", 5009)] }],
    ["too many markers", { markers: many(MAX_MARKERS + 1) }],
    ["too many sets", { inForce: sets(MAX_IN_FORCE + 1) }],
  ];
  for (const [name, block] of parameters)
    it(`encode: ${name}`, () =>
      throws("cardiac/parameter", () =>
        encodeMarkers(5000, { endMs: 6000, markers: [], inForce: [], ...block }),
      ));

  it("the most that there may be comes back", () => {
    const block = { endMs: 5000 + MAX_SPAN_MS, markers: many(MAX_MARKERS), inForce: sets(MAX_IN_FORCE) };
    const bytes = encodeMarkers(5000, block);
    deep(decodeMarkers(bytes, 5000), block);
    ok(bytes.length < 800, `${bytes.length}`);
  });

  const malformed: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["a span alone", "03e7"],
    ["no end", "03e72b2232"],
    ["something behind the end", "03e7e000"],
    ["a bit behind the end", "03e7e1"],
    ["a time behind the block", "00002b22ce"],
    ["8 bits for what 5 hold", "03e72a08ce"],
    ["16 bits for what 10 hold", "03e73802a3c0"],
    ["a mode that there is not", `03e7c01c${"0".repeat(82)}`],
  ];
  for (const [name, hex] of malformed)
    it(`decode: ${name}`, () => throws("cardiac/malformed", () => decodeMarkers(fromHex(hex), 5000)));

  it("what is in force behind a marker of its own millisecond", () => {
    const bits = [
      "0000001111100111",
      "0000000000",
      "0",
      "1100000000",
      "0000111",
      "0".repeat(320),
      "111",
    ].join("");
    const bytes = Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
      Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, "0"), 2),
    );
    throws("cardiac/malformed", () => decodeMarkers(bytes, 5000));
  });

  it("3,000 blocks spoilt by chance: refused with a code, or the one block for what they hold", () => {
    const random = new Random(5);
    let taken = 0;
    for (let n = 0; n < 3000; n++) {
      const { firstMs, block } = marked(n % 50, 12);
      const bytes = encodeMarkers(firstMs, block);
      const spoilt = random.between(0, 2) < 1 ? bytes : bytes.slice(0, random.between(0, bytes.length));
      const at = Math.floor(random.between(0, Math.max(1, spoilt.length)));
      if (spoilt.length > 0) spoilt[at]! ^= 1 << Math.floor(random.between(0, 8));
      try {
        const read = decodeMarkers(spoilt, firstMs);
        same(toHex(encodeMarkers(firstMs, read)), toHex(spoilt));
        taken++;
      } catch (error) {
        ok(error instanceof VagusError && error.code === "cardiac/malformed", String(error));
      }
    }
    ok(taken > 300, `${taken} taken`);
  });
});
