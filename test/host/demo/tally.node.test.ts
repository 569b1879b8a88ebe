import { createHash } from "node:crypto";
import { Tally } from "../../../host/demo/tally.js";
import type { SampleSource } from "../../../modules/cardiac/index.js";
import type { AcceptedToken } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";

const LENGTH = 100;
const at = (index: number): number => ((index % LENGTH) * 37) % 200;
const source: SampleSource = {
  format: { rateHz: 360, nanovoltsPerStep: 5000, channels: ["II"] },
  length: LENGTH,
  read: (first, count) => [Int16Array.from({ length: count }, (_, i) => at(first + i))],
};

function reading(firstSample: number, count: number, spoil = 0): AcceptedToken {
  const channels = [
    Int16Array.from({ length: count }, (_, i) => at(firstSample + i) + (i === 3 ? spoil : 0)),
  ];
  return {
    kind: "reading",
    stream: 1,
    token: new Uint8Array(0),
    cti: { boot: 1, stream: 1, sequence: 5 },
    iat: 0,
    uncertainty: null,
    firstSample,
    nextSample: firstSample + count,
    channels,
  };
}

describe("What came out against what went in", () => {
  it("the same digests for the same samples, over the record's end and from its start again", () => {
    const tally = new Tally(source);
    for (const first of [30, 80, 130, 180, 230]) tally.add(reading(first, 50));
    const { sha256In, sha256Out } = tally.digests();
    same(sha256Out, sha256In);
    const bytes = Buffer.alloc(500);
    for (let i = 0; i < 250; i++) bytes.writeInt16LE(at(30 + i), 2 * i);
    same(sha256Out, createHash("sha256").update(bytes).digest("hex"));
    deep([tally.samples, tally.tokens, tally.closed, tally.lastSequence], [250, 5, false, 5]);
  });

  it("one sample that differs by one step", () => {
    const tally = new Tally(source);
    tally.add(reading(0, 50));
    tally.add(reading(50, 50, 1));
    const { sha256In, sha256Out } = tally.digests();
    ok(sha256In !== sha256Out);
  });
});
