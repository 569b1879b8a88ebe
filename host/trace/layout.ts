/** The trace and the status block beside it, or below it where the terminal is narrow. */
import { cells, clip, paint } from "./text.js";
import type { Trace } from "./trace.js";

const SIDE_BY_SIDE = 96;
const STATUS_COLUMNS = 30;
const LEAST_ROWS = 5;

/** At most `height` lines of at most `width` cells. Where both do not fit, the trace gives way to the status. */
export function layout(
  trace: Trace,
  status: readonly string[],
  size: { width: number; height: number },
  color = false,
): string[] {
  const { width, height } = size;
  const green = (lines: string[]) =>
    lines.map((line, row) => (row === lines.length - 1 ? paint(line, 2, color) : paint(line, 32, color)));
  if (width >= SIDE_BY_SIDE) {
    const left = width - STATUS_COLUMNS - 2;
    const drawn = green(trace.lines(left, height));
    return Array.from({ length: Math.max(drawn.length, Math.min(height, status.length)) }, (_, row) => {
      const line = drawn[row] ?? "";
      const note = status[row] ?? "";
      if (note === "") return line;
      return `${line}${" ".repeat(left - cells(line) + 2)}${clip(note, STATUS_COLUMNS)}`;
    });
  }
  const notes = status.slice(0, height).map((note) => clip(note, width));
  const rows = height - notes.length;
  return [...(rows >= LEAST_ROWS ? green(trace.lines(width, rows)) : []), ...notes];
}
