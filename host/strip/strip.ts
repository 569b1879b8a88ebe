/** A strip as a clinician knows it: ECG paper, calibrated leads one under the other, markers, and what it shows in words. */
import type { EcgFormat } from "../../modules/cardiac/index.js";
import type { Marker } from "../../modules/cardiac/pacer/index.js";
import { isAtrialOnly, MARKERS_MM, markerLane } from "./markers.js";
import { line, MM_PER_MV, MM_PER_S, page, ruling, text } from "./paper.js";
import { CALIBRATION_MM, calibration, type Gap, hatching, SCALES, type Scale, trace } from "./trace.js";

export interface Strip {
  readonly title: string;
  readonly subtitle: string;
  readonly note: string;
  readonly format: EcgFormat;
  /** Of each of the format's channels, equally many. */
  readonly samples: readonly Int16Array[];
  /** When the first sample was, in ms. */
  readonly fromMs: number;
  /** Of these there are none, whatever `samples` has there; in order. */
  readonly gaps?: readonly Gap[];
  /** Undefined where there is no pacer. */
  readonly markers: readonly Marker[] | undefined;
}

const MARGIN = 5;
const LABEL_MM = 20;
const HEAD_MM = 17;
const FOOT_MM = 12;
/** A gap that is so wide has room for words. */
const NO_DATA_MM = 15;
const OTHER: Scale = { label: "", mmPerMv: MM_PER_MV, pulseMv: 1, aboveMm: 20, belowMm: 15 };

/** @returns an SVG document, 25 mm a second wide */
export function drawStrip(strip: Strip): string {
  const { title, subtitle, note, format, samples, fromMs, markers, gaps = [] } = strip;
  const scales = format.channels.map((name) => SCALES[name] ?? { ...OTHER, label: name });
  const traceMm = ((samples[0]?.length ?? 0) * MM_PER_S) / format.rateHz;
  const left = MARGIN + LABEL_MM + CALIBRATION_MM;
  const leadsMm = scales.reduce((sum, { aboveMm, belowMm }) => sum + aboveMm + belowMm, 0);
  const paperMm = Math.ceil((leadsMm + (markers ? MARKERS_MM : 0)) / 5) * 5;
  const paperWidth = Math.ceil((LABEL_MM + CALIBRATION_MM + traceMm) / 5) * 5;
  const width = paperWidth + 2 * MARGIN;
  const height = HEAD_MM + paperMm + FOOT_MM;

  const content = [
    text(MARGIN, 7, title, { size: 4.6, bold: true }),
    text(MARGIN, 12.5, subtitle, { size: 3.4 }),
    text(width - MARGIN, 7, `${MM_PER_S} mm/s · ${MM_PER_MV} mm/mV`, { size: 3.4, anchor: "end" }),
    text(width - MARGIN, height - 2.8, note, { size: 2.8, anchor: "end" }),
    ruling(MARGIN, HEAD_MM, paperWidth, paperMm),
    ...seconds(left, HEAD_MM + paperMm, traceMm),
    ...gaps.flatMap((gap) => missing(gap, left, MM_PER_S / format.rateHz, leadsMm)),
  ];
  let y = HEAD_MM;
  for (const [index, scale] of scales.entries()) {
    const level = y + scale.aboveMm;
    content.push(text(MARGIN + 1.5, level - 3, scale.label, { size: 4, bold: true }));
    if (scale.mmPerMv !== MM_PER_MV)
      content.push(text(MARGIN + 1.5, level + 1.5, `${scale.mmPerMv} mm/mV`, { size: 2.6 }));
    content.push(calibration(scale, MARGIN + LABEL_MM, level));
    content.push(...trace(samples[index]!, format, scale, left, level, gaps));
    y = level + scale.belowMm;
  }
  if (markers) {
    content.push(text(MARGIN + 1.5, y + 14, "Markers", { size: 3.4, bold: true }));
    content.push(
      text(MARGIN + 1.5, y + MARKERS_MM - 2.5, `${isAtrialOnly(markers) ? "A–A" : "V–V"} in ms`, {
        size: 2.6,
      }),
    );
    content.push(...markerLane(markers, fromMs, left, y, traceMm));
  }
  return page(width, height, `${title}. ${subtitle}`, content);
}

function missing({ from, to }: Gap, left: number, mmPerSample: number, height: number): string[] {
  const [x, width] = [left + from * mmPerSample, (to - from) * mmPerSample];
  const said = text(x + width / 2, HEAD_MM + 5, "no data", { size: 3.4, anchor: "middle", bold: true });
  return [...hatching(x, HEAD_MM, width, height), ...(width >= NO_DATA_MM ? [said] : [])];
}

/** A tick and a number each second under the paper. */
function seconds(left: number, bottom: number, traceMm: number): string[] {
  const ticks: string[] = [];
  for (let s = 0; s * MM_PER_S <= traceMm + 0.001; s++) {
    const x = left + s * MM_PER_S;
    ticks.push(
      line(x, bottom, x, bottom + 1.5, 0.3),
      text(x, bottom + 4.6, `${s} s`, { size: 2.8, anchor: "middle" }),
    );
  }
  return ticks;
}
