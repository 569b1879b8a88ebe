/** Puts frames of lines on a terminal; only rows that changed are written. Into a pipe goes one line a second. */
import { clip } from "./text.js";

export interface ScreenStream {
  write(text: string): unknown;
  columns?: number | undefined;
  rows?: number | undefined;
  isTTY?: boolean | undefined;
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_SCREEN = "\x1b[2J";
const CLEAR_LINE = "\x1b[2K";
const CLEAR_BELOW = "\x1b[J";
const PLAIN_EVERY_MS = 1000;

export class Screen {
  #stream: ScreenStream;
  #now: () => number;
  #shown: string[] | undefined;
  #size = "";
  #plainAt = -Infinity;
  #ended = false;

  /** @param now monotonic milliseconds */
  constructor(stream: ScreenStream, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
  }

  /** Shows `lines`, cut to the terminal; not on a terminal, `plain` instead, if the last was a second ago. */
  draw(lines: readonly string[], plain: string = lines[0] ?? ""): void {
    if (this.#ended) return;
    if (this.#stream.isTTY === true) this.#frame(lines);
    else if (this.#now() - this.#plainAt >= PLAIN_EVERY_MS) {
      this.#plainAt = this.#now();
      this.#stream.write(`${unstyled(clip(plain, 1000))}\n`);
    }
  }

  /** Gives the terminal back with the cursor below the last frame. Safe to call twice. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#shown !== undefined) this.#stream.write(`\x1b[0m\x1b[${this.#shown.length};1H${SHOW_CURSOR}\n`);
  }

  #frame(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.#stream;
    // The last row stays free, so that ending needs no scrolling.
    const frame = lines.slice(0, Math.max(1, rows - 1)).map((line) => clip(line, columns));
    const size = `${columns}x${rows}`;
    let out = "";
    if (this.#shown === undefined || size !== this.#size) {
      out += HIDE_CURSOR + CLEAR_SCREEN;
      this.#shown = [];
      this.#size = size;
    }
    const shown = this.#shown;
    // The line is cleared before it is written: after a full one some terminals would clear its last cell.
    for (const [row, line] of frame.entries())
      if (line !== shown[row]) out += `\x1b[${row + 1};1H${CLEAR_LINE}${line}`;
    if (frame.length < shown.length) out += `\x1b[${frame.length + 1};1H${CLEAR_BELOW}`;
    this.#shown = frame;
    if (out !== "") this.#stream.write(out);
  }
}

function unstyled(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the styles that clip leaves
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
