/** The full-screen trace of `vagus watch`, in terminals of all sizes. */

import { systemClock } from "../../../host/link/radio.js";
import type { MonitorEvent } from "../../../host/programmer/monitor.js";
import { PictureView } from "../../../host/watch/picture.js";
import { WatchTally } from "../../../host/watch/tally.js";
import { STREAM } from "../../../modules/reading/index.js";
import { ok, same } from "../../support/assert.js";

const SIZES: [columns: number, rows: number][] = [
  [200, 60],
  [80, 24],
  [40, 12],
  [20, 6],
  [7, 3],
  [1, 1],
];
const FRAMES_MS = 160;

const ESC = "\x1b";
/** A row that is written anew, up to the next. */
const ROW = new RegExp(`${ESC}\\[(\\d+);1H${ESC}\\[2K((?:(?!${ESC}\\[\\d+;1H).)*)`, "g");
const COLOR = new RegExp(`${ESC}\\[[\\d;]*m`, "g");

/** A terminal that keeps the rows that are on it. */
class Terminal {
  isTTY = true;
  columns = 80;
  rows = 24;
  readonly shown = new Map<number, string>();

  write(text: string): boolean {
    if (text.includes("\x1b[2J")) this.shown.clear();
    for (const [, row, line] of text.matchAll(ROW))
      this.shown.set(Number(row), (line ?? "").replace(COLOR, ""));
    return true;
  }
}

const reading = (sequence: number): MonitorEvent => {
  const samples = Int16Array.from({ length: 250 }, (_, i) => (i % 200 === 0 ? 400 : i % 7));
  return {
    kind: "token",
    stream: STREAM.ecg,
    format: { rateHz: 250, nanovoltsPerStep: 2500, channels: ["II"] },
    token: {
      kind: sequence === 0 ? "header" : "reading",
      stream: STREAM.ecg,
      channels: [samples],
      firstSample: 250 * (sequence - 1),
      nextSample: 250 * sequence,
      cti: { boot: 1, sequence },
    },
  } as unknown as MonitorEvent;
};

describe("the picture of vagus watch", () => {
  for (const ascii of [false, true])
    it(`never wider or higher than the terminal, whatever that becomes${ascii ? ", in ASCII" : ""}`, async () => {
      const terminal = new Terminal();
      const view = new PictureView({
        stream: terminal as never,
        clock: systemClock,
        watched: () =>
          ({
            staleness: () => ({ kind: "live" }),
            figures: { airBytes: 123_456, packets: 1, verified: 1, refused: 3 },
          }) as never,
        tally: new WatchTally(),
        about: () => "rBeod1W4s6I · virtual",
        hint: "q quits, the device goes on recording; r tries now · not a medical device",
        color: true,
        ascii,
      });
      try {
        for (let n = 0; n < 8; n++) view.event(reading(n));
        for (const [columns, rows] of SIZES) {
          [terminal.columns, terminal.rows] = [columns, rows];
          await new Promise((resolve) => setTimeout(resolve, FRAMES_MS));
          ok(terminal.shown.size > 0, `nothing at ${columns} by ${rows}`);
          for (const [row, line] of terminal.shown) {
            ok(row <= rows, `row ${row} of ${rows}`);
            ok([...line].length <= columns, `${[...line].length} columns of ${columns}: ${line}`);
            if (ascii) ok(!/[\u2800-\u28ff]/.test(line), line);
          }
          if (columns >= 40) ok([...terminal.shown.values()].some((line) => line.includes("live")));
          if (columns >= 80) ok([...terminal.shown.values()].join("").includes("not a medical device"));
        }
      } finally {
        view.end();
        view.end();
      }
      same(terminal.columns, 1);
    });
});
