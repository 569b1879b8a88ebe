import { fromHex } from "../../../modules/bytes/index.js";
import {
  type CborValue,
  check,
  decode,
  decodeSequence,
  encode,
  encodeSequence,
  Tag,
} from "../../../modules/cbor/index.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { APPENDIX_F, DUPLICATE_KEYS, NOT_DETERMINISTIC, REFUSED } from "./ill-formed.js";

const RELAXED = { deterministic: false, floats: true } as const;

function errorOf(action: () => unknown): VagusError {
  try {
    action();
  } catch (error) {
    if (error instanceof VagusError) return error;
    throw error;
  }
  throw new Error("expected an error");
}

function refuses(hex: string, code: ErrorCode, at: number, options = {}): void {
  const error = errorOf(() => decode(fromHex(hex), options));
  same(error.code, code);
  same(error.at, at);
  same(errorOf(() => check(fromHex(hex), options)).message, error.message);
}

describe("CBOR: ill-formed bytes (RFC 8949 Appendix F.1)", () => {
  for (const [what, list] of APPENDIX_F) {
    it(what, () => {
      for (const hex of list.split(" ")) {
        for (const options of [{ maxDepth: 16 }, { maxDepth: 16, ...RELAXED }]) {
          const error = errorOf(() => decode(fromHex(hex), options));
          ok(/^cbor\/(truncated|indefinite|reserved)$/.test(error.code), `${hex}: ${error.code}`);
        }
      }
    });
  }
});

describe("CBOR: refused in every mode", () => {
  for (const [what, hex, code, at] of REFUSED) {
    it(`${what}: ${hex}`, () => {
      refuses(hex, code, at);
      refuses(hex, code, at, { deterministic: false, floats: code !== "cbor/float" });
    });
  }
  for (const [what, hex, at] of DUPLICATE_KEYS) {
    it(`duplicate keys, ${what}: ${hex}`, () => {
      refuses(hex, "cbor/duplicate-key", at);
      refuses(hex, "cbor/duplicate-key", at, RELAXED);
    });
  }
});

describe("CBOR: well-formed, not deterministic (RFC 8949 section 4.2.1)", () => {
  for (const [what, hex, code, at] of NOT_DETERMINISTIC) {
    it(`${what}: ${hex} is refused, and read with deterministic: false`, () => {
      refuses(hex, code, at);
      check(fromHex(hex), { deterministic: false });
      decode(fromHex(hex), { deterministic: false });
    });
  }

  it("keys out of order read as the same map", () => {
    const relaxed = decode(fromHex("a302f6010061616162"), { deterministic: false });
    deep([...(relaxed as Map<number, null>).keys()], [2, 1, "a"]);
  });

  it("equal keys that do not stand side by side show", () => {
    refuses("a3616100616201616102", "cbor/duplicate-key", 7, RELAXED);
    refuses("a381a20100020000000181a20100020001", "cbor/duplicate-key", 10, RELAXED);
    check(fromHex("82a10000a10000"), RELAXED);
  });

  it("keys themselves stay shortest and in order, so that duplicates show", () => {
    refuses("a20100180100", "cbor/not-shortest", 3, RELAXED);
    refuses("a1a2020001f6f6", "cbor/key-order", 4, RELAXED);
    check(fromHex("a101a2020001f6"), RELAXED);
  });
});

