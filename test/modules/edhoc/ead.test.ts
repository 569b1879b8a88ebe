import { cryptos } from "engine";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { encodeEad, readEad } from "../../../modules/edhoc/ead.js";
import { type EadItem, PADDING, padding } from "../../../modules/edhoc/index.js";
import { splitItems } from "../../../modules/edhoc/items.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, rejects, same, throws } from "../../support/assert.js";
import { type Ead, setup, shake } from "./parties.js";

const read = (hex: string, understood: readonly number[] = []) =>
  readEad(splitItems(fromHex(hex)), understood);
const random = (length: number) => new Uint8Array(length).fill(0xe9);

describe("EDHOC EAD items (RFC 9528 section 3.8)", () => {
  const encoded: readonly (readonly [string, readonly EadItem[]])[] = [
    ["", []],
    ["05", [{ label: 5 }]],
    ["24", [{ label: 5, critical: true }]],
    ["0540", [{ label: 5, value: new Uint8Array(0) }]],
    ["1903e842aabb05", [{ label: 1000, value: fromHex("aabb") }, { label: 5 }]],
    ["3903e741aa", [{ label: 1000, critical: true, value: fromHex("aa") }]],
    // section 3.8.1: padding of one, two and three bytes
    ["00", [{ label: PADDING }]],
    ["0040", [{ label: PADDING, value: new Uint8Array(0) }]],
    ["0041e9", [{ label: PADDING, value: fromHex("e9") }]],
  ];
  for (const [hex, items] of encoded) {
    it(`${hex || "nothing"}: ${items.length} items`, () => {
      same(toHex(encodeEad(items)), hex);
      const understood = items.map(({ label }) => label);
      const expected = items
        .filter(({ label }) => label !== PADDING)
        .map((item) => ({ critical: false, ...item }));
      deep(read(hex, understood), expected);
    });
  }

  const refused: readonly (readonly [string, string, ErrorCode])[] = [
    ["an unknown critical item", "24", "edhoc/critical-ead"],
    ["an unknown critical item after a known one", "062441aa", "edhoc/critical-ead"],
    ["a value without a label", "41aa", "edhoc/malformed"],
    ["two values", "0541aa41bb", "edhoc/malformed"],
    ["a text label", "6161", "edhoc/malformed"],
    ["a text value", "056161", "edhoc/malformed"],
    ["a label beyond 65535", "1a00010000", "edhoc/malformed"],
    ["a label that is not shortest", "1805", "cbor/not-shortest"],
    ["a cut value", "0542aa", "cbor/truncated"],
  ];
  for (const [what, hex, code] of refused) {
    it(`refuses ${what}: ${hex}`, () => throws(code, () => read(hex, [6])));
  }

  it("ignores unknown items that are not critical", () =>
    deep(read("0541aa06", [6]), [{ critical: false, label: 6 }]));
  it("never sends critical padding or a label beyond 65535", () => {
    throws("edhoc/malformed", () => encodeEad([{ label: PADDING, critical: true }]));
    throws("edhoc/malformed", () => encodeEad([{ label: 65536 }]));
    throws("edhoc/malformed", () => encodeEad([{ label: -5 }]));
  });

  it("pads with exactly as many bytes as asked for", () => {
    for (let length = 0; length <= 600; length++) {
      same(encodeEad(padding(length, random)).length, length);
      deep(readEad(splitItems(encodeEad(padding(length, random))), [PADDING]), []);
    }
  });
});

for (const crypto of cryptos) {
  describe(`EDHOC EAD in the messages, ${crypto.name}`, () => {
    const item = (label: number, critical: boolean): EadItem => ({
      label,
      critical,
      value: Uint8Array.of(label),
    });

    it("each of the four arrives, critical or not, padded or not", async () => {
      const both = await setup(crypto, 0, 1, "kid", [1, 2, 3, 4]);
      const pad = { label: PADDING, value: random(9) };
      const { ead } = await shake(crypto, crypto, both, {
        ead_1: [item(1, true)],
        ead_2: [pad, item(2, false)],
        ead_3: [item(3, true), pad],
        ead_4: [item(4, true), { label: 77 }],
      });
      deep(ead, [[item(1, true)], [item(2, false)], [item(3, true)], [item(4, true)]]);
    });

    for (const name of ["ead_1", "ead_2", "ead_3", "ead_4"] as const) {
      it(`an unknown critical item in ${name.toUpperCase()} ends the session`, async () => {
        const both = await setup(crypto, 0, 1);
        const ead: Ead = { [name]: [item(9, true)] };
        await rejects("edhoc/critical-ead", () => shake(crypto, crypto, both, ead));
        await shake(crypto, crypto, both, { [name]: [item(9, false)] });
      });
    }
  });
}
