import { layout, Trace } from "../../../host/trace/index.js";
import { cells } from "../../../host/trace/text.js";
import { SyntheticSource } from "../../../modules/cardiac/index.js";
import { deep, ok, same } from "../../support/assert.js";

const ONE_MV = 200;
const paper = (ascii: boolean, seconds = 4) =>
  new Trace({ rateHz: 100, nanovoltsPerStep: 5000, seconds, ascii });
const flat = (count: number, value: number) => new Int16Array(count).fill(value);
/** What is drawn in the lines, without the gutter and the axis. */
const drawing = (lines: string[]) => lines.slice(0, -1).map((line) => line.slice(6));

describe("host/trace: the drawing", () => {
  it("a step of a millivolt, in braille", () => {
    const trace = paper(false);
    trace.push(flat(200, 0));
    trace.push(flat(200, ONE_MV));
    // 46 columns are 92 dots, 23 a second, 9.2 a millivolt: 10 mm/mV beside 25 mm/s.
    deep(trace.lines(52, 5), [
      " 1.0 ┤                       ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
      "     │                       ⡇",
      "     │                       ⡇",
      "0 mV ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁",
      "     └─ 25 mm/s 10 mm/mV ───┴-2 s──────┴-1 s───────┴",
    ]);
  });

  it("the same in ASCII, of which every character is", () => {
    const trace = paper(true);
    trace.push(flat(200, 0));
    trace.push(flat(200, ONE_MV));
    const lines = trace.lines(52, 5);
    deep(lines, [
      " 1.0 +                       _______________________",
      "     |                       |",
      "     |                       |",
      "0 mV +''''''''''''''''''''''''",
      "     +- 25 mm/s 10 mm/mV ---+-2 s------+-1 s-------+",
    ]);
    ok(lines.every((line) => /^[ -~]*$/.test(line)));
  });

  it("a gap is white: no flat line, no stroke across it", () => {
    const trace = paper(true);
    trace.push(flat(100, 0));
    trace.gap(200);
    trace.push(flat(100, 0));
    for (const line of drawing(trace.lines(46, 8))) same(line.slice(11, 29).trim(), "");
    ok(
      drawing(trace.lines(46, 8)).some((line) => line.slice(0, 10).trim() !== ""),
      "before it there is a line",
    );
  });

  it("with nothing, or nothing any more, it says so", () => {
    const trace = paper(false);
    const empty = trace.lines(60, 8);
    ok(empty.some((line) => line.includes("no signal")));
    trace.push(flat(400, 100));
    ok(!trace.lines(60, 8).some((line) => line.includes("no signal")));
    trace.gap(1e9);
    deep(trace.lines(60, 8), empty);
  });

  it("a large heart halves the gain, and the axis says so", () => {
    const gains = [1, 4, 7, 12].map((mv) => {
      const trace = paper(false);
      for (let i = 0; i < 4; i++) trace.push(flat(100, (i % 2) * mv * ONE_MV));
      return /[\d.]+ mm\/mV/.exec(trace.lines(80, 10).at(-1)!)?.[0];
    });
    deep(gains, ["10 mm/mV", "5 mm/mV", "2.5 mm/mV", "2.5 mm/mV"]);
  });

  it("old samples leave on the left", () => {
    const trace = paper(true);
    trace.push(flat(400, 300));
    const one = trace.lines(60, 8);
    trace.push(flat(4000, 300));
    deep(trace.lines(60, 8), one);
  });
});

describe("host/trace: the layout", () => {
  const status = ["Vagus", "\x1b[32mheart   72 bpm\x1b[0m", "a line that is far too long ".repeat(20)];
  for (const ascii of [false, true])
    it(`never wider or higher than the terminal, 1 to 220 columns${ascii ? ", ASCII" : ""}`, () => {
      const source = new SyntheticSource({ rateHz: 250 });
      const trace = new Trace({ rateHz: 250, nanovoltsPerStep: 5000, seconds: 6, ascii });
      trace.push(source.read(0, 1500)[0]!);
      for (let width = 1; width <= 220; width++)
        for (const height of [1, 3, 8, 24, 60])
          for (const color of [false, true]) {
            const lines = layout(trace, status, { width, height }, color);
            ok(lines.length <= height && lines.every((line) => cells(line) <= width), `${width} × ${height}`);
            if (width >= 40 && height >= 24) ok(lines.length > 20 || width >= 96, "and uses it");
          }
    });

  it("no colour where none is wanted", () => {
    const trace = paper(false);
    trace.push(flat(400, 10));
    for (const width of [50, 120])
      ok(layout(trace, ["plain"], { width, height: 12 }).every((line) => !line.includes("\x1b")));
  });

  it("beside the trace from 96 columns on, below it before", () => {
    const trace = paper(true);
    same(layout(trace, ["Vagus"], { width: 96, height: 12 })[0]!.indexOf("Vagus"), 66);
    same(layout(trace, ["Vagus"], { width: 95, height: 12 })[11], "Vagus");
  });
});
