/** Annotated diagnostic notation: RFC 8949 section 8, with the comments and `<< >>` of RFC 8610 appendix G. */
import { type Item, isIndefinite, MAJOR } from "./item.js";
import type { Paint, Style } from "./paint.js";
import type { Problems } from "./problem.js";
import { indicator, printable, SHOWN_BYTES, scalar } from "./scalar.js";
import type { Annotation, Context, Part, Sense } from "./sense.js";
import { anything } from "./sense-cose.js";
import { Sheet } from "./sheet.js";
import type { Unfolding } from "./unfolding.js";

const WIDTH = 100;
/** Byte strings unfolded within one another. */
const MAX_UNFOLDED = 8;

export interface Look {
  readonly paint: Paint;
  /** Cut no string. */
  readonly full: boolean;
}

export class Printer {
  readonly #context: Context;
  readonly #unfolding: Unfolding;
  readonly #problems: Problems;
  readonly #style: Look;
  #unfolded = 0;

  constructor(context: Context, unfolding: Unfolding, problems: Problems, style: Look) {
    this.#context = context;
    this.#unfolding = unfolding;
    this.#problems = problems;
    this.#style = style;
  }

  print(item: Item, sense: Sense): string {
    const sheet = new Sheet(this.#style.paint);
    this.#item(sheet, item, { sense }, 0);
    return sheet.text();
  }

  /** An item with its comments: on one line where it fits. */
  #item(sheet: Sheet, item: Item, part: Part, depth: number): void {
    if (sheet.full) return;
    if (!sheet.isTrial) {
      const trial = new Sheet(this.#style.paint, WIDTH - 2 * depth);
      this.#item(trial, item, part, depth);
      if (!trial.full) {
        sheet.take(trial);
        return;
      }
    }
    const sense = part.sense ?? (item.major === MAJOR.tag ? anything : undefined);
    const annotation = sense?.(item, this.#context) ?? {};
    if (annotation.label !== undefined && annotation.label !== part.name) {
      sheet.comment(printable(annotation.label));
      sheet.add(" ");
    }
    this.#body(sheet, item, annotation, depth);
    if (annotation.note !== undefined) {
      sheet.add(" ");
      sheet.comment(printable(annotation.note));
    }
    this.#marks(sheet, item);
  }

  #body(sheet: Sheet, item: Item, annotation: Annotation, depth: number): void {
    const { major } = item;
    if (annotation.unfold !== undefined && this.#unfolded < MAX_UNFOLDED) {
      const inner = this.#unfolding.show(item, annotation.unfold);
      if (inner !== undefined) {
        this.#unfolded++;
        sheet.add("<< ");
        this.#item(sheet, inner, { sense: annotation.inside }, depth);
        sheet.add(inner.complete ? " >>" : " … >>");
        sheet.add(indicator(item));
        this.#unfolded--;
        return;
      }
    }
    if (major === MAJOR.tag) {
      sheet.add(`${item.argument}${indicator(item)}(`);
      for (const inner of item.items) this.#item(sheet, inner, annotation.part?.(0) ?? {}, depth);
      sheet.add(item.complete ? ")" : "…)");
    } else if (major === MAJOR.array || major === MAJOR.map || (isIndefinite(item) && major < MAJOR.array)) {
      this.#container(sheet, item, annotation, depth);
    } else {
      const limit = this.#style.full ? Number.POSITIVE_INFINITY : SHOWN_BYTES;
      sheet.add(
        item.major < MAJOR.array && item.major >= MAJOR.bytes && item.content === undefined
          ? "…"
          : scalar(item, limit),
        STYLES[major],
      );
      const length = item.content?.length ?? 0;
      if (length > limit) {
        sheet.add(" ");
        sheet.comment(`${length} bytes, ${limit} shown`);
      }
    }
  }

  #container(sheet: Sheet, item: Item, annotation: Annotation, depth: number): void {
    const [open, close] = brackets(item);
    const { items } = item;
    const step = item.major === MAJOR.map ? 2 : 1;
    sheet.add(open);
    for (let i = 0; i < items.length && !sheet.full; i += step) {
      if (!(i === 0 && sheet.isTrial)) sheet.break(depth + 1);
      else if (open.length > 1) sheet.add(" ");
      const part = annotation.part?.(i / step, step === 2 ? items[i] : undefined) ?? {};
      if (part.name !== undefined) {
        sheet.comment(printable(part.name));
        sheet.add(" ");
      }
      if (step === 2) {
        this.#item(sheet, items[i], { sense: undefined }, depth + 1);
        sheet.add(": ");
      }
      if (i + step - 1 < items.length) this.#item(sheet, items[i + step - 1], part, depth + 1);
      if (i + step < items.length) sheet.add(",");
    }
    if (!item.complete) {
      sheet.add(" …");
    }
    if (items.length > 0 && !sheet.isTrial) sheet.break(depth);
    sheet.add(close);
  }

  /** What is not deterministic or not valid about this very item. */
  #marks(sheet: Sheet, item: Item): void {
    const end = item.major === MAJOR.text ? item.end : item.at + 1;
    for (const { code, message, at } of this.#problems.at(item.at, Math.max(end, item.at + 1))) {
      sheet.add(" ");
      sheet.comment(`! byte ${at}, ${code}: ${printable(message)}`, "bad");
    }
  }
}

const STYLES: readonly Style[] = ["plain", "plain", "bytes", "text", "plain", "plain", "plain", "plain"];

function brackets(item: Item): [string, string] {
  const mark = isIndefinite(item) ? "_" : indicator(item);
  if (item.major === MAJOR.array) return [`[${mark}`, "]"];
  return item.major === MAJOR.map ? [`{${mark}`, "}"] : ["(_", ")"];
}
