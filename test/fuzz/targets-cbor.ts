/** CBOR and what is built of it without cryptography. */

import { decodeInput } from "../../host/inspect/input.js";
import { inspect, inspectSequence } from "../../host/inspect/inspect.js";
import { fromCbor } from "../../host/inspect/key-input.js";
import {
  type CborValue,
  check,
  decode,
  decodeSequence,
  encode,
  encodeSequence,
  encodeSequence as sequence,
  Tag,
} from "../../modules/cbor/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { formatScope, parseScope } from "../../modules/cwt/index.js";
import { decodeIdCred, readIdCred } from "../../modules/edhoc/credentials.js";
import { readEad } from "../../modules/edhoc/ead.js";
import { encodeError, readError } from "../../modules/edhoc/index.js";
import { splitItems } from "../../modules/edhoc/items.js";
import { VagusError } from "../../modules/error/index.js";
import {
  decodeHead,
  decodeHeader,
  decodeReading,
  encodeHead,
  encodeHeader,
  encodeReading,
} from "../../modules/reading/claims.js";
import { decodeBoot, decodeGap, decodeTip } from "../../modules/reading/declarations.js";
import { decodeDeviceState, encodeDeviceState } from "../../modules/reading/state.js";
import { decodeCommand, decodeReply, encodeCommand, encodeReply } from "../../modules/session/control.js";
import type { Target } from "./fuzzer.js";
import { must, mustEqual } from "./must.js";

const crypto = createPortableCrypto();
const text = (value: string) => new TextEncoder().encode(value);

/** What an action throws, or undefined. */
function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof VagusError) return error.message;
    throw error;
  }
}

/** What a value is made of, to some depth: a word for its shape. */
function shape(value: CborValue, depth = 3): string {
  if (value instanceof Uint8Array) return value.length === 0 ? "e" : "b";
  if (Array.isArray(value))
    return `[${
      depth > 0
        ? value
            .slice(0, 3)
            .map((item) => shape(item, depth - 1))
            .join("")
        : ""
    }]`;
  if (value instanceof Map) return `{${depth > 0 ? shape([...value].slice(0, 2).flat(), depth - 1) : ""}}`;
  if (value instanceof Tag) return `t${depth > 0 ? shape(value.value, depth - 1) : ""}`;
  return value === null ? "l" : (typeof value)[0];
}

/** The bytes of values again; -2^64, which cbor-x would write as a bignum, is refused by `encode`. */
function mustReadBack(write: () => Uint8Array, bytes: Uint8Array): void {
  let written: Uint8Array;
  try {
    written = write();
  } catch (error) {
    if (error instanceof VagusError && error.code === "cbor/too-large") return;
    throw error;
  }
  mustEqual(written, bytes, "read back");
}

export const ITEMS: readonly Uint8Array[] = [
  encode([1, -1, 255, 65_536, 2 ** 40, -(2 ** 40), BigInt("18446744073709551615")]),
  encode(
    new Map<CborValue, CborValue>([
      [1, "a"],
      [-1, new Uint8Array(3)],
      ["key", [null, true, false, undefined]],
      [[1], new Map()],
    ]),
  ),
  encode(new Tag(new Tag([new Tag("x", 100)], 18), 61)),
  encode("ünï¢ødé 𝄞"),
  Uint8Array.of(0x9f, 0x01, 0xff),
  Uint8Array.of(0xa2, 0x02, 0x01, 0x01, 0x18, 0x01),
  Uint8Array.of(0x82, 0xf9, 0x3e, 0x00, 0xfa, 0x47, 0xc3, 0x50, 0x00),
];

