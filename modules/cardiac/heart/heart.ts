/**
 * A heart without its voltages: what is set off when. Each thing that can happen next has one time; the earliest
 * happens, and moves the others. Pacing comes in by `stimulate`, so blocks, ectopy and pacing meet in the same tissue.
 *
 *   sinus node ─┐                                  ┌─ ectopic beats, tachycardia, fibrillation
 *               ├─ atrium ─ AV node ─ ventricle ───┼─ escape
 *   pacing ─────┘      └──── (retrograde) ───┘     └─ pacing
 */
import { VagusError } from "../../error/index.js";
import { Random } from "../exact.js";
import { AvNode } from "./node.js";
import { type Rhythm, rhythmOf } from "./rhythms.js";
import { SinusNode } from "./sinus.js";
import type { Chamber, Depolarisation, HeartOptions, Origin } from "./types.js";

/** What can happen next; where two are due in the same ms, in this order. */
const SOURCES: readonly { readonly chamber: Chamber; readonly origin: Origin }[] = [
  { chamber: "atrium", origin: "sinus" },
  { chamber: "atrium", origin: "fibrillation" },
  { chamber: "atrium", origin: "retrograde" },
  { chamber: "ventricle", origin: "conducted" },
  { chamber: "ventricle", origin: "ectopic" },
  { chamber: "ventricle", origin: "tachycardia" },
  { chamber: "ventricle", origin: "fibrillation" },
  { chamber: "ventricle", origin: "escape" },
];
const [SINUS, ATRIAL_FIBRILLATION, RETROGRADE, CONDUCTED, ECTOPIC, TACHYCARDIA, FIBRILLATION, ESCAPE] = [
  0, 1, 2, 3, 4, 5, 6, 7,
] as const;

const FIRST_MS = 300;
const ATRIAL_REFRACTORY_MS = 200;
const VENTRICULAR_REFRACTORY_MS = 240;
const TACHYCARDIA_AFTER_MS = 1500;
/** From a beat to the premature one after it, in sinus cycles of at most a second: late enough to be off its T. */
const COUPLING = [0.55, 0.62] as const;
/** Between the activations of an electrode in a fibrillating chamber. */
const ATRIAL_FIBRILLATION_MS = [125, 210] as const;
const FIBRILLATION_MS = [150, 240] as const;
/** What a focus keeps no better than: ±1 %. */
const STEADY = [0.99, 1.01] as const;

export class Heart {
  private options: HeartOptions;
  private random: Random;
  private rhythm!: Rhythm;
  private cycleMs!: number;
  private sinus!: SinusNode;
  private node!: AvNode;
  /** When each of `SOURCES` happens. */
  private due: number[] = [];
  private nowMs = 0;
  private refractoryMs: Record<Chamber, number> = { atrium: 0, ventricle: 0 };
  private happened: Depolarisation[] = [];

  constructor(options: HeartOptions = {}) {
    this.options = options;
    // Seeds next to each other are to give hearts that have nothing in common.
    this.random = new Random(Math.imul(options.seed ?? 1, 0x9e3779b1));
    const { breathMs, retrogradeMs = 200, lfMs = 0, hfMs = 0 } = options;
    if (breathMs !== undefined) between("breath", breathMs, 2500, 6600);
    between("retrograde conduction", retrogradeMs, 100, 400);
    between("variability", lfMs, 0, 200);
    between("variability", hfMs, 0, 200);
    this.become(options.rhythm ?? "sinus", options.bpm);
  }

  /** When something happens next of itself, in ms since the heart began. */
  get nextMs(): number {
    return this.due[this.nextSource()]!;
  }

  /** Another rhythm from now on. @throws VagusError `cardiac/parameter`, and nothing has changed */
  become(name: string, perMinute?: number): void {
    const { rhythm, bpm } = rhythmOf(name, perMinute);
    const focus = rhythm.focus === "ventricular tachycardia";
    const sinusMs = 60_000 / (focus ? 75 : bpm || 75);
    const { lfMs = 0.034 * sinusMs, hfMs = 0.031 * sinusMs, breathMs = 4000 } = this.options;
    this.rhythm = rhythm;
    this.cycleMs = bpm === 0 ? 0 : 60_000 / bpm;
    const pauses = rhythm.pauses ?? false;
    this.sinus = new SinusNode({ meanMs: sinusMs, lfMs, hfMs, breathMs, pauses }, this.random);
    this.node = new AvNode(rhythm.node?.(sinusMs), this.random);
    this.begin();
  }

