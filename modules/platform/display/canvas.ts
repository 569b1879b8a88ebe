/** What the view draws on: Poco on a board and in the simulator (poco.ts), a list of what was drawn in tests. */

/** Red, green and blue, 0 to 255. */
export const PALETTE = {
  ground: [10, 16, 24],
  paper: [16, 27, 39],
  grid: [28, 44, 60],
  line: [40, 60, 80],
  ink: [232, 238, 242],
  dim: [126, 148, 170],
  trace: [98, 232, 148],
  atrium: [104, 196, 255],
  ventricle: [255, 184, 76],
  good: [98, 232, 148],
  busy: [104, 196, 255],
  warn: [255, 184, 76],
  bad: [255, 96, 96],
} as const;
export type Color = keyof typeof PALETTE;

export type Size = "small" | "large";

/** Pixels from the top left. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** What is drawn until `end` is cut to this rectangle, and must fill it: a display keeps no picture of its own. */
  begin(x: number, y: number, width: number, height: number): void;
  fill(color: Color, x: number, y: number, width: number, height: number): void;
  /** @param y of the line's top */
  text(text: string, size: Size, color: Color, x: number, y: number): void;
  end(): void;
  textWidth(text: string, size: Size): number;
  lineHeight(size: Size): number;
}