describe("CBOR: limits", () => {
  const nested = (depth: number, open: number): Uint8Array => {
    const bytes = new Uint8Array(depth + 1).fill(open);
    bytes[depth] = 0;
    return bytes;
  };

  it("8 levels of arrays, maps or tags by default, 16 at most", () => {
    decode(nested(8, 0x81));
    refuses(`${"81".repeat(8)}80`, "cbor/too-deep", 8);
    decode(nested(8, 0xd2));
    throws("cbor/too-deep", () => decode(nested(9, 0xd2)));
    throws("cbor/too-deep", () => decode(nested(3, 0x81), { maxDepth: 2 }));
    decode(nested(16, 0x81), { maxDepth: 16 });
    throws("cbor/too-deep", () => decode(nested(17, 0x81), { maxDepth: 1000 }));
  });

  it("100,000 levels cost an error", () => {
    for (const open of [0x81, 0xc6, 0xa1, 0x9f]) {
      const bytes = nested(100_000, open);
      throws("cbor/too-large", () => decode(bytes));
      const error = errorOf(() => decode(bytes, { maxSize: 200_000 }));
      ok(error.code === "cbor/too-deep" || error.code === "cbor/indefinite", error.code);
    }
  });

  it("4,096 bytes by default", () => {
    decode(encode(new Uint8Array(4093)));
    throws("cbor/too-large", () => decode(encode(new Uint8Array(4094))));
    decode(encode(new Uint8Array(5000)), { maxSize: 5003 });
  });

  it("128 bytes of text by default", () => {
    decode(encode("x".repeat(128)));
    throws("cbor/too-large", () => decode(encode("x".repeat(129))));
    same(decode(encode("é".repeat(500)), { maxText: 1000 }), "é".repeat(500));
  });

  it("writing: 8 levels, 64 bits, well-formed text, unique keys", () => {
    let nest: CborValue = 0;
    for (let i = 0; i < 8; i++) nest = [nest];
    encode(nest);
    throws("cbor/too-deep", () => encode([nest]));
    const cycle: unknown[] = [];
    cycle.push(cycle);
    throws("cbor/too-deep", () => encode(cycle as never));
    throws("cbor/too-large", () => encode(BigInt(2) ** BigInt(64)));
    throws("cbor/float", () => encode(0.5));
    throws("cbor/float", () => encode(Number.NaN));
    throws("cbor/float", () => encode(2 ** 53));
    throws("cbor/utf8", () => encode("\ud800"));
    throws("cbor/utf8", () => encode("a\udc00\ud800"));
    throws("cbor/utf8", () => encode("\ufeffa"));
    throws("cbor/type", () => encode({} as never));
    throws("cbor/type", () => encode(new Int16Array(2) as never));
    throws("cbor/type", () => encode((() => 0) as never));
    throws("cbor/type", () => encode(new Tag(0, -1)));
    throws("cbor/type", () => encode(new Tag(0, 2 ** 32)));
    throws("cbor/type", () => encode([new Tag(0, 1)]));
    throws("cbor/duplicate-key", () =>
      encode(
        new Map([
          [fromHex("01"), 1],
          [fromHex("01"), 2],
        ]),
      ),
    );
    throws("cbor/duplicate-key", () =>
      encode(
        new Map<number | bigint, number>([
          [1, 1],
          [BigInt(1), 2],
        ]),
      ),
    );
  });
});

describe("CBOR: shortest floats (RFC 8949 section 4.1)", () => {
  const LONG: [string, string][] = [
    ["1 as a single", "fa3f800000"],
    ["65504, the largest half, as a single", "fa477fe000"],
    ["2^-14, the smallest normal half, as a single", "fa38800000"],
    ["2^-24, the smallest half, as a single", "fa33800000"],
    ["0 as a single", "fa00000000"],
    ["-0 as a double", "fb8000000000000000"],
    ["1.5 as a double", "fb3ff8000000000000"],
    ["2^-149, the smallest single, as a double", "fb36a0000000000000"],
    ["a half NaN with another payload", "f97e01"],
    ["a signalling half NaN", "f97d00"],
    ["a negative half NaN", "f9fe00"],
  ];
  for (const [what, hex] of LONG) {
    it(`${what}: ${hex} is refused`, () => {
      refuses(hex, "cbor/not-shortest", 0, { floats: true });
      check(fromHex(hex), RELAXED);
    });
  }

  const SHORTEST: [string, string][] = [
    ["65536, beyond the halves", "fa47800000"],
    ["1 + 2^-11, one bit too many for a half", "fa3f801000"],
    ["3 * 2^-25, one bit too many for a half's subnormal", "fa33c00000"],
    ["2^-25, below the halves", "fa33000000"],
    ["2^-149, the smallest single", "fa00000001"],
    ["2^-150, below the singles", "fb3690000000000000"],
  ];
  for (const [what, hex] of SHORTEST) {
    it(`${what}: ${hex} is read`, () => check(fromHex(hex), { floats: true }));
  }
});

