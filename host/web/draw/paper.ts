/** ECG paper on a screen: 25 mm a second, 10 mm a millivolt, where a millimetre is CSS's own. */
export const MM = 96 / 25.4;
export const PX_PER_S = 25 * MM;
export const MM_PER_MV = 10;

export const COLOURS = {
  paper: "#fffafa",
  fine: "#f8d9d9",
  coarse: "#eeadad",
  trace: "#14141c",
  label: "#3a3a46",
  faint: "#5d5d6b",
  paced: "#1a4fa0",
  caliper: "#0b5a63",
  gap: "#8a2433",
} as const;

/** How a lead is drawn, and where: `zeroMm` is the level of 0 below the paper's upper edge. */
export interface Lane {
  readonly label: string;
  readonly channel: number;
  readonly mmPerMv: number;
  readonly zeroMm: number;
  readonly topMm: number;
  readonly bottomMm: number;
}

export interface Layout {
  readonly lanes: readonly Lane[];
  /** Where the marker lane is, and how high it is. */
  readonly markersMm: number;
  readonly heightMm: number;
}

export const MARKER_MM = 20;
/** Electrograms are ten times as high as the surface's. */
const SCALES: Readonly<Record<string, { label: string; mmPerMv: number; above: number; below: number }>> = {
  I: { label: "I", mmPerMv: 10, above: 15, below: 10 },
  II: { label: "II", mmPerMv: 10, above: 20, below: 15 },
  MLII: { label: "MLII", mmPerMv: 10, above: 20, below: 15 },
  "EGM-A": { label: "A egm", mmPerMv: 2, above: 10, below: 10 },
  "EGM-V": { label: "V egm", mmPerMv: 1, above: 10, below: 10 },
};

/** One lead under the other, then the markers. */
export function layoutOf(channels: readonly string[]): Layout {
  let topMm = 0;
  const lanes = channels.map((name, channel): Lane => {
    const { label, mmPerMv, above, below } = SCALES[name] ?? {
      label: name,
      mmPerMv: MM_PER_MV,
      above: 20,
      below: 15,
    };
    const lane = { label, channel, mmPerMv, topMm, zeroMm: topMm + above, bottomMm: topMm + above + below };
    topMm = lane.bottomMm;
    return lane;
  });
  return { lanes, markersMm: topMm, heightMm: topMm + MARKER_MM };
}

/** A canvas of so many CSS pixels, sharp on this screen, cleared; drawing on it is in CSS pixels. */
export function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

/** The ruling: a line each millimetre, a stronger one each five; 0.2 s and 0.5 mV. Drawn once a size. */
export function drawPaper(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  layout: Layout,
): void {
  context.fillStyle = COLOURS.paper;
  context.fillRect(0, 0, width, height);
  for (const [every, colour, thick] of [
    [1, COLOURS.fine, 0.6],
    [5, COLOURS.coarse, 0.9],
  ] as const) {
    context.beginPath();
    for (let mm = 0; mm * MM <= width; mm += every) {
      if (every === 1 && mm % 5 === 0) continue;
      context.moveTo(mm * MM, 0);
      context.lineTo(mm * MM, height);
    }
    for (let mm = 0; mm * MM <= height; mm += every) {
      if (every === 1 && mm % 5 === 0) continue;
      context.moveTo(0, mm * MM);
      context.lineTo(width, mm * MM);
    }
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.stroke();
  }
  for (const lane of layout.lanes) drawScale(context, lane);
}

/** A lead's name, and a millivolt beside it: 0.2 s wide, as on paper. */
function drawScale(context: CanvasRenderingContext2D, { label, mmPerMv, zeroMm, topMm }: Lane): void {
  context.fillStyle = COLOURS.label;
  context.font = "600 14px 'Inter Variable', system-ui, sans-serif";
  context.textBaseline = "top";
  context.fillText(label, 1.5 * MM, (topMm + 1.2) * MM);
  const pulseMv = mmPerMv < MM_PER_MV ? 5 : 1;
  const high = pulseMv * mmPerMv * MM;
  context.beginPath();
  context.moveTo(1 * MM, zeroMm * MM);
  context.lineTo(1.5 * MM, zeroMm * MM);
  context.lineTo(1.5 * MM, zeroMm * MM - high);
  context.lineTo(6.5 * MM, zeroMm * MM - high);
  context.lineTo(6.5 * MM, zeroMm * MM);
  context.lineTo(7 * MM, zeroMm * MM);
  context.strokeStyle = COLOURS.faint;
  context.lineWidth = 1;
  context.stroke();
}

/** Where the traces begin: behind the names and the pulses. */
export const MARGIN_PX = 10 * MM;
