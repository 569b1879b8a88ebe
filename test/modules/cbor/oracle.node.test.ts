/** cborg and cbor2 as independent judges of what we write and read; random bytes and mutations as attackers. */
import { decode as cbor2Decode, encode as cbor2Encode } from "cbor2";
import { decode as cborgDecode, encode as cborgEncode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { type CborValue, check, decode, encode, Tag } from "../../../modules/cbor/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";

const LARGE = { maxSize: 1 << 20, maxText: 1 << 16 };
const text = fc.string({ unit: "binary", maxLength: 90 }).filter((s) => !s.startsWith("\ufeff"));
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: -(2n ** 64n) + 1n, max: -(2n ** 53n) }),
);
const bytes = fc.uint8Array({ maxLength: 300 });
const scalar: fc.Arbitrary<CborValue> = fc.oneof(
  integer,
  text,
  bytes,
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const key = fc.oneof(integer, text);
const { item } = fc.letrec<{ item: CborValue }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie("item"), { maxLength: 30 }),
    fc
      .array(fc.tuple(key, tie("item")), { maxLength: 30 })
      .map((entries) => new Map<CborValue, CborValue>(entries)),
    fc.tuple(tie("item"), fc.integer({ min: 88, max: 104 })).map(([value, tag]) => new Tag(value, tag)),
  ),
}));
const untagged = item.filter((value) => !hasTag(value));

function hasTag(value: CborValue): boolean {
  if (value instanceof Map) return [...value.values()].some(hasTag);
  return Array.isArray(value) ? value.some(hasTag) : value instanceof Tag;
}

/** Maps in the order of their encoded keys, as decoding yields them. */
function ordered(value: CborValue): CborValue {
  if (Array.isArray(value)) return value.map(ordered);
  if (value instanceof Tag) return new Tag(ordered(value.value), value.tag);
  if (!(value instanceof Map)) return Object.is(value, -0) ? 0 : value;
  const entries = [...value].sort(([a], [b]) => Buffer.compare(encode(a), encode(b)));
  return new Map(entries.map(([k, v]) => [ordered(k), ordered(v)]));
}

const outcome = (action: () => unknown): "read" | string => {
  try {
    action();
    return "read";
  } catch (error) {
    ok(error instanceof VagusError, `${error}`);
    return error.code;
  }
};

describe("CBOR against cborg and cbor2", () => {
  it("what we write passes the strict pass and reads back", () => {
    fc.assert(
      fc.property(item, (value) => {
        const written = encode(value);
        check(written, LARGE);
        deep(decode(written, LARGE), ordered(value));
      }),
    );
  });

  it("we write what cborg and cbor2 write in deterministic order, and they read it", () => {
    fc.assert(
      fc.property(untagged, (value) => {
        const written = encode(value);
        const plain = ordered(value);
        deep(new Uint8Array(cborgEncode(plain, rfc8949EncodeOptions)), written);
        deep(
          new Uint8Array(cbor2Encode(plain, { cde: true, collapseBigInts: true, rejectDuplicateKeys: true })),
          written,
        );
        deep(cborgDecode(written, { useMaps: true, strict: true }), plain);
        deep(cbor2Decode(written, { cde: true, preferMap: true, rejectDuplicateKeys: true } as never), plain);
      }),
    );
  });

  it("bytes that we read are those we write, and cborg reads the same value", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (input) => {
        if (outcome(() => decode(input)) !== "read") return;
        read++;
        const value = decode(input);
        if (value === BigInt("-18446744073709551616") || value instanceof Tag) return;
        deep(encode(value), input);
        deep(cborgDecode(input, { useMaps: true, strict: true, rejectDuplicateMapKeys: true }), value);
      }),
      { numRuns: 5000 },
    );
    ok(read > 50, `only ${read} were CBOR`);
  });

  it("a written item with one byte changed reads back to its own bytes or is refused", () => {
    fc.assert(
      fc.property(item, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, position, flip) => {
        const written = encode(value);
        written[position % written.length] ^= flip;
        if (outcome(() => decode(written, LARGE)) === "read") {
          const back = decode(written, LARGE);
          try {
            deep(encode(back), written);
          } catch (error) {
            same((error as VagusError).code, "cbor/too-large"); // -2^64
          }
        }
      }),
    );
  });

  it("every truncation is refused", () => {
    fc.assert(
      fc.property(item, (value) => {
        const written = encode(value);
        for (let length = 0; length < Math.min(written.length, 200); length++) {
          same(
            outcome(() => decode(written.subarray(0, length), LARGE)),
            "cbor/truncated",
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it("floats: shortest ones read as cborg reads them, others are refused", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.float(), fc.integer({ min: 0, max: 0xffff }).map(half)),
        (value) => {
          const shortest = cbor2Encode(value, {
            cde: true,
            reduceUnsafeNumbers: false,
            avoidInts: true,
          } as never);
          if (Number.isNaN(value)) return deep(decode(shortest, { floats: true }), Number.NaN);
          same(decode(shortest, { floats: true }), value);
          if (shortest.length === 9) return;
          const long = new Uint8Array(9);
          long[0] = 0xfb;
          new DataView(long.buffer).setFloat64(1, value);
          same(
            outcome(() => decode(long, { floats: true })),
            "cbor/not-shortest",
          );
          same(decode(long, { floats: true, deterministic: false }), value);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("10 MB of random bytes cost an error and no memory", () => {
    const noise = Buffer.alloc(10_000_000);
    for (let i = 0; i < noise.length; i += 4)
      noise.writeUInt32LE((Math.imul(i, 2654435761) ^ (i >>> 3)) >>> 0, i);
    for (const first of [0x9b, 0xbb, 0x5b, 0x7b, 0x9a, 0x81]) {
      noise[0] = first;
      const before = process.memoryUsage();
      ok(outcome(() => decode(noise)) === "cbor/too-large");
      ok(outcome(() => decode(noise, { maxSize: noise.length, deterministic: false })) !== "read");
      const after = process.memoryUsage();
      ok(after.arrayBuffers - before.arrayBuffers < 1e6 && after.heapUsed - before.heapUsed < 8e6);
    }
  });
});

function half(bits: number): number {
  const fraction = bits & 0x3ff;
  const exponent = (bits >> 10) & 31;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
