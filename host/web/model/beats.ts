/** Rate and intervals as they are shown: from the pacer's markers where it tells them, else from the ECG. */
import type { Marker } from "../../../modules/cardiac/pacer/index.js";
import type { StreamFormat } from "../../../modules/reading/index.js";
import { QrsDetector } from "../../ecg/qrs.js";

/** Markers and beats older than this are forgotten. */
const KEEP_MS = 300_000;
/** Over so many beats a share of paced ones is told. */
const SHARE_MS = 60_000;

export interface Intervals {
  /** Beats a minute. */
  readonly rate: number | undefined;
  /** From one ventricular event to the next, in ms. */
  readonly rr: number | undefined;
  /** From an atrial event to the ventricular one that follows, in ms. */
  readonly av: number | undefined;
  /** Of the last minute's events, the share that was paced: 0 to 1. */
  readonly atrialPaced: number | undefined;
  readonly ventricularPaced: number | undefined;
}

/** A beat that was found in the ECG. */
export interface Beat {
  readonly atMs: number;
}

export class Beats {
  readonly #detector: QrsDetector;
  readonly #rateHz: number;
  #next: number | undefined;
  #first = 0;
  readonly beats: Beat[] = [];
  readonly markers: Marker[] = [];

  constructor(format: StreamFormat) {
    this.#detector = new QrsDetector(format);
    this.#rateHz = format.rateHz;
  }

  /** Samples of the first channel. What came before is passed over; a gap is told to the detector. */
  hear(first: number, samples: Int16Array): void {
    if (this.#next === undefined) this.#first = first;
    else if (first < this.#next) return;
    else if (first > this.#next) this.#detector.gap(first - this.#next);
    this.#next = first + samples.length;
    for (const index of this.#detector.push(samples))
      this.beats.push({ atMs: ((this.#first + index) * 1000) / this.#rateHz });
    forget(this.beats, this.#nowMs);
  }

  mark(markers: readonly Marker[]): void {
    for (const marker of markers) {
      let at = this.markers.length;
      while (at > 0 && this.markers[at - 1]!.atMs > marker.atMs) at--;
      this.markers.splice(at, 0, marker);
    }
    forget(this.markers, this.#nowMs);
  }

  get intervals(): Intervals {
    const ventricular = this.markers.filter(({ name, refractory }) => name[0] !== "A" && !refractory);
    const atrial = this.markers.filter(({ name, refractory }) => name[0] === "A" && !refractory);
    const beats = ventricular.length > 1 ? ventricular : this.beats;
    const [before, last] = beats.slice(-2);
    const recent = last !== undefined && this.#nowMs - last.atMs < 4000;
    return {
      rate: this.#detector.heartRate,
      rr: recent && before ? Math.round(last.atMs - before.atMs) : undefined,
      av: recent ? avDelay(atrial, ventricular) : undefined,
      atrialPaced: this.#share(atrial),
      ventricularPaced: this.#share(ventricular),
    };
  }

  get #nowMs(): number {
    return ((this.#next ?? 0) * 1000) / this.#rateHz;
  }

  #share(events: readonly Marker[]): number | undefined {
    const recent = events.filter(({ atMs }) => this.#nowMs - atMs < SHARE_MS);
    if (recent.length < 4) return undefined;
    return recent.filter(({ name }) => name[1] === "P").length / recent.length;
  }
}

function avDelay(atrial: readonly Marker[], ventricular: readonly Marker[]): number | undefined {
  const last = ventricular[ventricular.length - 1];
  if (last === undefined) return undefined;
  const before = atrial.filter(({ atMs }) => atMs <= last.atMs && last.atMs - atMs < 400);
  const nearest = before[before.length - 1];
  return nearest === undefined ? undefined : Math.round(last.atMs - nearest.atMs);
}

function forget(events: { readonly atMs: number }[], nowMs: number): void {
  let old = 0;
  while (old < events.length && nowMs - events[old]!.atMs > KEEP_MS) old++;
  if (old > 0) events.splice(0, old);
}
