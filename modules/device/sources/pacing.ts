import { encodeMarkers, type Implant, type InForce } from "../../cardiac/index.js";
import type { StreamFormat } from "../../reading/index.js";
import type { StreamSource } from "./source.js";

/** A step is a millisecond of the implant's clock: sample i of the ECG belongs to i * 1000 / rateHz of it. */
const FORMAT: StreamFormat = { rateHz: 1000, nanovoltsPerStep: 1, channels: ["markers"] };
/** What is in force is said again so often: who begins behind a gap knows it soon. */
const SAY_AGAIN_MS = 60_000;
/** How soon it is looked again whether the heart has lived that far. */
const LOOK_MS = 20;

/** Stream 2: what the pacer sensed and paced, and what it goes by. */
export class PacingSource implements StreamSource {
  readonly format = FORMAT;
  readonly paced: boolean;
  next = 0;
  private implant: Implant;
  private readingMs = 0;
  private inForce: InForce;
  private sayAtMs = 0;

  /** @param paced does the implant live by the time? */
  constructor(implant: Implant, paced: boolean) {
    this.implant = implant;
    this.paced = paced;
    this.inForce = implant.inForce;
  }

  get late(): boolean {
    return this.implant.lostMs >= this.next;
  }

  begin(readingMs: number, late = false): void {
    const { implant } = this;
    this.readingMs = readingMs;
    this.next = late ? implant.lostMs + 1 : Math.floor(implant.nowMs);
    implant.takeMarkers(this.next);
    const changes = implant.takeChanges(this.next);
    this.inForce = late ? (changes[changes.length - 1] ?? this.inForce) : implant.inForce;
    this.sayAtMs = this.next;
  }

  dueInMs(): number {
    const left = this.next + this.readingMs - this.implant.nowMs;
    return left > 0 ? Math.max(LOOK_MS, this.paced ? left : 0) : 0;
  }

  take(): Uint8Array | undefined {
    const { implant, next } = this;
    const endMs = next + this.readingMs;
    if (endMs > implant.nowMs) return undefined;
    const inForce = implant.takeChanges(endMs);
    if (next >= this.sayAtMs && inForce[0]?.atMs !== next) {
      inForce.unshift({ ...this.inForce, atMs: next });
      this.sayAtMs = next + SAY_AGAIN_MS;
    }
    this.inForce = inForce[inForce.length - 1] ?? this.inForce;
    const markers = implant.takeMarkers(endMs);
    this.next = endMs;
    return encodeMarkers(next, { endMs, markers, inForce });
  }
}
