/** The pen on the paper, by what it strokes and clears. */
import { eventsOf } from "../../../host/web/draw/markers.js";
import { layoutOf, MARGIN_PX, MM, PX_PER_S } from "../../../host/web/draw/paper.js";
import { Sweep } from "../../../host/web/draw/sweep.js";
import { TraceBuffer } from "../../../host/web/model/trace-buffer.js";
import type { Marker } from "../../../modules/cardiac/pacer/index.js";
import { deep, ok } from "../../support/assert.js";

const FORMAT = { rateHz: 100, nanovoltsPerStep: 5000, channels: ["II"] };
const WIDTH = 500;

const LAYOUT = layoutOf(FORMAT.channels);

/** What of the trace's paper has ink, in whole pixels: how often it was drawn over since it was cleared. */
class FakePaper {
  readonly ink = new Map<number, number>();
  /** Where a marker's letters stand. */
  readonly letters: [string, number][] = [];
  #at = 0;
  #stroking: number[] = [];

  beginPath() {
    this.#stroking = [];
  }
  moveTo(x: number) {
    this.#at = x;
  }
  lineTo(x: number, y: number) {
    const isTrace = y < LAYOUT.markersMm * MM; // below is the markers' line
    for (let px = Math.ceil(this.#at); isTrace && px < x; px++) this.#stroking.push(px);
    this.#at = x;
  }
  fillText(text: string, x: number) {
    this.letters.push([text, Math.round(x)]);
  }
  stroke() {
    for (const px of this.#stroking) this.ink.set(px, (this.ink.get(px) ?? 0) + 1);
  }
  /** Pixels in a row that were drawn over more than once; where two strokes meet it is a few. */
  get over(): number {
    let [longest, run] = [0, 0];
    for (let px = 0; px <= WIDTH; px++) {
      run = (this.ink.get(px) ?? 0) > 1 ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
  clearRect(x: number, _y: number, width: number) {
    for (let px = Math.floor(x); px <= x + width; px++) this.ink.delete(px);
  }
}

function made(first = 0) {
  const paper = new FakePaper();
  const context = new Proxy(paper, {
    get: (target, name) => {
      const own = Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : (own ?? (() => {}));
    },
    set: () => true,
  }) as unknown as CanvasRenderingContext2D;
  const buffer = new TraceBuffer(FORMAT, 60);
  buffer.put(first, [new Int16Array(6000).fill(1)]);
  const sweep = new Sweep(context, buffer, LAYOUT, WIDTH, 200);
  return { paper, sweep };
}

const step = (from: number, to: number) => ({ from, to, jumped: false });

describe("The sweep", () => {
  it("where the pen jumps, all of the paper is of one time: nothing of the round before is left on it", () => {
    const { paper, sweep } = made();
    for (let at = 0; at < 900; at += 10) sweep.draw(step(at, at + 10), () => []);
    const events = [1500, 1650, 1800].map((at) => ({ word: "VP", atMs: at * 10, paced: true, above: false }));
    sweep.draw({ from: 2000, to: 2000, jumped: true }, () => events as never);
    ok(paper.over <= 3, `${paper.over} px are drawn over`);
    const right = Math.max(...paper.ink.keys());
    const there = [...paper.ink.keys()].filter((px) => px > MARGIN_PX && px < right).length;
    ok(there >= right - MARGIN_PX - 3, `${there} px of ink up to ${right}`);
  });

  it("a marker from before the first sample of the paper is not drawn: it has no trace to stand under", () => {
    const { paper, sweep } = made(1000);
    const markers = [9_900, 10_500].map((atMs) => ({ name: "VP", refractory: false, atMs }) as Marker);
    const events = (fromMs: number, toMs: number) => eventsOf(markers, fromMs, toMs);
    sweep.draw({ from: 1000, to: 1000, jumped: true }, events);
    for (let at = 1000; at < 1200; at += 10) sweep.draw(step(at, at + 10), events);
    const words = paper.letters.filter(([text]) => text === "VP"); // and the ms since the one before
    deep(words, [["VP", Math.round(MARGIN_PX + 0.5 * PX_PER_S)]]);
  });

  for (const rounds of [0.3, 1, 1.2, 3.7]) {
    it(`after a pause of ${rounds} rounds no place has two traces over one another`, () => {
      const { paper, sweep } = made();
      const round = ((WIDTH - MARGIN_PX) / PX_PER_S) * FORMAT.rateHz;
      const first = Math.floor(0.6 * round);
      for (let at = 0; at < first; at += 10) sweep.draw(step(at, at + 10), () => []);
      const to = Math.floor(first + rounds * round);
      sweep.draw(step(first, to), () => []);
      for (let at = to; at < to + 40; at += 10) sweep.draw(step(at, at + 10), () => []);
      ok(paper.over <= 3, `${paper.over} px are drawn over`);
      ok(paper.ink.size > 0.5 * WIDTH, `${paper.ink.size} px of ink`);
    });
  }
});
