/**
 * Where things stand on a display, from 240 x 240 pixels up.
 *
 *   ┌ header ───────────────────┐    what the link is, and the battery
 *   │ trace                     │    the ECG, in a sweep
 *   │ marks                     │    a row for the atrium's markers, one for the ventricle's
 *   ├ cell ───────┬ cell ───────┤    two columns, or one where that is too narrow
 *   └─────────────┴─────────────┘
 */
import type { Rectangle } from "./canvas.js";

export const CELLS = 4;

export interface Layout {
  readonly header: Rectangle;
  readonly trace: Rectangle;
  readonly marks: Rectangle;
  readonly cells: readonly Rectangle[];
  /** Pixels a second of the sweep, and a millivolt. */
  readonly speed: number;
  readonly millivolt: number;
  /** From the trace's top to 0 mV. */
  readonly zero: number;
}

/** What a trace shows: from so many millivolts below zero to so many above. */
const SHOWN_MV = { below: 1.3, above: 1.6 };
const ROW = 18;

export function layoutOf(width: number, height: number): Layout {
  const large = height >= 320 && width >= 320;
  const columns = width >= 300 ? 2 : 1;
  const header = { x: 0, y: 0, width, height: large ? 34 : 26 };
  const cell = { width: Math.floor(width / columns), height: columns === 2 ? 46 : 34 };
  const top = height - (CELLS / columns) * cell.height;
  const marks = { x: 0, y: top - 2 * ROW - 2, width, height: 2 * ROW + 2 };
  const trace = { x: 0, y: header.height, width, height: marks.y - header.height };
  const cells = Array.from({ length: CELLS }, (_, index) => ({
    x: (index % columns) * cell.width,
    y: top + Math.floor(index / columns) * cell.height,
    ...cell,
  }));
  const millivolt = trace.height / (SHOWN_MV.below + SHOWN_MV.above);
  return {
    header,
    trace,
    marks,
    cells,
    speed: large ? 120 : 100,
    millivolt,
    zero: Math.round(millivolt * SHOWN_MV.above),
  };
}
