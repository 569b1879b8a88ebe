/** The pacer's markers under a trace: the atrium's on one line, the ventricle's on the next, where they belong in time. */
import type { Marker } from "../../modules/cardiac/pacer/index.js";
import { GUTTER } from "./trace.js";

/**
 * Two lines of at most `width` characters. Where two markers would touch, the earlier one gives way; refractory ones are in
 * parentheses.
 * @param span what the trace above shows, in milliseconds of the markers' clock
 */
export function markerLane(
  markers: readonly Marker[],
  span: { readonly fromMs: number; readonly toMs: number },
  width: number,
  ascii = false,
): string[] {
  const columns = width - GUTTER;
  const ms = span.toMs - span.fromMs;
  if (columns < 4 || ms <= 0) return [];
  return ["A", "V"].map((chamber) => {
    const cells = new Array<string>(columns).fill(" ");
    for (const marker of markers) {
      if (chamberOf(marker) !== chamber || marker.atMs < span.fromMs || marker.atMs >= span.toMs) continue;
      const word = marker.refractory ? `(${marker.name})` : marker.name;
      const middle = Math.floor(((marker.atMs - span.fromMs) * columns) / ms);
      const at = middle - (word.length >> 1);
      if (at < 0 || at + word.length > columns) continue;
      clear(cells, at - 1);
      for (let i = 0; i < word.length; i++) cells[at + i] = word[i] as string;
    }
    return `${chamber.padStart(GUTTER - 2)} ${ascii ? "|" : "│"}${cells.join("")}`.trimEnd();
  });
}

/** A PVC is the ventricle's. */
function chamberOf({ name }: Marker): string {
  return name.startsWith("A") ? "A" : "V";
}

/** A word that reaches to `at` goes, as a half of it would be another one. */
function clear(cells: string[], at: number): void {
  for (let i = at + 1; i < cells.length && cells[i] !== " "; i++) cells[i] = " ";
  for (let i = at; i >= 0 && cells[i] !== " "; i--) cells[i] = " ";
}
