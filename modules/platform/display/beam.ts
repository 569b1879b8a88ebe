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

export class Beam {
  readonly #samples: Samples;
  readonly #perColumn: number;
  readonly #channels: Int16Array[];
  readonly #columnMs: number;
  readonly #column: Column = { index: 0, low: 0, high: 0 };
  #next = 0;
  #last: number | undefined;

  /** @param speed columns a second */
  constructor(samples: Samples, speed: number) {
    const { rateHz, channels } = samples.format;
    this.#samples = samples;
    this.#columnMs = 1000 / speed;
    this.#perColumn = rateHz / speed;
    this.#channels = channels.map(() => new Int16Array(Math.ceil(this.#perColumn) + 1));
  }

  /** The column that is drawn next. */
  get next(): number {
    return this.#next;
  }

  columnAt(ms: number): number {
    return Math.floor(ms / this.#columnMs);
  }

  /** Before which column can be drawn at a time: its own time has come, and its samples. */
  endAt(ms: number): number {
    return Math.min(this.columnAt(ms), Math.floor(this.#samples.end / this.#perColumn));
  }

  /** Whoever comes too late to make up for it goes on with now. */
  catchUp(untilMs: number): void {
    const late = Math.ceil(LATE_MS / this.#columnMs);
    const end = this.columnAt(untilMs);
    if (end - this.#next <= late) return;
    this.#next = end - late;
    this.#last = undefined;
  }

  /** Draws those before `end` that were not drawn, in order; one whose samples are gone is empty. The object is used again. */
  run(end: number, draw: (column: Column | undefined, index: number) => void): void {
    for (; this.#next < end; this.#next++) draw(this.#look(this.#next), this.#next);
  }

  #look(index: number): Column | undefined {
    const first = Math.floor(index * this.#perColumn);
    const wanted = Math.max(1, Math.floor((index + 1) * this.#perColumn) - first);
    const [samples] = this.#channels;
    const count = Math.min(wanted, this.#samples.look(first, this.#channels));
    if (count === 0) {
      this.#last = undefined;
      return undefined;
    }
    const column = this.#column;
    column.index = index;
    column.low = column.high = this.#last ?? samples![0]!;
    for (let i = 0; i < count; i++) {
      const value = samples![i]!;
      if (value < column.low) column.low = value;
      if (value > column.high) column.high = value;
    }
    this.#last = samples![count - 1]!;
    return column;
  }
}
