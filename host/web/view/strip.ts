/**
 * <vagus-strip>: the ECG on its paper, sweeping or frozen, with calipers. Set `heart`; it draws by itself.
 * Told to freeze, it shows the last five minutes; "stripchange" says that what it shows has changed.
 */

import { drawPaper, layoutOf, MARGIN_PX, MM, PX_PER_S, prepared } from "../draw/paper.js";
import { drawStill, samplesAcross } from "../draw/still.js";
import { Sweep } from "../draw/sweep.js";
import { type Calipers, measure, nudge } from "../model/calipers.js";
import type { HeartTrace } from "../model/heart-trace.js";

/** With reduced motion the pen does not glide: it is drawn on twice a second. */
const CALM_MS = 500;

export class StripElement extends HTMLElement {
  readonly #paper = document.createElement("canvas");
  readonly #trace = document.createElement("canvas");
  readonly #handles: readonly [HTMLElement, HTMLElement] = [handle("A"), handle("B")];
  readonly #between = document.createElement("output");
  readonly #resizes = new ResizeObserver(() => this.#lay());
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #heart: HeartTrace | undefined;
  #sweep: Sweep | undefined;
  #context: CanvasRenderingContext2D | undefined;
  #size = { width: 0, height: 0 };
  #frame = 0;
  #drawnMs = 0;
  /** The index after the last sample of a frozen strip. */
  #end: number | undefined;
  #calipers: Calipers | undefined;

