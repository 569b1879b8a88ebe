/** Text for a terminal that is not to be trusted with more: widths, controls, colours. */

/** What a terminal can show, from the environment (POSIX's locale order, no-color.org) and the stream. */
export function terminalStyle(
  env: Readonly<Record<string, string | undefined>>,
  stream: { isTTY?: boolean },
): { ascii: boolean; color: boolean } {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return {
    ascii: !/utf-?8/i.test(locale) || env.TERM === "linux",
    color: stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
  };
}

/** Text in an SGR colour or style, such as 32 for green; unchanged without `color`. */
export function paint(text: string, sgr: number, color: boolean): string {
  return color && text !== "" ? `\x1b[${sgr}m${text}\x1b[0m` : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what this looks for
const PIECES = /\x1b\[[0-9;]*m|[\s\S]/gu;
// Two cells wide, of no width, or turning the line around: their place in a row is not known everywhere.
const UNSAFE =
  /[\p{C}\p{M}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{10000}-\u{10ffff}]/u;

/** Cells that `text` takes. */
export function cells(text: string): number {
  let count = 0;
  for (const [piece] of text.matchAll(PIECES)) if (!isStyle(piece)) count++;
  return count;
}

/** `text` in at most `columns` cells; colours stay, every other control and every character of unsure width is a `?`. */
export function clip(text: string, columns: number): string {
  let out = "";
  let count = 0;
  let styled = false;
  for (const [piece] of text.matchAll(PIECES)) {
    if (isStyle(piece)) {
      out += piece;
      styled = piece !== "\x1b[0m";
      continue;
    }
    if (count === columns) break;
    out += UNSAFE.test(piece) ? "?" : piece;
    count++;
  }
  return styled ? `${out}\x1b[0m` : out;
}

function isStyle(piece: string): boolean {
  return piece.length > 1 && piece.startsWith("\x1b[");
}
