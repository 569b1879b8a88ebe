/** The moving trace: a pen that goes round the paper, and a gap before it that tells new from old. */
import type { Step } from "../model/playout.js";
import type { TraceBuffer } from "../model/trace-buffer.js";
import { drawEvent, drawLaneLine, type LaneEvent } from "./markers.js";
import { type Layout, MARGIN_PX, MM, PX_PER_S } from "./paper.js";
import { hatch, strokeTrace } from "./trace.js";

/** Cleared before the pen. */
const AHEAD_PX = 5 * MM;
/** A marker's letters are as wide as this to either side: they are drawn when the pen is past them. */
const LETTERS_PX = 16;
/** Markers are looked through when the pen has gone so far. */
const LOOK_PX = 12;

export class Sweep {
  readonly #context: CanvasRenderingContext2D;
  readonly #buffer: TraceBuffer;
  readonly #layout: Layout;
  readonly #width: number;
  readonly #height: number;
  readonly #span: number;
  readonly #pxPerSample: number;
  /** The sample that stands at the left end. */
  #origin = 0;
  #drawn = 0;
  #fresh = true;
  #lookedPx = 0;
  readonly #told = new Map<string, number>();

  constructor(
    context: CanvasRenderingContext2D,
    buffer: TraceBuffer,
    layout: Layout,
    width: number,
    height: number,
  ) {
    this.#context = context;
    this.#buffer = buffer;
    this.#layout = layout;
    this.#width = width;
    this.#height = height;
    this.#span = Math.max(1, width - MARGIN_PX);
    this.#pxPerSample = PX_PER_S / buffer.format.rateHz;
    context.clearRect(0, 0, width, height);
    drawLaneLine(context, MARGIN_PX, this.#span, layout.markersMm * MM);
  }

  /** @param events those of a span of the heart's clock, in ms */
  draw({ from, to, jumped }: Step, events: (fromMs: number, toMs: number) => readonly LaneEvent[]): void {
    const back = Math.floor((this.#span - AHEAD_PX) / this.#pxPerSample);
    if (this.#fresh || jumped) {
      // what was before the pen is drawn anew: after a change of size, and where it did not come by drawing
      this.#origin = Math.max(this.#buffer.start, Math.floor(from) - back);
      this.#drawn = this.#origin;
      this.#clear(0, this.#span);
      this.#told.clear();
      this.#lookedPx = LOOK_PX;
    }
    this.#fresh = false;
    const end = Math.floor(to);
    if (end <= this.#drawn) return;
    this.#drawn = Math.max(this.#drawn, end - back); // of more than one round the last is drawn, and nothing over it
    const px = (end - this.#drawn) * this.#pxPerSample;
    this.#clear(this.#along(this.#drawn) + 1, px + AHEAD_PX);
    this.#stroke(Math.max(this.#origin, this.#drawn - 1), end);
    this.#drawn = end;
    this.#lookedPx += px;
    if (this.#lookedPx < LOOK_PX) return;
    this.#lookedPx = 0;
    this.#mark(events);
  }

  /** Where on the paper a sample is: pixels behind the margin. */
  #along(index: number): number {
    const along = ((index - this.#origin) * this.#pxPerSample) % this.#span;
    return along < 0 ? along + this.#span : along;
  }

  #stroke(from: number, to: number): void {
    const context = this.#context;
    for (let at = from; at < to - 1; ) {
      const startPx = this.#along(at);
      const room = Math.floor((this.#span - startPx) / this.#pxPerSample);
      const end = Math.min(to, at + Math.max(1, room) + 1);
      const x = (index: number) => MARGIN_PX + startPx + (index - at) * this.#pxPerSample;
      for (const lane of this.#layout.lanes) strokeTrace(context, this.#buffer, lane, at, end, x);
      this.#hatchMissing(at, end, x);
      at = Math.max(at + 1, end - 1);
    }
  }

  #hatchMissing(from: number, to: number, x: (index: number) => number): void {
    let first = from;
    while (first < to && this.#buffer.at(0, first) !== -32768) first++;
    if (first === to) return;
    let end = first;
    while (end < to && this.#buffer.at(0, end) === -32768) end++;
    hatch(this.#context, x(first), x(end) - x(first), this.#height);
  }

  #clear(fromPx: number, width: number): void {
    let at = fromPx % this.#span;
    let left = Math.min(width, this.#span);
    const topPx = this.#layout.markersMm * MM;
    while (left > 0) {
      const part = Math.min(left, this.#span - at);
      this.#context.clearRect(MARGIN_PX + at, 0, part, this.#height);
      drawLaneLine(this.#context, MARGIN_PX + at, part, topPx);
      left -= part;
      at = 0;
    }
  }

  #mark(events: (fromMs: number, toMs: number) => readonly LaneEvent[]): void {
    const { rateHz } = this.#buffer.format;
    const penPx = this.#drawn * this.#pxPerSample;
    const toMs = ((penPx - LETTERS_PX) / PX_PER_S) * 1000;
    const backMs = (Math.max(0, this.#span - AHEAD_PX - 3 * LETTERS_PX) / PX_PER_S) * 1000;
    // what lies before the first sample of this paper has no place on it
    const fromMs = Math.max(toMs - backMs, this.#buffer.msOf(this.#origin));
    if (fromMs >= toMs) return;
    for (const event of events(fromMs, toMs)) {
      const name = `${event.word}${event.atMs}`;
      if (this.#told.has(name)) continue;
      this.#told.set(name, event.atMs);
      const along = this.#along((event.atMs * rateHz) / 1000);
      const before = Math.min(along, ((event.sinceMs ?? 0) / 1000) * PX_PER_S);
      if (along < LETTERS_PX / 2) continue;
      drawEvent(this.#context, event, MARGIN_PX + along, this.#layout.markersMm * MM, before);
    }
    for (const [name, atMs] of this.#told) if (atMs < fromMs - 1000) this.#told.delete(name);
  }

  get width(): number {
    return this.#width;
  }
}
