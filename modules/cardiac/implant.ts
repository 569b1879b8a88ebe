/**
 * The heart with its pacemaker, as the device sees it: it lives, is instructed, and says what it did. `PacedHeart` is one.
 * A device with a recorded heart has none.
 */
import type { Battery } from "./battery/index.js";
import type { InForce } from "./codec/index.js";
import type { Lead, Observation } from "./leads/index.js";
import type { Chamber, Marker, PacerEvent, PacingParameters } from "./pacer/index.js";
import type { Therapy } from "./pacer/therapy.js";

/** What may be told to the pacer from outside: everything but what the leads and the clock tell it. */
export type Instruction = Exclude<PacerEvent, { type: "sense" | "tick" | "battery" }>;

/** Told of every pulse and every wave that a lead measures. */
export type Observer = (observation: Observation, atMs: number) => void;

export interface Implant {
  /**
   * How far it has lived, in ms since the start; it only rises. Sample i of the ECG belongs to i * 1000 / rateHz of the same
   * clock, and who reads it makes the heart live some 100 ms beyond.
   */
  readonly nowMs: number;
  /** In force, whatever set them: another object than before where they are others. */
  readonly parameters: PacingParameters;
  /** Which sets there are, and what has the upper hand. Those of an instruction come into force at a safe point of the cycle. */
  readonly therapy: Therapy;
  readonly battery: Battery;
  lead(chamber: Chamber): Lead;
  /** Goes on living where nobody reads samples; up to then, or not at all if it has come further. */
  liveUntil(ms: number): void;
  /** @throws VagusError `cardiac/parameter`, `cardiac/busy`, as `pacerStep`; then nothing has changed */
  instruct(instruction: Instruction): void;
  /**
   * Up to here markers, or changes of what is in force, went that nobody had taken before there was no room for them: what is
   * taken is whole behind it. -1 where none went.
   */
  readonly lostMs: number;
  /** The markers before that time, in order; each is given once. The newest 256 wait, then the oldest go. */
  takeMarkers(untilMs: number): Marker[];
  /** What is in force, and since when. */
  readonly inForce: InForce;
  /** What came into force before that time, in order; each is given once. The newest 7 wait, then the oldest go. */
  takeChanges(untilMs: number): InForce[];
  /** One at a time; undefined ends it. It may instruct. */
  watch(observer: Observer | undefined): void;
  /** The radio has sent or received so many octets: the battery is the same. */
  radiated(octets: number): void;
}
