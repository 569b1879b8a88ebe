/**
 * How an event looks in lead II: a sum of Gaussians, as in ECGSYN (McSharry, Clifford, Tarassenko and Smith, 2003),
 * but placed in time from each event rather than on the angle of one phase, which would tie every P to an R.
 */
import type { HeartEvent } from "./rhythm.js";

export interface Kernel {
  readonly offsetMs: number;
  readonly sigmaMs: number;
  readonly microvolts: number;
}

/** Kernels are drawn this many sigmas to each side: beyond it, less than 1 µV of any wave is left. */
export const REACH_SIGMAS = 4;

const P: readonly Kernel[] = [
  { offsetMs: -9, sigmaMs: 17, microvolts: 90 },
  { offsetMs: 12, sigmaMs: 18, microvolts: 70 },
];

const QRS: readonly Kernel[] = [
  { offsetMs: -24, sigmaMs: 8, microvolts: -130 },
  { offsetMs: 0, sigmaMs: 10, microvolts: 1200 },
  { offsetMs: 25, sigmaMs: 9, microvolts: -280 },
];

/** The T wave's middle after R and its widths, at 60 beats a minute; they shrink with the root of the interval (Bazett). */
const T_MS = 285;
const T: readonly Kernel[] = [
  { offsetMs: -22, sigmaMs: 48, microvolts: 170 },
  { offsetMs: 18, sigmaMs: 30, microvolts: 150 },
];

/** The earliest that any kernel of an event begins, before the event. */
export const LEAD_MS = 100;

/** The waves of an event. */
export function kernelsOf(event: HeartEvent): readonly Kernel[] {
  if (event.kind === "atrial") return P;
  const stretch = Math.sqrt(Math.min(event.intervalMs, 1500) / 1000);
  const t = T.map((kernel) => ({
    offsetMs: (T_MS + kernel.offsetMs) * stretch,
    sigmaMs: kernel.sigmaMs * stretch,
    microvolts: kernel.microvolts,
  }));
  return [...QRS, ...t];
}
