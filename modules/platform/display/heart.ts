import type { EcgFormat, PacedHeart } from "../../cardiac/index.js";

/** Whoever has the samples of a heart, and lets look at them without taking them. */
export interface Samples {
  readonly format: EcgFormat;
  /** The first sample that is not there yet. */
  readonly end: number;
  /** Copies those from `first` on, as many as there are and fit; 0 where the first of them is not there. */
  look(first: number, channels: readonly Int16Array[]): number;
}

/** What a display shows of it. */
export interface Heart {
  readonly samples: Samples;
  /** Whose markers are shown; undefined with a recorded heart. */
  readonly patient: PacedHeart | undefined;
}
