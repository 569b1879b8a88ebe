/** The sinus node's cycle, swung by the breath and by Mayer waves. */
import { type Random, sinTurns } from "../exact.js";

const MAYER_MS = 10_000;
/** A phase wanders by up to so many turns a cycle, so that the spectrum has bands and no needles. */
const WANDER_TURNS = 0.035;
const LEAST_MS = 250;

/** A pause is taken after so many cycles and lasts so long. */
const CYCLES_TO_PAUSE = [6, 14] as const;
const PAUSE_MS = [3400, 5200] as const;

export interface SinusProperties {
  readonly meanMs: number;
  readonly lfMs: number;
  readonly hfMs: number;
  readonly breathMs: number;
  readonly pauses: boolean;
}

export class SinusNode {
  private properties: SinusProperties;
  private random: Random;
  /** In turns. */
  private mayer: number;
  private breath: number;
  private cyclesToPause: number;

  constructor(properties: SinusProperties, random: Random) {
    this.properties = properties;
    this.random = random;
    this.mayer = random.between(0, 1);
    this.breath = random.between(0, 1);
    this.cyclesToPause = 5;
  }

  /** To the next firing, in whole ms. */
  next(): number {
    const { meanMs, lfMs, hfMs, breathMs, pauses } = this.properties;
    if (pauses && --this.cyclesToPause < 0) {
      this.cyclesToPause = Math.floor(this.random.between(...CYCLES_TO_PAUSE));
      return Math.round(this.random.between(...PAUSE_MS));
    }
    const swing = lfMs * sinTurns(this.mayer) + hfMs * sinTurns(this.breath);
    const cycleMs = Math.max(LEAST_MS, Math.round(meanMs + Math.SQRT2 * swing));
    this.mayer = this.later(this.mayer + cycleMs / MAYER_MS);
    this.breath = this.later(this.breath + cycleMs / breathMs);
    return cycleMs;
  }

  private later(turns: number): number {
    const wandered = turns + this.random.between(-WANDER_TURNS, WANDER_TURNS);
    return wandered - Math.floor(wandered);
  }
}
