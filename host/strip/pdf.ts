/**
 * Strips as PDF 1.4 (ISO 32000-1): each SVG that `drawStrip` made is a page of A4, lying, in its own millimetres. It knows what
 * our own drawings have (paths of M, L, H, V, h, v; rectangles; texts; the ruling) and refuses anything else, so that nothing
 * can be missing on paper that was on the screen. Fonts are Helvetica, which every reader of PDF has.
 */
import { VagusError } from "../../modules/error/index.js";
import { widthOf } from "./helvetica.js";

const POINTS_PER_MM = 72 / 25.4;
const A4 = [297, 210] as const;

/** @param pages SVG documents; @returns the file in pieces */
export function* pdfOf(pages: Iterable<string>): Generator<Uint8Array> {
  const offsets: number[] = [];
  let written = 0;
  const piece = (text: string) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    written += bytes.length;
    return bytes;
  };
  const object = (number: number, content: string) => {
    offsets[number] = written;
    return piece(`${number} 0 obj\n${content}\nendobj\n`);
  };
  yield piece("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  yield object(3, font("Helvetica"));
  yield object(4, font("Helvetica-Bold"));
  const kids: number[] = [];
  for (const svg of pages) {
    const number = 5 + 2 * kids.length;
    const content = contentOf(svg);
    const [width, height] = A4.map((mm) => fixed(mm * POINTS_PER_MM));
    yield object(number + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    yield object(
      number,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${number + 1} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
    );
    kids.push(number);
  }
  yield object(
    2,
    `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(" ")}] >>`,
  );
  yield object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  const start = written;
  const rows = Array.from(
    { length: offsets.length - 1 },
    (_, i) => `${`${offsets[i + 1]}`.padStart(10, "0")} 00000 n \n`,
  );
  yield piece(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join("")}`);
  yield piece(`trailer\n<< /Size ${offsets.length} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
}

type Attributes = ReadonlyMap<string, string>;

/** Operators for one drawing: y counts from above, as in SVG, and a unit is a millimetre. */
function contentOf(svg: string): string {
  const [, width = "", height = ""] = /^<svg [^>]*width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg) ?? [];
  const scale = Math.min(1, A4[0] / Number(width), A4[1] / Number(height));
  const points = fixed(scale * POINTS_PER_MM);
  const out = [`${points} 0 0 -${points} 0 ${fixed(A4[1] * POINTS_PER_MM)} cm`, "1 J 1 j"];
  const body = svg.replace(/<title>.*?<\/title>/s, "").replace(/<defs>.*?<\/defs>/s, "");
  for (const [, name, rest, , content] of body.matchAll(/<(\w+)([^>]*?)(\/>|>([^<]*)<\/\w+>|>)/g)) {
    const attributes = attributesOf(rest!);
    if (name === "rect") out.push(...rectangle(attributes));
    else if (name === "path") out.push(...path(attributes));
    else if (name === "text") out.push(...text(attributes, unescaped(content ?? "")));
    else if (name !== "svg") throw unknown(`<${name}>`);
  }
  return out.join("\n");
}

function attributesOf(text: string): Attributes {
  return new Map([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
}

function rectangle(attributes: Attributes): string[] {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
    Number(attributes.get(name) ?? 0),
  );
  const fill = attributes.get("fill") ?? "none";
  const box = `${fixed(x!)} ${fixed(y!)} ${fixed(width!)} ${fixed(height!)} re`;
  if (fill.startsWith("url(")) return ruled(x!, y!, width!, height!, attributes);
  return [`${colour(fill)} rg`, `${box} f`];
}

/** The ruling, line by line: in SVG it is a pattern. */
function ruled(x: number, y: number, width: number, height: number, attributes: Attributes): string[] {
  const out: string[] = [];
  const line = (fromX: number, fromY: number, toX: number, toY: number) =>
    out.push(`${fixed(fromX)} ${fixed(fromY)} m ${fixed(toX)} ${fixed(toY)} l S`);
  const rule = (step: number, stroke: string, wide: number) => {
    out.push(`${colour(stroke)} RG ${wide} w`);
    for (let at = 0; at <= width + 0.001; at += step) line(x + at, y, x + at, y + height);
    for (let at = 0; at <= height + 0.001; at += step) line(x, y + at, x + width, y + at);
  };
  rule(1, FINE, 0.12);
  rule(5, attributes.get("stroke") ?? COARSE, 0.22);
  return out;
}
const FINE = "#f7cfcf";
const COARSE = "#e88f8f";

function path(attributes: Attributes): string[] {
  const stroke = attributes.get("stroke");
  if (stroke === undefined) throw unknown("a path without a stroke");
  const out = [`${colour(stroke)} RG ${fixed(Number(attributes.get("stroke-width") ?? 1))} w`];
  let [x, y] = [0, 0];
  for (const [, command, rest] of (attributes.get("d") ?? "").matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (rest!.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const [first = 0, second = 0] = numbers;
    if (command === "M" || command === "L") [x, y] = [first, second];
    else if (command === "h") x += first;
    else if (command === "v") y += first;
    else if (command === "H") x = first;
    else if (command === "V") y = first;
    else throw unknown(`the path's ${command}`);
    if (numbers.length > (command === "M" || command === "L" ? 2 : 1))
      throw unknown(`a path's ${command}${rest}`);
    out.push(`${fixed(x)} ${fixed(y)} ${command === "M" ? "m" : "l"}`);
  }
  return [...out, "S"];
}

function text(attributes: Attributes, content: string): string[] {
  const size = Number(attributes.get("font-size") ?? 3);
  const bold = attributes.get("font-weight") === "bold";
  const wide = size * widthOf(content, bold);
  const anchor = attributes.get("text-anchor") ?? "start";
  const x = Number(attributes.get("x") ?? 0) - (anchor === "middle" ? wide / 2 : anchor === "end" ? wide : 0);
  const y = Number(attributes.get("y") ?? 0);
  return [
    `BT ${colour(attributes.get("fill") ?? "#000")} rg /F${bold ? 2 : 1} ${size} Tf`,
    `1 0 0 -1 ${fixed(x)} ${fixed(y)} Tm (${winAnsi(content)}) Tj ET`,
  ];
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** Latin-1 is itself in WinAnsiEncoding; of the rest what we write. */
function winAnsi(text: string): string {
  return text
    .replace(/–/g, "\x96")
    .replace(/[^ -\xff\x96]/g, "?")
    .replace(/[\\()]/g, (sign) => `\\${sign}`);
}

function colour(hex: string): string {
  const digits = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i
    .exec(hex)
    ?.slice(1)
    .map((digit) => digit + digit);
  const pairs = digits ?? /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)?.slice(1);
  if (pairs === undefined) throw unknown(`the colour ${hex}`);
  return pairs.map((pair) => fixed(Number.parseInt(pair, 16) / 255)).join(" ");
}

function fixed(value: number): string {
  return `${Math.round(value * 1000) / 1000}`;
}

function unknown(what: string): VagusError {
  return new VagusError("host/export", `expected what a strip is drawn with, came ${what}`);
}
