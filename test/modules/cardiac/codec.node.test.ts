import fc from "fast-check";
import { toHex } from "../../../modules/bytes/index.js";
import { decodeBlock, encodeBlock } from "../../../modules/cardiac/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";

/** Samples of every kind of scale: full range, small noise on an offset, runs, and outliers in between. */
const samples = (length: number) => {
  const of = (element: fc.Arbitrary<number>) => fc.array(element, { minLength: length, maxLength: length });
  const full = fc.integer({ min: -32768, max: 32767 });
  const scaled = fc
    .tuple(full, fc.integer({ min: 0, max: 14 }))
    .chain(([base, bits]) =>
      of(fc.integer({ min: -(1 << bits), max: 1 << bits }).map((value) => base + value)),
    );
  const outliers = of(
    fc.oneof({ weight: 20, arbitrary: fc.integer({ min: -4, max: 4 }) }, { weight: 1, arbitrary: full }),
  );
  return fc.oneof(of(full), scaled, outliers).map((values) => Int16Array.from(values));
};
const block = fc
  .tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 8 }))
  .chain(([length, channels]) => fc.array(samples(length), { minLength: channels, maxLength: channels }));

describe("cardiac/codec: properties", () => {
  it("whatever goes in comes out, in at most raw and 4 bytes", () => {
    fc.assert(
      fc.property(block, (channels) => {
        const bytes = encodeBlock(channels);
        deep(decodeBlock(bytes, channels.length), channels);
        ok(bytes.length <= 4 + 2 * channels.length * channels[0]!.length, `${bytes.length} bytes`);
      }),
      { numRuns: 1500 },
    );
  });

  it("any bytes give samples or cardiac/malformed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 8 }), (bytes, channels) => {
        try {
          same(decodeBlock(bytes, channels).length, channels);
        } catch (error) {
          ok(error instanceof VagusError && error.code === "cardiac/malformed", `came ${error}`);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("a block cut anywhere, or with bytes after it, is refused", () => {
    fc.assert(
      fc.property(block, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }), (channels, at, more) => {
        const bytes = encodeBlock(channels);
        for (const bad of [bytes.subarray(0, at % bytes.length), Uint8Array.of(...bytes, ...more)]) {
          let refused = false;
          try {
            decodeBlock(bad, channels.length);
          } catch (error) {
            refused = error instanceof VagusError && error.code === "cardiac/malformed";
          }
          ok(refused, `took ${toHex(bad)}`);
        }
      }),
    );
  });
});
