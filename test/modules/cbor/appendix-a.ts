/** RFC 8949 Appendix A: its 81 examples, in its order. A value, or why our profile refuses the bytes. */
import { fromHex } from "../../../modules/bytes/index.js";
import { type CborValue, Tag } from "../../../modules/cbor/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";

const b = fromHex;
const map = (...entries: [CborValue, CborValue][]): CborValue => new Map(entries);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const INTEGERS: [string, CborValue][] = [
  ["00", 0],
  ["01", 1],
  ["0a", 10],
  ["17", 23],
  ["1818", 24],
  ["1819", 25],
  ["1864", 100],
  ["1903e8", 1000],
  ["1a000f4240", 1000000],
  ["1b000000e8d4a51000", 1000000000000],
  ["1bffffffffffffffff", BigInt("18446744073709551615")],
  ["c249010000000000000000", new Tag(b("010000000000000000"), 2)],
  ["c349010000000000000000", new Tag(b("010000000000000000"), 3)],
  ["20", -1],
  ["29", -10],
  ["3863", -100],
  ["3903e7", -1000],
];

/** -2^64: read, but not written. */
export const LOWEST: [string, bigint] = ["3bffffffffffffffff", BigInt("-18446744073709551616")];

/** Read where floats are allowed. */
export const FLOATS: [string, number][] = [
  ["f90000", 0],
  ["f98000", -0],
  ["f93c00", 1],
  ["fb3ff199999999999a", 1.1],
  ["f93e00", 1.5],
  ["f97bff", 65504],
  ["fa47c35000", 100000],
  ["fa7f7fffff", 3.4028234663852886e38],
  ["fb7e37e43c8800759c", 1e300],
  ["f90001", 2 ** -24],
  ["f90400", 0.00006103515625],
  ["f9c400", -4],
  ["fbc010666666666666", -4.1],
  ["f97c00", Number.POSITIVE_INFINITY],
  ["f97e00", Number.NaN],
  ["f9fc00", Number.NEGATIVE_INFINITY],
];

/** Not in their shortest form. */
export const LONG_FLOATS: [string, number][] = [
  ["fa7f800000", Number.POSITIVE_INFINITY],
  ["fa7fc00000", Number.NaN],
  ["faff800000", Number.NEGATIVE_INFINITY],
  ["fb7ff0000000000000", Number.POSITIVE_INFINITY],
  ["fb7ff8000000000000", Number.NaN],
  ["fbfff0000000000000", Number.NEGATIVE_INFINITY],
];

export const OTHERS: [string, CborValue][] = [
  ["f4", false],
  ["f5", true],
  ["f6", null],
  ["f7", undefined],
  ["c074323031332d30332d32315432303a30343a30305a", new Tag("2013-03-21T20:04:00Z", 0)],
  ["c11a514b67b0", new Tag(1363896240, 1)],
  ["d74401020304", new Tag(b("01020304"), 23)],
  ["d818456449455446", new Tag(b("6449455446"), 24)],
  ["d82076687474703a2f2f7777772e6578616d706c652e636f6d", new Tag("http://www.example.com", 32)],
  ["40", b("")],
  ["4401020304", b("01020304")],
  ["60", ""],
  ["6161", "a"],
  ["6449455446", "IETF"],
  ["62225c", '"\\'],
  ["62c3bc", "\u00fc"],
  ["63e6b0b4", "\u6c34"],
  ["64f0908591", "\ud800\udd51"],
  ["80", []],
  ["83010203", [1, 2, 3]],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  ["98190102030405060708090a0b0c0d0e0f101112131415161718181819", range(1, 25)],
  ["a0", map()],
  ["a201020304", map([1, 2], [3, 4])],
  ["a26161016162820203", map(["a", 1], ["b", [2, 3]])],
  ["826161a161626163", ["a", map(["b", "c"])]],
  [
    "a56161614161626142616361436164614461656145",
    map(["a", "A"], ["b", "B"], ["c", "C"], ["d", "D"], ["e", "E"]),
  ],
];

/** What the profile refuses altogether. */
export const REFUSED: [string, ErrorCode][] = [
  ["f0", "cbor/reserved"],
  ["f8ff", "cbor/reserved"],
  ["5f42010243030405ff", "cbor/indefinite"],
  ["7f657374726561646d696e67ff", "cbor/indefinite"],
  ["9fff", "cbor/indefinite"],
  ["9f018202039f0405ffff", "cbor/indefinite"],
  ["9f01820203820405ff", "cbor/indefinite"],
  ["83018202039f0405ff", "cbor/indefinite"],
  ["83019f0203ff820405", "cbor/indefinite"],
  ["9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", "cbor/indefinite"],
  ["bf61610161629f0203ffff", "cbor/indefinite"],
  ["826161bf61626163ff", "cbor/indefinite"],
  ["bf6346756ef563416d7421ff", "cbor/indefinite"],
];

/** A float inside a tag. */
export const FLOAT_IN_TAG = "c1fb41d452d9ec200000";
