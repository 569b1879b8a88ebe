/**
 * The device on a display: link and battery, the ECG in a sweep with the pacer's markers below it, rate, pacing, credential and journal.
 * What has not changed is not drawn again, and of the trace only what the beam passes.
 */
import type { Implant } from "../../cardiac/index.js";
import type { Marker } from "../../cardiac/pacer/index.js";
import type { DeviceView } from "../../device/index.js";
import { Beam, type Column } from "./beam.js";
import type { Canvas, Color, Rectangle, Size } from "./canvas.js";
import type { Samples } from "./heart.js";
import { type Layout, layoutOf } from "./layout.js";
import type { Pulse } from "./pulse.js";
import * as words from "./words.js";

/** Columns that are wiped ahead of the beam. */
const AHEAD = 10;
/** A trace this thick, in pixels. */
const LINE = 2;
const GRID = { ms: 200, mv: 0.5 };
const MARGIN = 10;
const DOT = 8;

export interface Shown {
  readonly samples: Samples;
  readonly pulse: Pulse;
  readonly implant: Implant | undefined;
}

export class View {
  private canvas: Canvas;
  private layout: Layout;
  private shown: Shown;
  private beam: Beam;
  /** Pixels a step of the samples. */
  private scale: number;
  /** What each place says now. */
  private said: string[] = [];

  constructor(canvas: Canvas, shown: Shown) {
    this.canvas = canvas;
    this.shown = shown;
    this.layout = layoutOf(canvas.width, canvas.height);
    this.beam = new Beam(shown.samples, this.layout.speed);
    this.scale = (this.layout.millivolt * shown.samples.format.nanovoltsPerStep) / 1e6;
    const { trace, marks } = this.layout;
    this.paint("ground", { x: 0, y: 0, width: canvas.width, height: canvas.height });
    this.paper(trace.x, trace.width);
    this.paint("paper", marks);
  }

  /** It draws no more, and shows nothing that could be taken for now. */
  stop(): void {
    const { canvas } = this;
    const { width, height } = canvas;
    const text = this.fit(["display failed", "failed"], "large", width);
    const x = Math.max(0, (width - canvas.textWidth(text, "large")) >> 1);
    canvas.begin(0, 0, width, height);
    canvas.fill("ground", 0, 0, width, height);
    canvas.text(text, "large", "bad", x, (height - canvas.lineHeight("large")) >> 1);
    canvas.end();
  }

  /** What changes with the seconds. @param nowMs of the heart's clock */
  say(view: DeviceView | undefined, nowMs: number, fault?: string): void {
    const { implant, pulse } = this.shown;
    const rate = pulse.rate(nowMs);
    const heart = rate === undefined ? "--" : `${rate}`;
    this.header(words.link(view, fault), implant && words.battery(implant));
    this.cell(0, "heart", { texts: [heart], color: rate === undefined ? "dim" : "ink" }, "large");
    this.cell(1, "pacing", words.pacing(implant));
    this.cell(2, "credential", words.credential(view));
    this.cell(3, "journal", words.journal(view));
  }

  /** The trace up to a time of the heart's clock. */
  draw(untilMs: number): void {
    const { beam, layout, canvas } = this;
    const { trace, marks } = layout;
    beam.catchUp(untilMs);
    const end = beam.endAt(untilMs);
    while (beam.next < end) {
      const from = beam.next;
      const x = from % trace.width;
      const stop = Math.min(end, from - x + trace.width); // to the right edge, then from the left again
      const { y, height } = trace;
      const wiped = Math.min(stop - from + AHEAD, trace.width - x);
      canvas.begin(x, y, wiped, height);
      this.lines(x, wiped);
      beam.run(stop, (column, index) => this.column(column, index % trace.width));
      canvas.end();
      canvas.begin(x, marks.y, wiped, marks.height);
      canvas.fill("paper", x, marks.y, wiped, marks.height);
      canvas.end();
    }
    this.markers();
  }

  private column(column: Column | undefined, x: number): void {
    if (column === undefined) return;
    const { trace, zero } = this.layout;
    const place = (value: number) => {
      const y = Math.round(zero - value * this.scale);
      return Math.max(0, Math.min(trace.height - LINE, y));
    };
    const top = place(column.high);
    this.canvas.fill("trace", x, trace.y + top, 1, place(column.low) - top + LINE);
  }

  /** Markers whose label the beam has passed. */
  private markers(): void {
    const { pulse } = this.shown;
    const { canvas, beam } = this;
    const msPerColumn = 1000 / this.layout.speed;
    const room = Math.ceil(canvas.textWidth("(PVC)", "small") / 2) + 2;
    for (;;) {
      const marker = pulse.take((beam.next - room) * msPerColumn);
      if (marker === undefined) return;
      this.mark(marker, beam.columnAt(marker.atMs));
    }
  }