  connectedCallback(): void {
    if (!this.#paper.isConnected) {
      this.#paper.setAttribute("aria-hidden", "true");
      this.#trace.setAttribute("role", "img");
      this.#between.className = "caliper-reading";
      this.#between.hidden = true;
      this.append(this.#paper, this.#trace, ...this.#handles, this.#between);
      for (const [index, element] of this.#handles.entries()) this.#movable(element, index as 0 | 1);
      this.#trace.addEventListener("pointerdown", (event) => this.#pan(event));
    }
    this.#resizes.observe(this);
    document.fonts.ready.then(() => this.isConnected && this.#lay());
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
    this.#say();
  }

  disconnectedCallback(): void {
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  set heart(heart: HeartTrace | undefined) {
    if (heart === this.#heart) return;
    this.#heart = heart;
    this.#end = undefined;
    this.#calipers = undefined;
    this.#placeCalipers();
    if (this.isConnected) this.#lay();
  }

  get heart(): HeartTrace | undefined {
    return this.#heart;
  }

  get frozen(): boolean {
    return this.#end !== undefined;
  }

  get measuring(): boolean {
    return this.#calipers !== undefined;
  }

  /** How many seconds before the newest sample the frozen strip ends. */
  get secondsBack(): number {
    const heart = this.#heart;
    if (heart === undefined || this.#end === undefined) return 0;
    return Math.max(0, (heart.buffer.end - this.#end) / heart.format.rateHz);
  }

  freeze(): void {
    const heart = this.#heart;
    if (heart === undefined || this.frozen) return;
    this.#end = Math.floor(heart.playout.at ?? heart.buffer.end);
    this.#still();
  }

  go(): void {
    this.#end = undefined;
    this.#calipers = undefined;
    this.#placeCalipers();
    this.#lay();
  }

  /** Moves a frozen strip, by seconds; backwards for less than 0. */
  shift(seconds: number): void {
    const heart = this.#heart;
    if (heart === undefined || this.#end === undefined) return;
    const { buffer, format } = heart;
    const least = Math.min(buffer.end, buffer.start + samplesAcross(this.#size.width, format.rateHz));
    const wanted = this.#end + Math.round(seconds * format.rateHz);
    this.#end = Math.max(least, Math.min(buffer.end, wanted));
    this.#still();
  }

  /** Shows the calipers, or takes them away. They want a strip that stands still. */
  caliper(on: boolean): void {
    if (on) this.freeze();
    const across = (this.#size.width - MARGIN_PX) / PX_PER_S;
    this.#calipers =
      on && this.frozen ? { a: across * 0.5, b: Math.min(across, across * 0.5 + 0.8) } : undefined;
    this.#placeCalipers();
    this.#say();
  }

  #lay(): void {
    const heart = this.#heart;
    const layout = layoutOf(heart?.format.channels ?? ["II"]);
    const width = Math.max(160, Math.floor(this.clientWidth));
    const height = Math.ceil(layout.heightMm * MM);
    this.#size = { width, height };
    this.style.setProperty("--strip-height", `${height}px`);
    drawPaper(prepared(this.#paper, width, height), width, height, layout);
    this.#context = prepared(this.#trace, width, height);
    this.#sweep = heart && new Sweep(this.#context, heart.buffer, layout, width, height);
    if (this.frozen) this.#still();
    else this.#say();
  }

  #tick(now: number): void {
    this.#frame = requestAnimationFrame((later) => this.#tick(later));
    const heart = this.#heart;
    if (heart === undefined || this.frozen || this.#sweep === undefined || heart.buffer.empty) return;
    if (this.#calm.matches && now - this.#drawnMs < CALM_MS) return;
    this.#drawnMs = now;
    const step = heart.playout.advance(now, heart.buffer.start, heart.buffer.end);
    this.#sweep.draw(step, (fromMs, toMs) => heart.events(fromMs, toMs));
  }

  #still(): void {
    const heart = this.#heart;
    if (heart === undefined || this.#context === undefined || this.#end === undefined) return;
    const { buffer, format } = heart;
    const { width } = this.#size;
    const from = this.#end - samplesAcross(width, format.rateHz);
    const events = heart.events(buffer.msOf(from), buffer.msOf(this.#end));
    drawStill(this.#context, buffer, layoutOf(format.channels), this.#size, this.#end, events);
    this.#placeCalipers();
    this.#say();
  }

  #say(): void {
    const heart = this.#heart;
    const leads = heart?.format.channels.join(" and ") ?? "";
    const how = this.frozen ? `frozen, ${this.secondsBack.toFixed(0)} s before now` : "sweeping";
    this.#trace.setAttribute(
      "aria-label",
      heart ? `ECG, lead ${leads}, ${how}` : "ECG paper, nothing on it yet",
    );
    this.dispatchEvent(new Event("stripchange"));
  }

  #placeCalipers(): void {
    const calipers = this.#calipers;
    for (const [index, element] of this.#handles.entries()) {
      element.hidden = calipers === undefined;
      if (calipers !== undefined)
        element.style.left = `${MARGIN_PX + (index === 0 ? calipers.a : calipers.b) * PX_PER_S}px`;
    }
    this.#between.hidden = calipers === undefined;
    const heart = this.#heart;
    if (calipers === undefined || heart === undefined || this.#end === undefined) return;
    const from = this.#end - samplesAcross(this.#size.width, heart.format.rateHz);
    const { text, spoken, middleS } = measure(calipers, heart.buffer, from);
    this.#between.textContent = text;
    this.#between.style.left = `${MARGIN_PX + middleS * PX_PER_S}px`;
    for (const [index, element] of this.#handles.entries()) {
      const at = index === 0 ? calipers.a : calipers.b;
      element.setAttribute("aria-valuenow", `${Math.round(at * 1000)}`);
      element.setAttribute("aria-valuemax", `${Math.round((this.#size.width - MARGIN_PX) / MM / 0.025)}`);
      element.setAttribute("aria-valuetext", spoken);
    }
  }

  #movable(element: HTMLElement, which: 0 | 1): void {
    const across = () => (this.#size.width - MARGIN_PX) / PX_PER_S;
    element.addEventListener("keydown", (event) => {
      if (this.#calipers === undefined) return;
      const moved = nudge(this.#calipers, which, event.key, event.shiftKey, across());
      if (moved === undefined) return;
      event.preventDefault();
      this.#calipers = moved;
      this.#placeCalipers();
    });
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      element.focus();
      element.setPointerCapture(event.pointerId);
      const box = this.getBoundingClientRect();
      const move = ({ clientX }: PointerEvent) => {
        const at = Math.max(0, Math.min(across(), (clientX - box.left - MARGIN_PX) / PX_PER_S));
        if (this.#calipers === undefined) return;
        this.#calipers = which === 0 ? { ...this.#calipers, a: at } : { ...this.#calipers, b: at };
        this.#placeCalipers();
      };
      element.addEventListener("pointermove", move);
      element.addEventListener("pointerup", () => element.removeEventListener("pointermove", move), {
        once: true,
      });
    });
  }

  /** A frozen strip is pulled by the pointer. */
  #pan(start: PointerEvent): void {
    if (!this.frozen) return;
    const end = this.#end as number;
    const rateHz = this.#heart?.format.rateHz ?? 1;
    this.#trace.setPointerCapture(start.pointerId);
    const move = (event: PointerEvent) => {
      const wanted = end - ((event.clientX - start.clientX) / PX_PER_S) * rateHz;
      this.shift((wanted - (this.#end ?? end)) / rateHz);
    };
    this.#trace.addEventListener("pointermove", move);
    this.#trace.addEventListener("pointerup", () => this.#trace.removeEventListener("pointermove", move), {
      once: true,
    });
  }
}

function handle(name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "caliper";
  element.tabIndex = 0;
  element.hidden = true;
  element.setAttribute("role", "slider");
  element.setAttribute("aria-label", `Caliper ${name}`);
  element.setAttribute("aria-valuemin", "0");
  element.dataset.name = name;
  return element;
}

customElements.define("vagus-strip", StripElement);
