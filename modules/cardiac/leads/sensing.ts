/** Which signals the pacer's amplifiers see: those that reach the programmed sensitivity. */
import type { Lead } from "./lead.js";

/** How much P and R waves differ from beat to beat. */
const VARIATION = 0.1;

/** A beat's signal in µV. @param variation from -1 to 1, this beat's */
export function signalUv(lead: Lead, variation = 0): number {
  return Math.round(lead.signalUv * (1 + VARIATION * variation));
}

export function isSensed(amplitudeUv: number, sensitivityUv: number): boolean {
  return amplitudeUv >= sensitivityUv;
}

/** How often the lead's noise is taken for a signal; Infinity if it is not. */
export function noiseIntervalMs({ noiseUv, noiseEveryMs }: Lead, sensitivityUv: number): number {
  return isSensed(noiseUv, sensitivityUv) ? noiseEveryMs : Infinity;
}
