/**
 * What happens in the heart and when. A rhythm says it; `morphology.ts` knows what it looks like. So a block, an
 * ectopic or a paced beat is another rhythm, not another waveform generator.
 */
import { VagusError } from "../../error/index.js";
import { Random, sinTurns } from "./exact.js";

export interface HeartEvent {
  readonly kind: "atrial" | "ventricular";
  /** Of an atrial event the P wave's middle, of a ventricular one the R peak, in ms from the start. */
  readonly atMs: number;
  /** To the event of the same kind before, which the QT interval follows. */
  readonly intervalMs: number;
}

/** Events without end, `atMs` never falling. */
export interface Rhythm {
  next(): HeartEvent;
}

/** Middle of P to R: with P's half width and Q's lead this makes a PR interval of some 160 ms. */
const P_TO_R_MS = 158;
const BREATH_MS = 4000;

/** Sinus rhythm: the rate swings by ±4 % with the breath and by up to ±1 % besides. */
export class SinusRhythm implements Rhythm {
  #random: Random;
  #meanMs: number;
  #ventricularMs = 0;
  #pending: HeartEvent | undefined;

  constructor(options: { seed: number; bpm: number }) {
    if (!(options.bpm >= 20 && options.bpm <= 220))
      throw new VagusError("cardiac/parameter", `expected 20 to 220 beats a minute, came ${options.bpm}`);
    this.#random = new Random(options.seed);
    this.#meanMs = 60_000 / options.bpm;
  }

  next(): HeartEvent {
    const pending = this.#pending;
    if (pending !== undefined) {
      this.#pending = undefined;
      return pending;
    }
    const breath = 0.04 * sinTurns(this.#ventricularMs / BREATH_MS);
    const jitter = this.#random.next() / (100 * 0x80000000);
    const intervalMs = Math.round(this.#meanMs * (1 + breath + jitter));
    this.#ventricularMs += intervalMs;
    this.#pending = { kind: "ventricular", atMs: this.#ventricularMs, intervalMs };
    return { kind: "atrial", atMs: this.#ventricularMs - P_TO_R_MS, intervalMs };
  }
}
