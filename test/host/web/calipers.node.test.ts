import { measure, nudge } from "../../../host/web/model/calipers.js";
import { leftText } from "../../../host/web/model/time.js";
import { TraceBuffer } from "../../../host/web/model/trace-buffer.js";
import { deep, same } from "../../support/assert.js";

const buffer = new TraceBuffer({ rateHz: 100, nanovoltsPerStep: 5000, channels: ["II"] }, 10);
buffer.put(0, [Int16Array.from({ length: 500 }, (_, index) => (index === 180 ? 200 : 0))]);

describe("calipers", () => {
  it("tell time, the rate it would be, and the height between", () => {
    same(measure({ a: 1, b: 1.8 }, buffer, 0).text, "800 ms · 75/min · +1.00 mV");
    same(measure({ a: 1.8, b: 1 }, buffer, 0).text, "800 ms · 75/min · −1.00 mV");
  });
  it("tell no rate of what is shorter than any beat, and no height where a sample is missing", () => {
    same(measure({ a: 1, b: 1.12 }, buffer, 0).text, "120 ms · +0.00 mV");
    same(measure({ a: 1, b: 6 }, buffer, 0).text, "5000 ms · 12/min");
  });
  it("move by 4 ms with an arrow, 40 with shift, and stay on the strip", () => {
    deep(nudge({ a: 1, b: 2 }, 0, "ArrowRight", false, 5), { a: 1.004, b: 2 });
    deep(nudge({ a: 1, b: 2 }, 1, "ArrowLeft", true, 5), { a: 1, b: 1.96 });
    deep(nudge({ a: 0, b: 2 }, 0, "ArrowLeft", true, 5), { a: 0, b: 2 });
    deep(nudge({ a: 0, b: 2 }, 1, "End", false, 5), { a: 0, b: 5 });
    same(nudge({ a: 0, b: 2 }, 1, "a", false, 5), undefined);
  });
});

describe("time that is left", () => {
  for (const [ms, text] of [
    [-5, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min 0 s"],
    [1_799_000, "29 min"],
    [7_200_000, "2 h 0 min"],
    [604_799_000, "6 d 23 h"],
  ] as const)
    it(`${ms} ms is ${text}`, () => same(leftText(ms), text));
});