  private mark(marker: Marker, index: number): void {
    const { canvas } = this;
    const { marks } = this.layout;
    const atrial = marker.name.startsWith("A");
    const label = marker.refractory ? `(${marker.name})` : marker.name;
    const color: Color = atrial ? "atrium" : "ventricle";
    const width = canvas.textWidth(label, "small");
    const middle = index % marks.width;
    const x = Math.max(0, Math.min(marks.width - width, middle - (width >> 1)));
    const row = (marks.height - 2) >> 1;
    const y = marks.y + (atrial ? 1 : 1 + row);
    canvas.begin(x, y, width, row);
    canvas.fill("paper", x, y, width, row);
    canvas.text(
      label,
      "small",
      marker.refractory ? "dim" : color,
      x,
      y + ((row - canvas.lineHeight("small")) >> 1),
    );
    canvas.end();
  }

  private header(link: words.Words, battery: words.Words | undefined): void {
    const { canvas } = this;
    const { header } = this.layout;
    const percent = battery?.texts[0] ?? "";
    const right = canvas.textWidth(percent, "small");
    const gauge = battery === undefined ? 0 : 26;
    const left = MARGIN + DOT + 8;
    const text = this.fit(link.texts, "small", header.width - left - right - gauge - 2 * MARGIN);
    if (this.same(0, `${link.color}${text}${percent}${battery?.color}`)) return;
    const y = (header.height - canvas.lineHeight("small")) >> 1;
    const { width, height } = header;
    canvas.begin(0, 0, width, height);
    canvas.fill("ground", 0, 0, width, height);
    canvas.fill(link.color, MARGIN, (height - DOT) >> 1, DOT, DOT);
    canvas.text(text, "small", link.color === "dim" ? "dim" : "ink", left, y);
    if (battery !== undefined) {
      const x = width - MARGIN - 20;
      const top = (height - 10) >> 1;
      canvas.fill("dim", x, top, 18, 10);
      canvas.fill("dim", x + 18, top + 3, 2, 4);
      canvas.fill("ground", x + 1, top + 1, 16, 8);
      canvas.fill(battery.color, x + 2, top + 2, Math.max(1, Math.round(14 * (battery.part ?? 0))), 6);
      canvas.text(percent, "small", battery.color, x - 6 - right, y);
    }
    canvas.end();
  }

  private cell(
    index: number,
    caption: string,
    { texts, color, caption: own, part }: words.Words,
    size: Size = "small",
  ): void {
    const { canvas } = this;
    const box = this.layout.cells[index]!;
    const name = own ?? caption;
    const stacked = box.height >= 2 * canvas.lineHeight("small") && size === "small";
    const left = stacked ? box.x + MARGIN : box.x + MARGIN + canvas.textWidth(`${name}  `, "small");
    const text = this.fit(texts, size, box.x + box.width - left - 4);
    const length = part === undefined ? 0 : Math.round((box.width - 2 * MARGIN) * part);
    if (this.same(1 + index, `${color}${name}${text}${length}`)) return;
    const { x, y, width, height } = box;
    const line = canvas.lineHeight("small");
    const gap = Math.max(0, (height - 2 * line) >> 1) - (part === undefined ? 0 : 3);
    canvas.begin(x, y, width, height);
    canvas.fill("ground", x, y, width, height);
    canvas.fill("line", x, y, width, 1);
    if (x > 0) canvas.fill("line", x, y, 1, height);
    canvas.text(name, "small", "dim", x + MARGIN, stacked ? y + gap : y + ((height - line) >> 1));
    canvas.text(
      text,
      size,
      color,
      left,
      stacked ? y + gap + line : y + ((height - canvas.lineHeight(size)) >> 1),
    );
    if (part !== undefined) {
      canvas.fill("line", x + MARGIN, y + height - 3, width - 2 * MARGIN, 2);
      canvas.fill(color, x + MARGIN, y + height - 3, length, 2);
    }
    canvas.end();
  }

  private fit(texts: readonly string[], size: Size, width: number): string {
    const fits = texts.find((text) => this.canvas.textWidth(text, size) <= width);
    return fits ?? texts[texts.length - 1] ?? "";
  }

  private same(place: number, said: string): boolean {
    if (this.said[place] === said) return true;
    this.said[place] = said;
    return false;
  }

  private paint(color: Color, { x, y, width, height }: Rectangle): void {
    this.canvas.begin(x, y, width, height);
    this.canvas.fill(color, x, y, width, height);
    this.canvas.end();
  }

  private paper(x: number, width: number): void {
    const { y, height } = this.layout.trace;
    this.canvas.begin(x, y, width, height);
    this.lines(x, width);
    this.canvas.end();
  }

  /** Paper with its grid. */
  private lines(x: number, width: number): void {
    const { canvas } = this;
    const { trace, millivolt, zero, speed } = this.layout;
    canvas.fill("paper", x, trace.y, width, trace.height);
    const stepY = millivolt * GRID.mv;
    for (let y = zero % stepY; y < trace.height; y += stepY)
      canvas.fill("grid", x, trace.y + Math.round(y), width, 1);
    const stepX = Math.round((speed * GRID.ms) / 1000);
    for (let at = Math.ceil(x / stepX) * stepX; at < x + width; at += stepX)
      canvas.fill("grid", at, trace.y, 1, trace.height);
  }
}
