/** ECG paper as SVG: a unit of the drawing is a millimetre on paper. */

export const MM_PER_S = 25;
export const MM_PER_MV = 10;

/** Millimetres, to a hundredth, as short as SVG allows. */
export function mm(value: number): string {
  const text = (Math.round(value * 100) / 100).toString();
  return text.replace(/^(-?)0\./, "$1.");
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  readonly colour?: string;
}

export function text(x: number, y: number, what: string, style: TextStyle = {}): string {
  const { size = 3, anchor = "start", bold = false, colour = INK } = style;
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${mm(x)}" y="${mm(y)}" font-size="${size}" text-anchor="${anchor}"${weight} fill="${colour}">${escaped(what)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, width: number, colour = INK): string {
  return `<path d="M${mm(x1)} ${mm(y1)}L${mm(x2)} ${mm(y2)}" stroke="${colour}" stroke-width="${width}"/>`;
}

export const INK = "#101018";
const PAPER = "#fffafa";
const FINE = "#f7cfcf";
const COARSE = "#e88f8f";

/** The ruling: a line each millimetre, a stronger one each five; 0.2 s and 0.5 mV. */
export function ruling(x: number, y: number, width: number, height: number): string {
  return `<defs><pattern id="mm" width="1" height="1" patternUnits="userSpaceOnUse" x="${mm(x)}" y="${mm(y)}"><path d="M0 0V1M0 0H1" fill="none" stroke="${FINE}" stroke-width=".12"/></pattern>
<pattern id="mm5" width="5" height="5" patternUnits="userSpaceOnUse" x="${mm(x)}" y="${mm(y)}"><rect width="5" height="5" fill="url(#mm)"/><path d="M0 0V5M0 0H5" fill="none" stroke="${COARSE}" stroke-width=".22"/></pattern></defs>
<rect x="${mm(x)}" y="${mm(y)}" width="${mm(width)}" height="${mm(height)}" fill="${PAPER}"/>
<rect x="${mm(x)}" y="${mm(y)}" width="${mm(width)}" height="${mm(height)}" fill="url(#mm5)" stroke="${COARSE}" stroke-width=".22"/>`;
}

export function page(width: number, height: number, title: string, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(width)}mm" height="${mm(height)}mm" viewBox="0 0 ${mm(width)} ${mm(height)}" font-family="Helvetica, Arial, sans-serif" role="img">
<title>${escaped(title)}</title>
<rect width="${mm(width)}" height="${mm(height)}" fill="#fff"/>
${content.join("\n")}
</svg>
`;
}
