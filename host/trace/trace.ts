/**
 * The last seconds of an ECG as lines of text. Paper runs at 25 mm/s and 10 mm/mV (IEC 60601-2-25), so a second is as
 * long as 2.5 mV are high; where the heart is too large for the lines there are, the gain halves, and the axis says so.
 * Samples that are missing leave the paper white: never a flat line.
 */
import { Raster } from "./raster.js";

export interface TraceOptions {
  rateHz: number;
  nanovoltsPerStep: number;
  /** Shown across the whole width. */
  seconds: number;
  ascii?: boolean;
}

const GAINS_MM_PER_MV = [10, 5, 2.5] as const;
const PAPER_MM_PER_S = 25;
/** Characters before the drawing: `-1.5 ┤`. */
export const GUTTER = 6;

export class Trace {
  #options: TraceOptions;
  #samples: Int16Array;
  #present: Uint8Array;
  #at = 0;

  constructor(options: TraceOptions) {
    this.#options = options;
    this.#samples = new Int16Array(Math.max(1, Math.round(options.rateHz * options.seconds)));
    this.#present = new Uint8Array(this.#samples.length);
  }

  push(samples: Int16Array): void {
    for (const sample of samples) this.#put(sample, 1);
  }

  /** `count` samples are missing or not here yet. */
  gap(count: number): void {
    for (let left = Math.min(count, this.#samples.length); left > 0; left--) this.#put(0, 0);
  }

  /** `height` lines of at most `width` characters: the drawing with its scale in mV, and the time axis below. */
  lines(width: number, height: number): string[] {
    const columns = width - GUTTER;
    const rows = height - 1;
    if (columns < 4 || rows < 1) return [];
    const dotsPerSecond = (2 * columns) / this.#options.seconds;
    const range = this.#range();
    if (range === undefined) return this.#blank(columns, rows);
    const gain = this.#gain(range, dotsPerSecond, rows);
    const dotsPerMv = (dotsPerSecond * gain) / PAPER_MM_PER_S;
    // The middle moves in quarters of a millivolt, so that the picture stands still while the baseline wanders.
    const middleMv = Math.round(2 * (range.least + range.most)) / 4;
    const raster = this.#draw(columns, rows, middleMv, dotsPerMv);
    const labels = this.#labels(rows, middleMv, dotsPerMv);
    const lines = labels.map((label, row) =>
      (label + raster.row(row, this.#options.ascii ?? false)).trimEnd(),
    );
    return [...lines, this.#axis(columns, `${PAPER_MM_PER_S} mm/s ${gain} mm/mV`)];
  }

  #put(sample: number, present: 0 | 1): void {
    this.#samples[this.#at] = sample;
    this.#present[this.#at] = present;
    this.#at = (this.#at + 1) % this.#samples.length;
  }

  #millivolts(slot: number): number {
    return (this.#samples[slot]! * this.#options.nanovoltsPerStep) / 1e6;
  }

  #range(): { least: number; most: number } | undefined {
    let least = Infinity;
    let most = -Infinity;
    for (let slot = 0; slot < this.#samples.length; slot++) {
      if (this.#present[slot] === 0) continue;
      least = Math.min(least, this.#millivolts(slot));
      most = Math.max(most, this.#millivolts(slot));
    }
    return most >= least ? { least, most } : undefined;
  }

  #gain(range: { least: number; most: number }, dotsPerSecond: number, rows: number): number {
    const fits = (gain: number) =>
      ((range.most - range.least + 0.25) * dotsPerSecond * gain) / PAPER_MM_PER_S <= 4 * rows;
    return GAINS_MM_PER_MV.find(fits) ?? GAINS_MM_PER_MV[2];
  }

  #draw(columns: number, rows: number, middleMv: number, dotsPerMv: number): Raster {
    const raster = new Raster(columns, rows);
    const length = this.#samples.length;
    const toDot = (mv: number) => Math.round(2 * rows - 0.5 - (mv - middleMv) * dotsPerMv);
    let before: number | undefined;
    for (let x = 0; x < 2 * columns; x++) {
      const from = Math.floor((x * length) / (2 * columns));
      const to = Math.max(from + 1, Math.floor(((x + 1) * length) / (2 * columns)));
      let top = before ?? Infinity;
      let bottom = before ?? -Infinity;
      let last: number | undefined;
      for (let index = from; index < to; index++) {
        const slot = (this.#at + index) % length;
        last = this.#present[slot] === 1 ? toDot(this.#millivolts(slot)) : undefined;
        if (last === undefined) continue;
        top = Math.min(top, last);
        bottom = Math.max(bottom, last);
      }
      // A column that has nothing of its own stays white, whatever stood before it.
      if (last !== undefined || (before === undefined && bottom >= top)) raster.stroke(x, top, bottom);
      before = last;
    }
    return raster;
  }

  /** A label at every row whose span holds a multiple of the step: 0.5, 1 or 2 mV, two rows apart at least. */
  #labels(rows: number, middleMv: number, dotsPerMv: number): string[] {
    const step = [0.5, 1, 2, 4].find((mv) => mv * dotsPerMv >= 8) ?? 8;
    const [tick, wall] = this.#options.ascii ? ["+", "|"] : ["┤", "│"];
    return Array.from({ length: rows }, (_, row) => {
      const high = middleMv + (2 * rows - 4 * row) / dotsPerMv;
      const low = middleMv + (2 * rows - 4 * (row + 1)) / dotsPerMv;
      const value = Math.ceil(low / step) * step;
      const label = value < high ? (value === 0 ? "0 mV" : value.toFixed(1)) : "";
      return `${label.padStart(GUTTER - 2)} ${label === "" ? wall : tick}`;
    });
  }

  /** Seconds before now; what does not fit on the axis is left out. */
  #axis(columns: number, scale: string): string {
    const [corner, line, tick] = this.#options.ascii ? ["+", "-", "+"] : ["└", "─", "┴"];
    const cells = new Array<string>(columns).fill(line);
    const place = (text: string, at: number) => {
      for (let i = 0; i < text.length; i++) if (at + i >= 0 && at + i < columns) cells[at + i] = text[i]!;
    };
    const { seconds } = this.#options;
    for (let ago = 0; ago < seconds; ago++) place(tick, columns - 1 - Math.round((ago * columns) / seconds));
    const note = scale !== "" && columns >= scale.length + 24 ? ` ${scale} ` : "";
    const every = Math.max(1, Math.ceil((7 * seconds) / columns));
    for (let ago = every; ago < seconds; ago += every) {
      const at = columns - Math.round((ago * columns) / seconds);
      if (at > note.length + 1) place(`-${ago} s`, at);
    }
    place(note, 1);
    return " ".repeat(GUTTER - 1) + corner + cells.join("");
  }

  #blank(columns: number, rows: number): string[] {
    const text = "no signal";
    const wall = this.#options.ascii ? "|" : "│";
    const lines = Array.from({ length: rows }, () => " ".repeat(GUTTER - 1) + wall);
    if (columns >= text.length) lines[rows >> 1] += " ".repeat((columns - text.length) >> 1) + text;
    return [...lines, this.#axis(columns, "")];
  }
}