  /**
   * What happens of itself after the last call and until `untilMs`, in order.
   *
   * @throws VagusError `cardiac/parameter` where that is no time
   */
  advance(untilMs: number): Depolarisation[] {
    if (!(untilMs < Infinity))
      throw new VagusError("cardiac/parameter", `expected a time in ms, came ${untilMs}`);
    for (;;) {
      const source = this.nextSource();
      const dueMs = this.due[source]!;
      if (dueMs > untilMs) break;
      this.nowMs = dueMs;
      this.happen(source);
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
    const happened = this.happened;
    this.happened = [];
    return happened;
  }

  /**
   * A pulse strong enough for rested tissue. `advance` to its time comes first.
   *
   * @returns whether it captured; then the chamber is depolarised (`paced`), which `advance` does not tell again
   * @throws VagusError `cardiac/parameter` for a time that has passed or is still to come
   */
  stimulate(chamber: Chamber, atMs: number): boolean {
    if (!Number.isInteger(atMs) || atMs < this.nowMs || this.nextMs < atMs)
      throw new VagusError("cardiac/parameter", `expected a pulse at ${this.nowMs} ms, came one at ${atMs}`);
    this.nowMs = atMs;
    const { focus } = this.rhythm;
    if (focus === (chamber === "atrium" ? "atrial fibrillation" : "ventricular fibrillation")) return false;
    if (atMs < this.refractoryMs[chamber]) return false;
    if (chamber === "atrium") {
      this.depolariseAtrium();
      this.resetSinus();
    } else this.depolariseVentricle(false);
    return true;
  }

  private nextSource(): number {
    const due = this.due;
    let earliest = 0;
    let source = 1;
    while (source < due.length) {
      if (due[source]! < due[earliest]!) earliest = source;
      ++source;
    }
    return earliest;
  }

  private begin(): void {
    const { sinus, focus, escapeMs } = this.rhythm;
    const due = SOURCES.map(() => Infinity);
    if (sinus) due[SINUS] = this.nowMs + FIRST_MS;
    if (escapeMs > 0) due[ESCAPE] = this.nowMs + Math.round(0.7 * escapeMs);
    if (focus === "atrial fibrillation") due[ATRIAL_FIBRILLATION] = this.nowMs + 1;
    if (focus === "ventricular tachycardia") due[TACHYCARDIA] = this.nowMs + TACHYCARDIA_AFTER_MS;
    if (focus === "ventricular fibrillation") due[FIBRILLATION] = this.nowMs + 1;
    this.due = due;
  }

  private happen(source: number): void {
    const atMs = this.nowMs;
    this.due[source] = Infinity;
    if (source === SINUS) this.resetSinus();
    else if (source === ATRIAL_FIBRILLATION) this.due[source] = this.after(ATRIAL_FIBRILLATION_MS);
    else if (source === FIBRILLATION) this.due[source] = this.after(FIBRILLATION_MS);
    else if (source === TACHYCARDIA) this.due[source] = this.afterAbout(this.cycleMs);
    const { chamber, origin: named } = SOURCES[source]!;
    const fibrillates = named === "fibrillation";
    if (atMs < this.refractoryMs[chamber] && !fibrillates) return;
    const origin = source === ESCAPE ? (this.rhythm.escapeOrigin ?? "escape") : named;
    this.happened.push({ chamber, atMs, origin });
    if (chamber === "atrium") {
      this.depolariseAtrium();
      if (source === RETROGRADE) this.resetSinus();
    } else if (!fibrillates) this.depolariseVentricle(source === CONDUCTED);
  }

  private depolariseAtrium(): void {
    this.refractoryMs.atrium = this.nowMs + ATRIAL_REFRACTORY_MS;
    this.due[RETROGRADE] = Infinity;
    const arrivesMs = this.node.enter(this.nowMs);
    if (arrivesMs !== undefined) this.due[CONDUCTED] = arrivesMs;
  }

  /** @param conducted it came through the node, which therefore neither hears of it nor lets it back */
  private depolariseVentricle(conducted: boolean): void {
    const { escapeMs, ectopicOneIn } = this.rhythm;
    const onItsWay = this.due[CONDUCTED] !== Infinity;
    this.refractoryMs.ventricle = this.nowMs + VENTRICULAR_REFRACTORY_MS;
    this.due[CONDUCTED] = Infinity;
    this.due[ECTOPIC] = Infinity;
    if (escapeMs > 0) this.due[ESCAPE] = this.afterAbout(escapeMs);
    if (this.due[TACHYCARDIA] !== Infinity && this.due[TACHYCARDIA]! > this.nowMs)
      this.due[TACHYCARDIA] = Math.max(this.due[TACHYCARDIA]!, this.afterAbout(this.cycleMs));
    if (conducted) {
      if (ectopicOneIn && this.random.between(0, ectopicOneIn) < 1)
        this.due[ECTOPIC] =
          this.nowMs +
          Math.round(this.random.between(COUPLING[0], COUPLING[1]) * Math.min(1000, this.cycleMs));
    } else {
      const passes = this.node.enterFromBelow(this.nowMs);
      const { retrogradeMs } = this.options;
      if (passes && !onItsWay && retrogradeMs !== undefined)
        this.due[RETROGRADE] = this.nowMs + Math.round(retrogradeMs);
    }
  }

  private resetSinus(): void {
    if (this.rhythm.sinus) this.due[SINUS] = this.nowMs + this.sinus.next();
  }

  private after(range: readonly [number, number]): number {
    return this.nowMs + Math.round(this.random.between(range[0], range[1]));
  }

  private afterAbout(ms: number): number {
    return this.nowMs + Math.round(ms * this.random.between(STEADY[0], STEADY[1]));
  }
}

function between(what: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high))
    throw new VagusError("cardiac/parameter", `${what}: expected ${low} to ${high} ms, came ${value}`);
}
