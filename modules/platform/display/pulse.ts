/** Markers on their way to the display, and the rate that they make. */
import type { Marker } from "../../cardiac/pacer/index.js";

/** Of so many beats the rate is the mean, and the rate is none when the last was so long ago. */
const BEATS = 4;
const SILENCE_MS = 3000;
const MOST = 32;

export class Pulse {
  private waiting: Marker[] = [];
  private beats: number[] = [];

  add(marker: Marker): void {
    if (this.waiting.length === MOST) this.waiting.shift();
    this.waiting.push(marker);
    if (marker.refractory || marker.name.startsWith("A")) return;
    this.beats.push(marker.atMs);
    if (this.beats.length > BEATS + 1) this.beats.shift();
  }

  /** The oldest marker before a time, once. */
  take(beforeMs: number): Marker | undefined {
    const [first] = this.waiting;
    return first !== undefined && first.atMs < beforeMs ? this.waiting.shift() : undefined;
  }

  /** Beats a minute, or undefined while there is none. */
  rate(nowMs: number): number | undefined {
    const { beats } = this;
    const last = beats[beats.length - 1];
    if (last === undefined || beats.length < 2 || nowMs - last > SILENCE_MS) return undefined;
    return Math.round((60_000 * (beats.length - 1)) / (last - beats[0]!));
  }
}
