import { pairingPasskey } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";

describe("pairingPasskey", () => {
  const CASES: [string, number[], number][] = [
    ["nothing but zeros", Array(16).fill(0), 0],
    ["999999", [...Array(13).fill(0), 0x0f, 0x42, 0x3f], 999_999],
    ["a million", [...Array(13).fill(0), 0x0f, 0x42, 0x40], 0],
    ["2^128 - 1: 340282366920938463463374607431768211455", Array(16).fill(0xff), 211_455],
  ];
  for (const [name, bytes, expected] of CASES) {
    it(`${name}: the remainder of a million`, () => {
      const asked: unknown[] = [];
      const passkey = pairingPasskey((label, context, length) => {
        asked.push(label, context, length);
        return Uint8Array.from(bytes);
      });
      same(passkey, expected);
      deep(asked, [32774, new Uint8Array(0), 16]);
    });
  }

  it("always six digits at the most", () => {
    for (let n = 0; n < 300; n++) {
      const passkey = pairingPasskey((_label, _context, length) =>
        Uint8Array.from({ length }, (_, i) => (n * 7919 + i * 104_729) >> (i % 7)),
      );
      ok(Number.isInteger(passkey) && passkey >= 0 && passkey < 1_000_000);
    }
  });
});
