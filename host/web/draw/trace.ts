/** A lead's samples as a line, in the pixels of its lane. */
import { MISSING, type TraceBuffer } from "../model/trace-buffer.js";
import { COLOURS, type Lane, MM } from "./paper.js";

/** Strokes samples `from` to `to` of a lane; where one is missing the line is broken. @param x of a sample's index */
export function strokeTrace(
  context: CanvasRenderingContext2D,
  buffer: TraceBuffer,
  lane: Lane,
  from: number,
  to: number,
  x: (index: number) => number,
): void {
  const pxPerStep = (lane.mmPerMv * buffer.format.nanovoltsPerStep * MM) / 1e6;
  const zero = lane.zeroMm * MM;
  const top = lane.topMm * MM;
  const bottom = lane.bottomMm * MM;
  let down = false;
  context.beginPath();
  for (let index = from; index < to; index++) {
    const sample = buffer.at(lane.channel, index);
    if (sample === MISSING) {
      down = false;
      continue;
    }
    const y = Math.max(top, Math.min(bottom, zero - sample * pxPerStep));
    if (down) context.lineTo(x(index), y);
    else context.moveTo(x(index), y);
    down = true;
  }
  context.strokeStyle = COLOURS.trace;
  context.lineWidth = 1.4;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.stroke();
}

/** Where no samples are, so that nobody takes an empty paper for a silent heart. */
export function hatch(context: CanvasRenderingContext2D, x: number, width: number, height: number): void {
  if (width <= 0.5) return;
  context.save();
  context.beginPath();
  context.rect(x, 0, width, height);
  context.clip();
  context.fillStyle = "rgba(138, 36, 51, 0.07)";
  context.fillRect(x, 0, width, height);
  context.beginPath();
  for (let at = x - height; at < x + width; at += 3 * MM) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.strokeStyle = "rgba(138, 36, 51, 0.28)";
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}
