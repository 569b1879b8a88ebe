import fc from "fast-check";
import { MISSING, TraceBuffer } from "../../../host/web/model/trace-buffer.js";
import { ok, same } from "../../support/assert.js";

const FORMAT = { rateHz: 100, nanovoltsPerStep: 5000, channels: ["II"] };
const ones = (count: number, value = 1) => [new Int16Array(count).fill(value)];

describe("TraceBuffer", () => {
  it("gives back what was put, by its index", () => {
    const buffer = new TraceBuffer(FORMAT, 1);
    buffer.put(1000, [Int16Array.of(5, -6, 7)]);
    same(buffer.start, 1000);
    same(buffer.end, 1003);
    same(buffer.at(0, 1001), -6);
    same(buffer.at(0, 999), MISSING);
    same(buffer.at(0, 1003), MISSING);
  });

  it("does not draw a line over what never came", () => {
    const buffer = new TraceBuffer(FORMAT, 1);
    buffer.put(0, ones(10));
    buffer.put(20, ones(10));
    same(buffer.at(0, 9), 1);
    for (let index = 10; index < 20; index++) same(buffer.at(0, index), MISSING);
    same(buffer.at(0, 20), 1);
  });

  it("takes what comes later where it belongs", () => {
    const buffer = new TraceBuffer(FORMAT, 1);
    buffer.put(0, ones(10));
    buffer.put(20, ones(10));
    buffer.put(10, ones(10, 3));
    same(buffer.at(0, 10), 3);
    same(buffer.at(0, 19), 3);
    same(buffer.end, 30);
  });

  it("a real sample is never taken for a missing one", () => {
    const buffer = new TraceBuffer(FORMAT, 1);
    buffer.put(0, [Int16Array.of(-32768)]);
    same(buffer.at(0, 0), -32767);
  });

  it("is at every index what came last for it, or missing, and no larger than it was made", () => {
    const blocks = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 60 })), { maxLength: 30 });
    fc.assert(
      fc.property(blocks, (puts) => {
        const buffer = new TraceBuffer(FORMAT, 1);
        const model = new Map<number, number>();
        let end = 0;
        for (const [step, [first, count]] of puts.entries()) {
          const value = step + 1;
          buffer.put(first, ones(count, value));
          end = Math.max(end, first + count);
          for (let i = 0; i < count; i++) if (first + i >= end - 100) model.set(first + i, value);
        }
        for (let index = 0; index < 520; index++) {
          const expected = index < end - 100 || index >= end ? MISSING : (model.get(index) ?? MISSING);
          same(buffer.at(0, index), expected, `at ${index} of ${end}`);
        }
        ok(buffer.end - buffer.start <= 100, `${buffer.end - buffer.start} samples`);
      }),
    );
  });
});
