/** A frozen strip: the newest on the right, and all that was before it to the left, as long as it is kept. */
import { MISSING, type TraceBuffer } from "../model/trace-buffer.js";
import { drawEvent, drawLaneLine, type LaneEvent } from "./markers.js";
import { type Layout, MARGIN_PX, MM, PX_PER_S } from "./paper.js";
import { hatch, strokeTrace } from "./trace.js";

/** How many samples a strip of this width shows. */
export function samplesAcross(width: number, rateHz: number): number {
  return Math.floor((Math.max(1, width - MARGIN_PX) / PX_PER_S) * rateHz);
}

/** @param end the index after the last sample shown */
export function drawStill(
  context: CanvasRenderingContext2D,
  buffer: TraceBuffer,
  layout: Layout,
  size: { readonly width: number; readonly height: number },
  end: number,
  events: readonly LaneEvent[],
): void {
  const { width, height } = size;
  const { rateHz } = buffer.format;
  const from = end - samplesAcross(width, rateHz);
  const pxPerSample = PX_PER_S / rateHz;
  const x = (index: number) => MARGIN_PX + (index - from) * pxPerSample;
  context.clearRect(0, 0, width, height);
  const topPx = layout.markersMm * MM;
  drawLaneLine(context, MARGIN_PX, width - MARGIN_PX, topPx);
  for (const lane of layout.lanes) strokeTrace(context, buffer, lane, Math.max(0, from), end, x);
  for (const [first, last] of missing(buffer, Math.max(buffer.start, from), end))
    hatch(context, x(first), x(last) - x(first), height);
  for (const event of events) {
    const at = x((event.atMs * rateHz) / 1000);
    const before = Math.min(at - MARGIN_PX, ((event.sinceMs ?? 0) / 1000) * PX_PER_S);
    if (at > MARGIN_PX + 8 && at < width - 4) drawEvent(context, event, at, topPx, before);
  }
}

/** Spans of samples that are not there. */
export function missing(buffer: TraceBuffer, from: number, to: number): [number, number][] {
  const spans: [number, number][] = [];
  let open: number | undefined;
  for (let index = from; index < to; index++) {
    const gone = buffer.at(0, index) === MISSING;
    if (gone && open === undefined) open = index;
    if (!gone && open !== undefined) {
      spans.push([open, index]);
      open = undefined;
    }
  }
  if (open !== undefined) spans.push([open, to]);
  return spans;
}
