import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { decode, encode } from "../../../modules/cbor/index.js";
import { deep, same, throws } from "../../support/assert.js";
import { FLOAT_IN_TAG, FLOATS, INTEGERS, LONG_FLOATS, LOWEST, OTHERS, REFUSED } from "./appendix-a.js";

/** XS counts text in code points, which cbor-x cannot write. */
const BEYOND_BMP = "64f0908591";

describe("CBOR: RFC 8949 Appendix A", () => {
  for (const [hex, value] of [...INTEGERS, ...OTHERS]) {
    it(`${hex} reads and writes`, () => {
      deep(decode(fromHex(hex)), value);
      if (hex === BEYOND_BMP && "\u{10151}".length === 1) throws("cbor/utf8", () => encode(value));
      else same(toHex(encode(value)), hex);
    });
  }

  for (const [hex, value] of FLOATS) {
    it(`${hex} is a float: refused, or read where floats are allowed`, () => {
      throws("cbor/float", () => decode(fromHex(hex)));
      same(decode(fromHex(hex), { floats: true }), value);
    });
  }

  for (const [hex, value] of LONG_FLOATS) {
    it(`${hex} is a float that is not shortest: read only where bytes need not be deterministic`, () => {
      throws("cbor/not-shortest", () => decode(fromHex(hex), { floats: true }));
      same(decode(fromHex(hex), { floats: true, deterministic: false }), value);
    });
  }

  for (const [hex, code] of REFUSED) {
    it(`${hex} is refused in every mode: ${code}`, () => {
      throws(code, () => decode(fromHex(hex)));
      throws(code, () => decode(fromHex(hex), { floats: true, deterministic: false }));
    });
  }

  it("-2^64 reads; cbor-x would write it as a bignum, so writing it is refused", () => {
    same(decode(fromHex(LOWEST[0])), LOWEST[1]);
    throws("cbor/too-large", () => encode(LOWEST[1]));
  });

  it("the float inside a tag", () => {
    throws("cbor/float", () => decode(fromHex(FLOAT_IN_TAG)));
    deep(decode(fromHex(FLOAT_IN_TAG), { floats: true }), { tag: 1, value: 1363896240.5 });
  });

  it("counts: the appendix has 81 examples", () => {
    const count = INTEGERS.length + FLOATS.length + LONG_FLOATS.length + OTHERS.length + REFUSED.length + 2;
    same(count, 81);
  });
});
