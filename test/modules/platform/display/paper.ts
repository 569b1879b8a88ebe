import { type Canvas, type Color, PALETTE } from "../../../../modules/platform/display/canvas.js";

const COLORS = Object.keys(PALETTE) as Color[];
const LINE = { small: 16, large: 28 };
const BLANK = 255;

/** A canvas that keeps its pixels, cut as a display's, and says where something was begun and not drawn over. */
export class Paper implements Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly texts: { readonly text: string; readonly color: Color; readonly x: number; readonly y: number }[] =
    [];
  /** Rectangles begun, and pixels of them that nothing was drawn on. */
  begun = 0;
  bare = 0;
  outside = 0;
  #clip: readonly [number, number, number, number] | undefined;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height).fill(BLANK);
  }

  begin(x: number, y: number, width: number, height: number): void {
    if (this.#clip !== undefined) throw new Error("begun twice");
    if (x < 0 || y < 0 || x + width > this.width || y + height > this.height) this.outside++;
    for (let row = y; row < y + height; row++)
      this.pixels.fill(BLANK, row * this.width + x, row * this.width + x + width);
    this.#clip = [x, y, width, height];
    this.begun++;
  }

  fill(color: Color, x: number, y: number, width: number, height: number): void {
    if (this.#clip === undefined) throw new Error("drawn before begin");
    const [left, top, wide, high] = this.#clip;
    const from = Math.max(x, left);
    const to = Math.min(x + width, left + wide);
    for (let row = Math.max(y, top); row < Math.min(y + height, top + high); row++)
      if (to > from) this.pixels.fill(COLORS.indexOf(color), row * this.width + from, row * this.width + to);
  }

  text(text: string, _size: "small" | "large", color: Color, x: number, y: number): void {
    this.texts.push({ text, color, x, y });
  }

  end(): void {
    const [x, y, width, height] = this.#clip!;
    this.#clip = undefined;
    for (let row = y; row < y + height; row++)
      for (let at = x; at < x + width; at++) if (this.pixels[row * this.width + at] === BLANK) this.bare++;
  }

  textWidth(text: string, size: "small" | "large"): number {
    return (text.length * LINE[size]) >> 1;
  }

  lineHeight(size: "small" | "large"): number {
    return LINE[size];
  }

  /** Of a column, the highest and lowest row of this colour. */
  rows(color: Color, x: number): readonly [number, number] | undefined {
    const index = COLORS.indexOf(color);
    const rows = Array.from({ length: this.height }, (_, y) => y).filter(
      (y) => this.pixels[y * this.width + x] === index,
    );
    return rows.length === 0 ? undefined : [rows[0], rows[rows.length - 1]];
  }
}
