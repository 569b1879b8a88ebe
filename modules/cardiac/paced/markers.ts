/** Markers on their way to whoever takes them: not more than are wanted, and not more than there is room for. */
import type { Marker, MarkerName } from "../pacer/index.js";

/** Of markers in refractory periods that come as fast as noise, one in so long is kept. */
const NOISE_MS = 60;
const NOISE_MARKER_MS = 250;

/** Kept for whoever takes them; then the oldest go. */
const MOST = 256;

const NAMES: readonly MarkerName[] = ["AS", "AP", "AT", "VS", "VP", "PVC"];

/** A ring in two arrays, as objects that wait would fill the heap of a device that nobody asks for them. */
export class Markers {
  private times = new Float64Array(MOST);
  /** Index in `NAMES`, twice, and one more in a refractory period. */
  private kinds = new Uint8Array(MOST);
  private from = 0;
  private count = 0;
  /** When the last one was that nobody had taken before there was no room for it. */
  lostMs = -1;
  /** Of each chamber the last marker in a refractory period, and the last of a row of them that was kept. */
  private rows = { A: { seenMs: -NOISE_MS, keptMs: 0 }, V: { seenMs: -NOISE_MS, keptMs: 0 } };

  add({ name, refractory, atMs }: Marker): void {
    if (refractory) {
      const row = this.rows[name.startsWith("A") ? "A" : "V"];
      const noise = atMs - row.seenMs < NOISE_MS && atMs - row.keptMs < NOISE_MARKER_MS;
      row.seenMs = atMs;
      if (noise) return;
      row.keptMs = atMs;
    }
    if (this.count === MOST) {
      this.lostMs = Math.max(this.lostMs, this.times[this.from]!); // it may be known to be later, from elsewhere
      this.drop();
    }
    const at = (this.from + this.count++) % MOST;
    this.times[at] = atMs;
    this.kinds[at] = 2 * NAMES.indexOf(name) + (refractory ? 1 : 0);
  }

  /** Those before a time, in order; each is given once. */
  take(endMs: number): Marker[] {
    const taken: Marker[] = [];
    while (this.count > 0 && this.times[this.from]! < endMs) {
      const kind = this.kinds[this.from]!;
      const refractory = kind % 2 === 1;
      taken.push({ type: "marker", name: NAMES[kind >> 1]!, refractory, atMs: this.times[this.from]! });
      this.drop();
    }
    return taken;
  }

  private drop(): void {
    this.from = (this.from + 1) % MOST;
    this.count--;
  }
}
