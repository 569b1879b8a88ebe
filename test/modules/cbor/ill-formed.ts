/** Bytes that are not CBOR, or not ours. Sources: RFC 8949 Appendix F.1 (all of it), section 4.2.1, RFC 3629. */
import type { ErrorCode } from "../../../modules/error/index.js";

/** RFC 8949 Appendix F.1, in its order. Our strict pass meets indefinite lengths first, so some have that code. */
export const APPENDIX_F: [string, string][] = [
  [
    "end of input in a head",
    "18 19 1a 1b 1901 1a0102 1b01020304050607 38 58 78 98 9a01ff00 b8 d8 f8 f900 fa0000 fb000000",
  ],
  [
    "definite-length strings with short data",
    "41 61 5affffffff00 5bffffffffffffffff010203 7affffffff00 7b7fffffffffffffff010203",
  ],
  [
    "definite-length maps and arrays not closed with enough items",
    "81 818181818181818181 8200 a1 a20102 a100 a2000000",
  ],
  ["tag number not followed by tag content", "c0"],
  ["indefinite-length strings not closed by a break", "5f4100 7f6100"],
  [
    "indefinite-length maps and arrays not closed by a break",
    "9f 9f0102 bf bf01020102 819f 9f8000 9f9f9f9f9fffffffff 9f819f819f9fffffff",
  ],
  [
    "reserved additional information values",
    "1c 1d 1e 3c 3d 3e 5c 5d 5e 7c 7d 7e 9c 9d 9e bc bd be dc dd de fc fd fe",
  ],
  ["reserved two-byte encodings of simple values", "f800 f801 f818 f81f"],
  [
    "indefinite-length string chunks not of the correct type",
    "5f00ff 5f21ff 5f6100ff 5f80ff 5fa0ff 5fc000ff 5fe0ff 7f4100ff",
  ],
  ["indefinite-length string chunks not definite length", "5f5f4100ffff 7f7f6100ffff"],
  ["break occurring on its own outside of an indefinite-length item", "ff"],
  [
    "break occurring in a definite-length array or map or a tag",
    "81ff 8200ff a1ff a1ff00 a100ff a20000ff 9f81ff 9f829f819f9fffffffff",
  ],
  ["break in an indefinite-length map that would lead to an odd number of items", "bf00ff bf000000ff"],
  ["major type 0, 1, 6 with additional information 31", "1f 3f df"],
];

/** [what, bytes, code, offset] */
export const REFUSED: [string, string, ErrorCode, number][] = [
  ["nothing", "", "cbor/truncated", 0],
  ["an array that claims 2^64 - 1 items", "9bffffffffffffffff", "cbor/truncated", 9],
  ["a map that claims 2^63 entries", "bb8000000000000000", "cbor/truncated", 9],
  ["a map that claims 2^32 - 1 entries", "baffffffff", "cbor/truncated", 5],
  ["bytes that claim 2^32 - 1", "5affffffff00", "cbor/truncated", 5],
  ["two items", "0000", "cbor/trailing", 1],
  ["a break after the item", "00ff", "cbor/trailing", 1],
  ["unassigned simple value 0", "e0", "cbor/reserved", 0],
  ["unassigned simple value 19", "f3", "cbor/reserved", 0],
  ["unassigned simple value 32", "f820", "cbor/reserved", 0],
  ["false in two bytes", "f814", "cbor/reserved", 0],
  ["a tag of 2^32", "db000000010000000000", "cbor/type", 0],
  ["a tag inside that cbor-x reads a meaning into (a date)", "81c100", "cbor/type", 1],
  ["the same for records", "81d9dfff830000f6", "cbor/type", 1],
  ["the same for packed values", "81d833840080800081", "cbor/type", 1],
  ["a continuation byte alone", "6180", "cbor/utf8", 1],
  ["an overlong slash", "62c0af", "cbor/utf8", 1],
  ["an overlong three-byte form", "63e09fbf", "cbor/utf8", 1],
  ["an overlong four-byte form", "64f08fbfbf", "cbor/utf8", 1],
  ["a surrogate", "63eda080", "cbor/utf8", 1],
  ["beyond U+10FFFF", "64f4908080", "cbor/utf8", 1],
  ["a lead byte F5", "64f5808080", "cbor/utf8", 1],
  ["a character cut off by the string's end", "8262c3bc61c3bc", "cbor/utf8", 5],
  ["a wrong last byte", "63e6b041", "cbor/utf8", 1],
  ["a byte order mark", "64efbbbf41", "cbor/utf8", 1],
  ["text that is bad behind good text", "8161ff", "cbor/utf8", 2],
  ["a float as a map key", "a1f90000f6", "cbor/float", 1],
];

/** Well-formed, but not deterministic: refused unless the caller says so. */
export const NOT_DETERMINISTIC: [string, string, ErrorCode, number][] = [
  ["23 in two bytes", "1817", "cbor/not-shortest", 0],
  ["255 in three bytes", "1900ff", "cbor/not-shortest", 0],
  ["65535 in five bytes", "1a0000ffff", "cbor/not-shortest", 0],
  ["2^32 - 1 in nine bytes", "1b00000000ffffffff", "cbor/not-shortest", 0],
  ["-24 in two bytes", "3817", "cbor/not-shortest", 0],
  ["a byte string's length in two bytes", "580141", "cbor/not-shortest", 0],
  ["a text's length in three bytes", "79000141", "cbor/not-shortest", 0],
  ["an array's length in five bytes", "9a0000000100", "cbor/not-shortest", 0],
  ["a map's size in two bytes", "b8010000", "cbor/not-shortest", 0],
  ["a tag in two bytes", "d81200", "cbor/not-shortest", 0],
  ["keys in descending order", "a2020001f6", "cbor/key-order", 3],
  ["keys in order of length first (RFC 7049), not bytewise", "a22000186400", "cbor/key-order", 3],
  ["a text key before a number", "a261610000f6", "cbor/key-order", 4],
  ["the second of two maps out of order", "82a10102a2020001f6", "cbor/key-order", 7],
];

/** Refused in every mode. */
export const DUPLICATE_KEYS: [string, string, number][] = [
  ["equal integers", "a201000100", 3],
  ["equal texts", "a2616100616101", 4],
  ["equal byte strings", "a2410000410001", 4],
  ["equal arrays", "a2810000810001", 4],
  ["a map within the key", "a1a20100010000", 4],
  ["in a nested map", "81a2200020f6", 4],
];