export const cborTargets: readonly Target[] = [
  {
    name: "cbor.decode",
    seeds: ITEMS,
    weight: 1,
    run(input) {
      const checked = refusal(() => check(input));
      const refused = refusal(() => decode(input));
      must(checked === refused, `check: ${checked}, decode: ${refused}`);
      const value = decode(input);
      mustReadBack(() => encode(value), input);
      return shape(value);
    },
  },
  {
    name: "cbor.decode of others' encodings",
    seeds: ITEMS,
    weight: 1,
    run(input) {
      const options = { deterministic: false, floats: true };
      const strict = refusal(() => check(input, { floats: true }));
      const refused = refusal(() => decode(input, options));
      must(strict !== undefined || refused === undefined, `strict reads what lenient refuses: ${refused}`);
      return shape(decode(input, options));
    },
  },
  {
    name: "cbor.decodeSequence",
    seeds: [encodeSequence(1, "two", [3]), ...ITEMS],
    weight: 1,
    run(input) {
      const values = decodeSequence(input);
      mustReadBack(() => encodeSequence(...values), input);
      return shape(values);
    },
  },
  {
    name: "cwt.parseScope",
    seeds: [text("ecg:read pacing:read"), text("a  b"), text("delegate delegate")],
    weight: 1,
    run(input) {
      const words = Buffer.from(input).toString("latin1");
      must(formatScope(parseScope(words)) === words, "another scope");
      return "scope";
    },
  },
  {
    name: "session: commands and replies",
    seeds: [
      encodeCommand(1, "start", [1, 1000, 0]),
      encodeReply({ id: 1, code: 0, result: null }),
      encodeReply({ id: 2, code: 1100, result: "refused" }),
    ],
    weight: 1,
    run(input) {
      const reply = refusal(() => mustReadBack(() => encodeReply(decodeReply(input)), input));
      const { id, name, parameters } = decodeCommand(input);
      if (name !== undefined) mustReadBack(() => encodeCommand(id, name, parameters), input);
      return `${name} ${reply}`;
    },
  },
  {
    name: "reading: claims",
    seeds: [
      encode(
        encodeHeader({
          rateHz: 360,
          nanovoltsPerStep: 5000,
          channels: ["MLII"],
          firstSample: 0,
          uncertainty: 2,
        }),
      ),
      encode(
        encodeReading({
          firstSample: 9,
          prev: new Uint8Array(16),
          block: new Uint8Array(3),
          uncertainty: null,
        }),
      ),
      encode(encodeHead({ nextSample: 9, prev: new Uint8Array(16), uncertainty: 0 })),
    ],
    weight: 1,
    run(input) {
      const value = decode(input);
      const ways = [
        () => encodeHeader(decodeHeader(value)),
        () => encodeReading(decodeReading(value)),
        () => encodeHead(decodeHead(value)),
      ];
      const refused = ways.map((way) => refusal(() => mustReadBack(() => encode(way()), input)));
      if (refused.every((message) => message !== undefined)) decodeReading(value);
      return "claims";
    },
  },
  {
    name: "reading: declarations",
    seeds: [
      encode([1, true, [3, 40, new Uint8Array(16)], 2]),
      encode([3, false, null, null]),
      encode([1, [2, 900], [899, new Uint8Array(16)], 0]),
      encode([2, [1, 5], [2, 9], new Uint8Array(16), [360, 5000, ["II"]], 1]),
    ],
    weight: 1,
    run(input) {
      const value = decode(input);
      const ways = { tip: decodeTip, boot: decodeBoot, gap: decodeGap };
      const read = Object.entries(ways).flatMap(([name, way]) => {
        const refused = refusal(() => void way(value));
        return refused === undefined ? [name] : [];
      });
      if (read.length === 0) decodeTip(value);
      return read.join(", ");
    },
  },
  {
    name: "reading: the device's state",
    seeds: [
      encodeDeviceState(4000, {
        battery: { status: "BOL", leftPermille: 995 },
        leads: {
          atrium: { impedanceOhm: 520, signalUv: 2800 },
          ventricle: { impedanceOhm: 640, signalUv: 9500 },
        },
        journal: { usedBytes: 7, capacityBytes: 900 },
        ...{ boot: 2, epoch: 1 },
      }),
      encodeDeviceState(1, {
        ...{ battery: undefined, leads: undefined, boot: 0, epoch: 0 },
        journal: { usedBytes: 0, capacityBytes: 0 },
      }),
    ],
    weight: 1,
    run(input) {
      const { spanMs, state } = decodeDeviceState(input);
      mustEqual(encodeDeviceState(spanMs, state), input, "another state");
      return `${state.battery?.status ?? "none"}`;
    },
  },
  {
    name: "edhoc: items, identifiers, EAD, errors",
    seeds: [
      sequence(0, 2, new Uint8Array(32), -14),
      sequence([5, 2], new Map([[4, Uint8Array.of(1, 2)]]), 1, new Uint8Array(4), -2),
      encodeError(new VagusError("edhoc/suite", ""), [2, 3]),
      encode(new Map([[13, [new Uint8Array(0), new Map(), new Uint8Array(1), new Uint8Array(1)]]])),
    ],
    weight: 1,
    run(input) {
      const items = splitItems(input);
      mustEqual(Uint8Array.from(items.flatMap((item) => [...item])), input, "the items together");
      const words = [
        refusal(() => readError(input)),
        refusal(() => readEad(items, [1])),
        refusal(() => decodeIdCred(items[0])),
        items[0] === undefined ? "none" : refusal(() => readIdCred(items[0])),
      ];
      return words.map((word) => word ?? "read").join();
    },
  },
  {
    name: "inspect",
    seeds: ITEMS,
    weight: 10,
    run(input) {
      const options = { crypto, keys: [], samples: true };
      const report = inspect(input, options);
      const strict = refusal(() => check(input, { floats: true }));
      must(
        strict !== undefined || (report.wellFormed && report.valid) || report.problems[0].at > 0,
        "strict reads more",
      );
      must(report.wellFormed || report.problems.length > 0, "malformed without a problem");
      for (const { at } of report.problems)
        must(at >= 0 && at <= input.length, `byte ${at} of ${input.length}`);
      for (const part of inspectSequence(input, options)) must(part.length >= 0, "a length below zero");
      return report.problems
        .map(({ code }) => code)
        .slice(0, 3)
        .join();
    },
  },
  {
    name: "inspect: input and keys",
    seeds: [text("a10102"), text("oQEC"), text('{"kty":"oct","k":"AAAA"}'), ...ITEMS],
    weight: 2,
    run(input) {
      const { bytes, format } = decodeInput(input);
      return `${format} ${fromCbor(crypto, bytes).kind}`;
    },
  },
];
