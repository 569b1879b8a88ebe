/** A sweep of samples as columns of pixels: each from the lowest to the highest of its samples, so that no spike is lost. */
import type { Samples } from "./heart.js";

export interface Column {
  /** Which one since the start; the place on the display is the remainder by its width. */
  index: number;
  /** In steps of the format. */
  low: number;
  high: number;
}

/** The most that is made up for at once: whoever comes later than that goes on with now. */
const LATE_MS = 1500;

/** Samples that are looked at at once. */
const BLOCK = 64;

export class Beam {
  private readonly samples: Samples;
  private readonly perColumn: number;
  private readonly channels: Int16Array[];
  private readonly columnMs: number;
  private readonly column: Column = { index: 0, low: 0, high: 0 };
  /** The column that is drawn next. */
  next = 0;
  private last: number | undefined;
  /** What of the samples is in `channels`. */
  private first = 0;
  private count = 0;

  /** @param speed columns a second */
  constructor(samples: Samples, speed: number) {
    const { rateHz, channels } = samples.format;
    this.samples = samples;
    this.columnMs = 1000 / speed;
    this.perColumn = rateHz / speed;
    const room = Math.max(BLOCK, Math.ceil(this.perColumn) + 1);
    this.channels = channels.map(() => new Int16Array(room));
  }

  columnAt(ms: number): number {
    return Math.floor(ms / this.columnMs);
  }

  /** Before which column can be drawn at a time: its own time has come, and its samples. */
  endAt(ms: number): number {
    return Math.min(this.columnAt(ms), Math.floor(this.samples.end / this.perColumn));
  }

  /** Whoever comes too late to make up for it goes on with now. */
  catchUp(untilMs: number): void {
    const late = Math.ceil(LATE_MS / this.columnMs);
    const end = this.columnAt(untilMs);
    if (end - this.next <= late) return;
    this.next = end - late;
    this.last = undefined;
  }

  /** Draws those before `end` that were not drawn, in order; one whose samples are gone is empty. The object is used again. */
  run(end: number, draw: (column: Column | undefined, index: number) => void): void {
    for (; this.next < end; this.next++) draw(this.look(this.next), this.next);
  }

  private look(index: number): Column | undefined {
    const first = Math.floor(index * this.perColumn);
    const wanted = Math.max(1, Math.floor((index + 1) * this.perColumn) - first);
    if (first < this.first || first + wanted > this.first + this.count) {
      this.first = first;
      this.count = this.samples.look(first, this.channels);
    }
    const from = first - this.first;
    const end = Math.min(from + wanted, this.count);
    if (end <= from) {
      this.last = undefined;
      return undefined;
    }
    const samples = this.channels[0]!;
    let low = this.last ?? samples[from]!;
    let high = low;
    for (let i = from; i < end; i++) {
      const value = samples[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.last = samples[end - 1]!;
    const { column } = this;
    column.index = index;
    column.low = low;
    column.high = high;
    return column;
  }
}