describe("CBOR: what it gives", () => {
  it("integers are numbers within ±(2^53 - 1), bigints beyond, wherever they stand", () => {
    const cases: [number | bigint, string][] = [
      [4294967295, "1affffffff"],
      [4294967296, "1b0000000100000000"],
      [Number.MAX_SAFE_INTEGER, "1b001fffffffffffff"],
      [BigInt("9007199254740992"), "1b0020000000000000"],
      [-4294967296, "3affffffff"],
      [-4294967297, "3b0000000100000000"],
      [Number.MIN_SAFE_INTEGER, "3b001ffffffffffffe"],
      [BigInt("-9007199254740992"), "3b001fffffffffffff"],
    ];
    for (const [value, hex] of cases) {
      deep(encode(value), fromHex(hex));
      same(decode(fromHex(hex)), value);
      deep(decode(fromHex(`81${hex}`)), [value]);
      deep(decode(encode(new Map([[value, [value]]]))), new Map([[value, [value]]]));
    }
    deep(encode(BigInt(5)), fromHex("05"));
    deep(encode(-0), fromHex("00"));
  });

  it("maps are written in bytewise order of their keys, whatever their insertion order", () => {
    const entries: [number | string | Uint8Array | boolean, null][] = [
      [10, null],
      [100, null],
      [-1, null],
      ["z", null],
      ["aa", null],
      [fromHex("ff"), null],
      [false, null],
    ];
    const bytes = fromHex("a70af61864f620f641fff6617af6626161f6f4f6");
    deep(encode(new Map(entries)), bytes);
    deep(encode(new Map([...entries].reverse())), bytes);
    check(bytes);
  });

  it("writes an array of its own each time", () => {
    const one = encode([1, 2]);
    const two = encode([3, 4]);
    deep(one, fromHex("820102"));
    same(one.buffer.byteLength, 3);
    ok(one.buffer !== two.buffer);
    same(Object.getPrototypeOf(one), Uint8Array.prototype);
  });

  it("leaves its input alone, and reads from the middle of a buffer", () => {
    const whole = fromHex("ff8241aa01ff");
    const part = whole.subarray(1, 5);
    deep(decode(part), [fromHex("aa"), 1]);
    deep(Object.keys(part), ["0", "1", "2", "3"]);
  });

  it("writes after a failure as before", () => {
    throws("cbor/type", () => encode([1, {} as never]));
    deep(encode([1]), fromHex("8101"));
  });

  it("writes more than its buffer of 8 KB", () => {
    const large = new Uint8Array(20000).fill(7);
    deep(decode(encode([large, large]), { maxSize: 50000 }), [large, large]);
    deep(encode(1), fromHex("01"));
  });

  it("tags outside, and those inside that nobody interprets", () => {
    const value = new Tag(new Tag([new Tag(fromHex("00"), 24), 1], 18), 61);
    deep(encode(value), fromHex("d83dd282d818410001"));
    deep(decode(encode(value)), value);
    ok(decode(fromHex("c100")) instanceof Tag);
    deep(decode(encode(new Tag(new Tag(1, 1), 55799))), new Tag(new Tag(1, 1), 55799));
  });
});

describe("CBOR sequences (RFC 8742)", () => {
  it("none, one, several", () => {
    deep(decodeSequence(fromHex("")), []);
    deep(encodeSequence(), fromHex(""));
    deep(encodeSequence(1, "a", fromHex("ff"), [null]), fromHex("01616141ff81f6"));
    deep(decodeSequence(fromHex("01616141ff81f6")), [1, "a", fromHex("ff"), [null]]);
  });

  it("the same strictness for every item, with offsets in the whole", () => {
    const error = errorOf(() => decodeSequence(fromHex("01021817")));
    same(error.code, "cbor/not-shortest");
    same(error.at, 2);
    throws("cbor/truncated", () => decodeSequence(fromHex("018200")));
    deep(decodeSequence(fromHex("c1001b0000000100000000")), [new Tag(0, 1), 4294967296]);
  });
});
