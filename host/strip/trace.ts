/** A lead's samples as a line, and the pulse that says how high a millivolt is. */
import { INK, line, MM_PER_MV, MM_PER_S, mm } from "./paper.js";

/** How a lead is drawn: electrograms are ten times as high as the surface's. */
export interface Scale {
  readonly label: string;
  readonly mmPerMv: number;
  /** Of the pulse before the trace. */
  readonly pulseMv: number;
  readonly aboveMm: number;
  readonly belowMm: number;
}

const SURFACE = { mmPerMv: MM_PER_MV, pulseMv: 1 };
export const SCALES: Readonly<Record<string, Scale>> = {
  I: { label: "I", ...SURFACE, aboveMm: 15, belowMm: 10 },
  II: { label: "II", ...SURFACE, aboveMm: 20, belowMm: 15 },
  "EGM-A": { label: "A egm", mmPerMv: 2, pulseMv: 5, aboveMm: 10, belowMm: 5 },
  "EGM-V": { label: "V egm", mmPerMv: 1, pulseMv: 5, aboveMm: 10, belowMm: 10 },
};

export const CALIBRATION_MM = 10;
/** A point is left out where the line without it is no further from it than this. */
const FLAT_MM = 0.03;

/** Samples of a strip that are not there: from one index up to another. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * A stroke for each run of samples: nothing is drawn over a gap.
 * @param nanovoltsPerStep of the samples; @param x where the first of them stands; @param y the level of 0
 */
export function trace(
  samples: Int16Array,
  format: { readonly rateHz: number; readonly nanovoltsPerStep: number },
  scale: Scale,
  x: number,
  y: number,
  gaps: readonly Gap[] = [],
): string[] {
  const mmPerSample = MM_PER_S / format.rateHz;
  const strokes: string[] = [];
  let from = 0;
  for (const gap of [...gaps, { from: samples.length, to: samples.length }]) {
    if (gap.from > from) {
      const run = samples.subarray(from, gap.from);
      strokes.push(stroke(run, format, scale, x + from * mmPerSample, y));
    }
    from = gap.to;
  }
  return strokes;
}

function stroke(
  samples: Int16Array,
  format: { readonly rateHz: number; readonly nanovoltsPerStep: number },
  scale: Scale,
  x: number,
  y: number,
): string {
  const mmPerStep = (scale.mmPerMv * format.nanovoltsPerStep) / 1e6;
  const mmPerSample = MM_PER_S / format.rateHz;
  const height = (index: number) =>
    Math.max(-scale.aboveMm, Math.min(scale.belowMm, -samples[index]! * mmPerStep));
  let path = `M${mm(x)} ${mm(y + height(0))}`;
  for (const index of corners(samples.length, height))
    path += `L${mm(x + index * mmPerSample)} ${mm(y + height(index))}`;
  return `<path d="${path}" fill="none" stroke="${INK}" stroke-width=".3" stroke-linejoin="round"/>`;
}

/** The indices, after the first, that a line through them needs to be within `FLAT_MM` of all others. */
function corners(count: number, height: (index: number) => number): number[] {
  const kept: number[] = [];
  let from = 0;
  // Slopes, in mm a sample, of lines from `from` that pass all points since closely enough.
  let [steepest, shallowest] = [Infinity, -Infinity];
  for (let index = 1; index < count; index++) {
    const away = index - from;
    const rise = height(index) - height(from);
    if (away > 1 && (rise / away > steepest || rise / away < shallowest)) {
      from = index - 1;
      kept.push(from);
      [steepest, shallowest] = [Infinity, -Infinity];
    }
    const step = index - from;
    const climb = height(index) - height(from);
    steepest = Math.min(steepest, (climb + FLAT_MM) / step);
    shallowest = Math.max(shallowest, (climb - FLAT_MM) / step);
  }
  if (count > 1) kept.push(count - 1);
  return kept;
}

/** Slanted lines over a gap, so that nobody takes it for a line of no voltage. @returns none where it has no width */
export function hatching(x: number, y: number, width: number, height: number): string[] {
  const lines: string[] = [];
  for (let foot = -height; foot < width; foot += HATCH_MM) {
    const [left, right] = [Math.max(foot, 0), Math.min(foot + height, width)];
    if (right <= left) continue;
    lines.push(
      line(x + left, y + height - (left - foot), x + right, y + height - (right - foot), 0.2, HATCH),
    );
  }
  for (const edge of [0, width]) lines.push(line(x + edge, y, x + edge, y + height, 0.2, HATCH));
  return width > 0 ? lines : [];
}
const HATCH_MM = 4;
const HATCH = "#7a7a86";

/** 0.2 s of `pulseMv`, standing at the level of 0. */
export function calibration(scale: Scale, x: number, y: number): string {
  const high = scale.pulseMv * scale.mmPerMv;
  return `<path d="M${mm(x)} ${mm(y)}h2.5v${mm(-high)}h5v${mm(high)}h2.5" fill="none" stroke="${INK}" stroke-width=".3"/>`;
}
