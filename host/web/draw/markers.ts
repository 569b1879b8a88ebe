/** The pacer's markers under the traces: the atrium's above a line, the ventricle's below it, ms from one to the next. */
import type { Marker } from "../../../modules/cardiac/pacer/index.js";
import { COLOURS, MARKER_MM, MM } from "./paper.js";

const MIDDLE_MM = 9;
const TICK_MM = 2.6;

/** An event of the lane: a marker, or a beat that was found in the ECG where the device tells none. */
export interface LaneEvent {
  readonly atMs: number;
  readonly word: string;
  readonly atrial: boolean;
  readonly paced: boolean;
  readonly faint: boolean;
  /** From the event before it in its chamber, in ms. */
  readonly sinceMs: number | undefined;
}

export function eventsOf(markers: readonly Marker[], fromMs: number, toMs: number): LaneEvent[] {
  const events: LaneEvent[] = [];
  let lastV: number | undefined;
  for (const { name, refractory, atMs } of markers) {
    if (atMs >= toMs) break;
    const atrial = name[0] === "A";
    const sinceMs = !atrial && !refractory && lastV !== undefined ? atMs - lastV : undefined;
    if (!atrial && !refractory) lastV = atMs;
    if (atMs < fromMs) continue;
    const word = refractory ? `(${name})` : name;
    events.push({ atMs, word, atrial, paced: name[1] === "P" && name !== "PVC", faint: refractory, sinceMs });
  }
  return events;
}

export function beatsOf(
  beats: readonly { readonly atMs: number }[],
  fromMs: number,
  toMs: number,
): LaneEvent[] {
  return beats.flatMap(({ atMs }, index) => {
    if (atMs < fromMs || atMs >= toMs) return [];
    const before = beats[index - 1];
    const sinceMs = before === undefined ? undefined : Math.round(atMs - before.atMs);
    return [{ atMs, word: "R", atrial: false, paced: false, faint: false, sinceMs }];
  });
}

export function drawLaneLine(
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  topPx: number,
): void {
  context.beginPath();
  context.moveTo(x, topPx + MIDDLE_MM * MM);
  context.lineTo(x + width, topPx + MIDDLE_MM * MM);
  context.strokeStyle = COLOURS.faint;
  context.lineWidth = 0.8;
  context.stroke();
}

/** @param topPx the lane's upper edge */
export function drawEvent(
  context: CanvasRenderingContext2D,
  event: LaneEvent,
  x: number,
  topPx: number,
  widthBefore: number,
): void {
  const middle = topPx + MIDDLE_MM * MM;
  const end = middle + (event.atrial ? -1 : 1) * TICK_MM * MM;
  const colour = event.faint ? COLOURS.faint : event.paced ? COLOURS.paced : COLOURS.label;
  context.beginPath();
  context.moveTo(x, middle);
  context.lineTo(x, end);
  context.strokeStyle = colour;
  context.lineWidth = event.paced ? 2.4 : 1.2;
  context.stroke();
  context.fillStyle = colour;
  context.textAlign = "center";
  context.font = `${event.paced ? 700 : 500} 11.5px 'Inter Variable', system-ui, sans-serif`;
  context.textBaseline = event.atrial ? "bottom" : "top";
  context.fillText(event.word, x, end + (event.atrial ? -1 : 2));
  if (event.sinceMs !== undefined && event.sinceMs < 4000 && widthBefore > 34) {
    context.fillStyle = COLOURS.faint;
    context.font = "500 11px 'Inter Variable', system-ui, sans-serif";
    context.textBaseline = "bottom";
    context.fillText(`${event.sinceMs}`, x - widthBefore / 2, topPx + (MARKER_MM - 1) * MM);
  }
  context.textAlign = "start";
}
