/** The last seconds of the session as a strip on paper. */
import { drawStrip } from "../../strip/index.js";
import type { Bedside } from "./bedside.js";
import { dateText } from "./time.js";
import { MISSING } from "./trace-buffer.js";

const SECONDS = 7;

/** @returns SVG; undefined where there is not enough without a gap */
export function summaryStrip({ heart, device, lastReadingAt }: Bedside): string | undefined {
  if (heart === undefined || device === undefined || lastReadingAt === undefined) return undefined;
  const { buffer, format } = heart;
  const count = SECONDS * format.rateHz;
  const first = buffer.end - count;
  if (first < buffer.start) return undefined;
  const samples = format.channels.map((_, channel) =>
    Int16Array.from({ length: count }, (_, index) => buffer.at(channel, first + index)),
  );
  if (samples.some((lead) => lead.includes(MISSING))) return undefined;
  const fromMs = buffer.msOf(first);
  const markers = heart.tellsMarkers
    ? heart.beats.markers.filter(({ atMs }) => atMs >= fromMs && atMs < buffer.msOf(buffer.end))
    : undefined;
  return drawStrip({
    title: `Device ${device.subject}`,
    subtitle: `the last ${SECONDS} s before ${dateText(lastReadingAt)}, verified`,
    note: "not a medical device",
    format,
    samples,
    fromMs,
    markers,
  });
}
