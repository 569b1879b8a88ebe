/** The pacer's markers under the traces: the atrium's above a line, the ventricle's below it, and ms from one to the next. */
import type { Marker } from "../../modules/cardiac/pacer/index.js";
import { INK, line, MM_PER_S, text } from "./paper.js";

export const MARKERS_MM = 30;
const MIDDLE = 13;
const TICK = 4;
const LETTERS = 2.6;
/** Letters closer than this stand on two levels. */
const CROWDED_MM = 7;
const FAINT = "#6a6a78";
const PACED = "#1f4fa8";

const isAtrial = ({ name }: Marker): boolean => name.startsWith("A");
const isPaced = ({ name }: Marker): boolean => name === "AP" || name === "VP";

/** @param fromMs the time at `x`; @param y the lane's upper edge */
export function markerLane(
  markers: readonly Marker[],
  fromMs: number,
  x: number,
  y: number,
  width: number,
): string[] {
  const middle = y + MIDDLE;
  const at = ({ atMs }: Marker) => x + ((atMs - fromMs) / 1000) * MM_PER_S;
  const drawn = [line(x, middle, x + width, middle, 0.2, FAINT)];
  for (const atrial of [true, false]) {
    const up = atrial ? -1 : 1;
    let [last, level] = [-Infinity, 0];
    for (const marker of markers.filter((it) => isAtrial(it) === atrial)) {
      const here = at(marker);
      level = here - last < CROWDED_MM ? 1 - level : 0;
      last = here;
      const colour = marker.refractory ? FAINT : isPaced(marker) ? PACED : INK;
      const end = middle + up * (TICK + level * (LETTERS + 0.6));
      drawn.push(line(here, middle, here, end, isPaced(marker) ? 0.6 : 0.3, colour));
      const word = marker.refractory ? `(${marker.name})` : marker.name;
      const baseline = atrial ? end - 0.8 : end + LETTERS;
      drawn.push(
        text(here, baseline, word, { size: LETTERS, anchor: "middle", bold: isPaced(marker), colour }),
      );
    }
  }
  return [...drawn, ...intervals(markers, at, y + MARKERS_MM - 2.5)];
}

/** Whether the pacer says nothing of the ventricle, as in AAI. */
export const isAtrialOnly = (markers: readonly Marker[]): boolean => markers.every(isAtrial);

/** From one ventricular event to the next, or from one atrial one where there are no others; where there is room. */
function intervals(markers: readonly Marker[], at: (marker: Marker) => number, baseline: number): string[] {
  const atrial = isAtrialOnly(markers);
  const beats = markers.filter((marker) => isAtrial(marker) === atrial && !marker.refractory);
  return beats.slice(1).flatMap((marker, index) => {
    const before = beats[index]!;
    if (at(marker) - at(before) < CROWDED_MM) return [];
    const middle = (at(marker) + at(before)) / 2;
    const ms = `${marker.atMs - before.atMs}`;
    return [text(middle, baseline, ms, { size: 2.6, anchor: "middle", colour: FAINT })];
  });
}
