/** Dots of a drawing, two by four a character, as braille (Unicode 2800 to 28FF) or as ASCII. */

/** Bit of a dot in a cell, by row and column: the order of Unicode's braille patterns. */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export class Raster {
  readonly columns: number;
  readonly rows: number;
  #cells: Uint8Array;

  /** @param columns characters; @param rows characters */
  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = new Uint8Array(columns * rows);
  }

  /** Sets the dots of column `x` from `from` to `to`, in either order; what lies outside is cut off. */
  stroke(x: number, from: number, to: number): void {
    const column = x >> 1;
    if (x < 0 || column >= this.columns) return;
    const top = Math.max(0, Math.min(from, to));
    const bottom = Math.min(4 * this.rows - 1, Math.max(from, to));
    for (let y = top; y <= bottom; y++)
      this.#cells[(y >> 2) * this.columns + column]! |= BITS[y & 3]![(x & 1) as 0 | 1];
  }

  /** A row of characters; empty cells are spaces. */
  row(index: number, ascii: boolean): string {
    const cells = this.#cells.subarray(index * this.columns, (index + 1) * this.columns);
    let text = "";
    for (const cell of cells)
      text += cell === 0 ? " " : ascii ? asciiOf(cell) : String.fromCharCode(0x2800 + cell);
    return text;
  }
}

function asciiOf(cell: number): string {
  const [top, high, low, bottom] = BITS.map(([left, right]) => (cell & (left | right)) !== 0);
  if (top && bottom) return "|";
  if (top) return low ? "|" : "'";
  if (bottom) return high ? "|" : low ? "." : "_";
  return "-";
}
