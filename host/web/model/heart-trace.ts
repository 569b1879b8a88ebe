/** What is known of the heart: samples, beats, markers, how fresh they are. What draws it and what counts it read this. */
import type { Marker } from "../../../modules/cardiac/pacer/index.js";
import type { StreamFormat } from "../../../modules/reading/index.js";
import { beatsOf, eventsOf, type LaneEvent } from "../draw/markers.js";
import { Beats, type Intervals } from "./beats.js";
import { Playout } from "./playout.js";
import { TraceBuffer } from "./trace-buffer.js";

/** How far back a frozen strip goes. */
export const KEEP_S = 300;

export class HeartTrace {
  readonly format: StreamFormat;
  readonly buffer: TraceBuffer;
  readonly playout: Playout;
  readonly beats: Beats;
  #arrivedMs: number | undefined;

  constructor(format: StreamFormat) {
    this.format = format;
    this.buffer = new TraceBuffer(format, KEEP_S);
    this.playout = new Playout(format.rateHz);
    this.beats = new Beats(format);
  }

  /** @param nowMs of a monotonic clock */
  read(first: number, channels: readonly Int16Array[], nowMs: number): void {
    const [lead] = channels;
    if (lead === undefined || lead.length === 0) return;
    this.buffer.put(first, channels);
    this.playout.expect(lead.length);
    this.beats.hear(first, lead);
    this.#arrivedMs = nowMs;
  }

  mark(markers: readonly Marker[]): void {
    this.beats.mark(markers);
  }

  /** How long nothing has come, in ms; undefined before the first. */
  silentMs(nowMs: number): number | undefined {
    return this.#arrivedMs === undefined ? undefined : nowMs - this.#arrivedMs;
  }

  /** Of a span of the heart's clock. */
  events(fromMs: number, toMs: number): LaneEvent[] {
    const { markers, beats } = this.beats;
    return markers.length > 0 ? eventsOf(markers, fromMs, toMs) : beatsOf(beats, fromMs, toMs);
  }

  get tellsMarkers(): boolean {
    return this.beats.markers.length > 0;
  }

  get intervals(): Intervals {
    return this.beats.intervals;
  }
}
