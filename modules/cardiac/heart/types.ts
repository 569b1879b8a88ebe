import type { Chamber } from "../pacer/types.js";
import type { RhythmName } from "./rhythms.js";

export type { Chamber };

/**
 * What set a chamber off. Atrium: `sinus`, `fibrillation`, `retrograde`, `paced`; ventricle: `conducted`, `junctional`
 * (narrow, as conducted), `escape`, `ectopic` and `tachycardia` (wide), `fibrillation`, `paced`.
 */
export type Origin =
  | "sinus"
  | "fibrillation"
  | "retrograde"
  | "conducted"
  | "junctional"
  | "escape"
  | "ectopic"
  | "tachycardia"
  | "paced";

/** A chamber's tissue is set off where its electrode lies, at a whole millisecond since the heart began. */
export interface Depolarisation {
  readonly chamber: Chamber;
  readonly atMs: number;
  readonly origin: Origin;
}

export interface HeartOptions {
  /** Same seed, same heart; 1 where not given. */
  readonly seed?: number;
  /** `sinus` where not given. */
  readonly rhythm?: RhythmName;
  /**
   * Of the sinus node, of a tachycardia its focus; 20 to 220. The rhythm's own where not given. Below 32 a junctional
   * focus is faster.
   */
  readonly bpm?: number;
  /**
   * Standard deviations, in ms, of what Mayer waves (0.1 Hz) and the breath add to the sinus cycle; where not given
   * 3.4 and 3.1 % of it: at 60 bpm the 1,170 and 975 ms² of "Heart rate variability" (Task Force of the ESC and
   * NASPE, 1996), table 3.
   */
  readonly lfMs?: number;
  readonly hfMs?: number;
  /** 2,500 to 6,600 where given: the HF band; 4,000 otherwise. */
  readonly breathMs?: number;
  /** From a ventricular beat that did not come through the AV node back to the atrium; without it nothing goes back. */
  readonly retrogradeMs?: number;
}
