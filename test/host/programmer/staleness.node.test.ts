import { GONE_MS, type Progress, type Staleness, staleness } from "../../../host/programmer/staleness.js";
import { deep } from "../../support/assert.js";

const UP = { phase: "up", downSinceMs: undefined } as const;
const DOWN = { phase: "waiting", downSinceMs: 10_000 } as const;
const last = { cursor: { boot: 2, sequence: 100 }, atMs: 10_000, readingMs: 1000 };
const newest = (sequence: number, boot = 2, recording = true) => ({
  cursor: { boot, sequence },
  atMs: 10_000,
  recording,
});

type Case = [string, Progress, Parameters<typeof staleness>[1], number, Staleness];
const CASES: Case[] = [
  ["nothing has ever come", {}, UP, 10_000, { kind: "gone", sinceMs: undefined }],
  ["nothing has ever come, and there is no link", {}, DOWN, 10_000, { kind: "gone", sinceMs: undefined }],
  ["the newest reading has just come", { last, newest: newest(100) }, UP, 10_000, { kind: "live" }],
  ["it was never asked how far the device is", { last }, UP, 11_000, { kind: "live" }],
  ["late by less than two readings and the way", { last }, UP, 13_500, { kind: "live" }],
  [
    "and by more: never shown as current, link or no link",
    { last },
    UP,
    13_501,
    { kind: "stale", sinceMs: 10_000 },
  ],
  [
    "it is being asked whether it is there",
    { last },
    { ...UP, phase: "probing" },
    13_501,
    { kind: "stale", sinceMs: 10_000 },
  ],
  [
    "the link is lost: at once",
    { last, newest: newest(100) },
    DOWN,
    10_001,
    { kind: "stale", sinceMs: 10_000 },
  ],
  [
    "it is being made again",
    { last },
    { ...DOWN, phase: "greeting" },
    20_000,
    { kind: "stale", sinceMs: 10_000 },
  ],
  ["no link for a minute", { last }, DOWN, 10_000 + GONE_MS, { kind: "gone", sinceMs: 10_000 }],
  [
    "nobody looks for it any more",
    { last },
    { phase: "stopped", downSinceMs: 10_000 },
    10_001,
    { kind: "gone", sinceMs: 10_000 },
  ],
  [
    "an hour is being caught up with",
    { last, newest: newest(3700) },
    UP,
    10_000,
    { kind: "backfilling", behindS: 3600 },
  ],
  [
    "and time goes on meanwhile",
    { last, newest: newest(3700) },
    UP,
    12_000,
    { kind: "backfilling", behindS: 3602 },
  ],
  [
    "of a recording that has ended, not",
    { last, newest: newest(110, 2, false) },
    UP,
    12_000,
    { kind: "backfilling", behindS: 10 },
  ],
  ["two readings may be on their way", { last, newest: newest(102) }, UP, 10_000, { kind: "live" }],
  [
    "a boot before: nobody can say by how much",
    { last, newest: newest(5, 3) },
    UP,
    10_000,
    { kind: "backfilling", behindS: undefined },
  ],
  ["past a boot that was asked about", { last, newest: newest(500, 1) }, UP, 10_000, { kind: "live" }],
  [
    "readings of a quarter of a second",
    { last: { ...last, readingMs: 250 }, newest: newest(140) },
    UP,
    10_000,
    { kind: "backfilling", behindS: 10 },
  ],
  [
    "which are late sooner",
    { last: { ...last, readingMs: 250 } },
    UP,
    11_626,
    { kind: "stale", sinceMs: 10_000 },
  ],
];

CASES.push(
  [
    "the last of a recording that has ended is not of now",
    { last, newest: newest(100, 2, false) },
    UP,
    10_000,
    { kind: "stale", sinceMs: 10_000 },
  ],
  [
    "nor is the last of one behind which another has begun",
    { last, newest: { ...newest(100), begins: true } },
    UP,
    10_000,
    { kind: "backfilling", behindS: undefined },
  ],
  [
    "whose first reading is",
    { last: { ...last, cursor: { boot: 3, sequence: 1 } }, newest: { ...newest(100), begins: true } },
    UP,
    10_000,
    { kind: "live" },
  ],
);

describe("How old what is shown is", () => {
  for (const [name, progress, link, now, expected] of CASES) {
    it(`${name}: ${expected.kind}`, () => deep(staleness(progress, link, now), expected));
  }
});
