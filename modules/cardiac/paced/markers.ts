/** Markers on their way to whoever takes them: not more than are wanted, and not more than there is room for. */
import type { Marker } from "../pacer/index.js";

/** Of markers in refractory periods that come as fast as noise, one in so long is kept. */
const NOISE_MS = 60;
const NOISE_MARKER_MS = 250;

/** Kept for whoever takes them; then the oldest go. */
const MOST = 256;

export class Markers {
  private kept: Marker[] = [];
  /** Of each chamber the last marker in a refractory period, and the last of a row of them that was kept. */
  private rows = { A: { seenMs: -NOISE_MS, keptMs: 0 }, V: { seenMs: -NOISE_MS, keptMs: 0 } };

  add(marker: Marker): void {
    const { name, refractory, atMs } = marker;
    if (refractory) {
      const row = this.rows[name.startsWith("A") ? "A" : "V"];
      const noise = atMs - row.seenMs < NOISE_MS && atMs - row.keptMs < NOISE_MARKER_MS;
      row.seenMs = atMs;
      if (noise) return;
      row.keptMs = atMs;
    }
    this.kept.push(marker);
    if (this.kept.length > MOST) this.kept.shift();
  }

  /** Those before a time, in order; each is given once. */
  take(endMs: number): Marker[] {
    const taken = this.kept.filter(({ atMs }) => atMs < endMs);
    this.kept = this.kept.filter(({ atMs }) => atMs >= endMs);
    return taken;
  }
}
