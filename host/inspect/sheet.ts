import type { Paint, Style } from "./paint.js";

const DEEPEST_INDENT = 40;

/**
 * Where the notation is written: lines with indentation, or, as a trial, one line of limited width, in which a break is
 * a space and which is `full` when it does not fit.
 */
export class Sheet {
  readonly #paint: Paint;
  readonly #width: number | undefined;
  readonly #done: string[] = [];
  #line = "";
  #used = 0;

  constructor(paint: Paint, width?: number) {
    this.#paint = paint;
    this.#width = width;
  }

  get isTrial(): boolean {
    return this.#width !== undefined;
  }

  get full(): boolean {
    return this.#width !== undefined && this.#used > this.#width;
  }

  add(text: string, style: Style = "plain"): void {
    if (this.full) return;
    this.#used += text.length;
    if (!this.full) this.#line += this.#paint(style, text);
  }

  /** A comment (RFC 8610 appendix G.6): a slash within it ends one and begins the next. */
  comment(text: string, style: Style = "comment"): void {
    this.add(`/ ${text.replaceAll("/", "//")} /`, style);
  }

  break(depth: number): void {
    if (this.isTrial) {
      this.add(" ");
      return;
    }
    this.#done.push(this.#line);
    this.#line = "  ".repeat(Math.min(depth, DEEPEST_INDENT));
  }

  /** A trial that fitted. */
  take(trial: Sheet): void {
    this.#line += trial.#line;
    this.#used += trial.#used;
  }

  text(): string {
    return [...this.#done, this.#line].join("\n");
  }
}
