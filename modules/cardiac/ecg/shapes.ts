/**
 * How a depolarisation looks: a sum of Gaussians, as in ECGSYN (McSharry, Clifford, Tarassenko and Smith, 2003), but
 * placed in time from each event rather than on the angle of one phase, which would tie every P to an R.
 *
 * An event's time is when its electrode is passed, in sinus rhythm some 20 ms after P or QRS has begun on the surface. A
 * paced one begins there, so its waves come after its spike.
 */
import type { Depolarisation } from "../heart/types.js";
import { ECG_LEADS, type EcgLead } from "./leads.js";

/** A Gaussian and its height in µV in each of `ECG_LEADS`. */
export type Kernel = readonly [
  offsetMs: number,
  sigmaMs: number,
  I: number,
  II: number,
  egmA: number,
  egmV: number,
];

/** Where in a kernel a lead's height stands. */
export const columnOf = (lead: EcgLead): number => 2 + ECG_LEADS.indexOf(lead);

/** Of a ventricular event: its QRS, and its T, which moves and widens with the root of the interval before it. */
export interface Shape {
  readonly kernels: readonly Kernel[];
  readonly repolarisation?: readonly Kernel[];
}

const P: Shape = {
  kernels: [
    [23, 22, 65, 125, 0, 0],
    [-3, 5, 0, 0, 2600, 0],
    [7, 5, 0, 0, -2400, 0],
  ],
};

const PACED_P: Shape = {
  kernels: [
    [58, 24, 75, 130, 0, 0],
    [22, 7, 0, 0, -1800, 0],
    [38, 8, 0, 0, 1200, 0],
  ],
};

/** From the AV node upwards: inverted where the feet look. */
const RETROGRADE_P: Shape = {
  kernels: [
    [16, 22, 35, -125, 0, 0],
    [-3, 5, 0, 0, -2000, 0],
    [7, 5, 0, 0, 1900, 0],
  ],
};

/** Where R stands, from its event. */
export const R_PEAK_MS = 20;

const NARROW: Shape = {
  kernels: [
    [-4, 9, -45, -95, 0, 0],
    [20, 10, 700, 1200, 350, 0],
    [45, 9, -170, -280, 0, 0],
    [-5, 5, 0, 0, 0, 7500],
    [6, 5, 0, 0, 0, -7000],
  ],
  repolarisation: [
    [283, 48, 100, 170, 0, 350],
    [323, 30, 90, 150, 0, 300],
  ],
};

/** From the right ventricle's apex: like a left bundle branch block with its axis upwards. */
const PACED: Shape = {
  kernels: [
    [64, 22, 520, -700, 0, 0],
    [106, 22, 430, -620, 250, 0],
    [26, 9, 0, 0, 0, -6000],
    [48, 12, 0, 0, 0, 3500],
  ],
  repolarisation: [
    [330, 52, -170, 260, 0, 500],
    [372, 32, -120, 190, 0, 400],
  ],
};

/** From the right ventricle's outflow tract: wide, axis downwards. */
const OUTFLOW: Shape = {
  kernels: [
    [40, 20, -120, 900, 0, 0],
    [82, 24, 160, 900, 250, 0],
    [-4, 7, 0, 0, 0, 6500],
    [12, 8, 0, 0, 0, -6000],
  ],
  repolarisation: [
    [310, 50, -60, -280, 0, -400],
    [350, 32, -40, -180, 0, -300],
  ],
};

/** From low in the left ventricle: like a right bundle branch block. */
const ESCAPE: Shape = {
  kernels: [
    [2, 12, -80, 240, 0, 0],
    [46, 22, -420, -620, 0, 0],
    [90, 22, -300, -520, 250, 0],
    [-4, 7, 0, 0, 0, 5500],
    [11, 8, 0, 0, 0, -5000],
  ],
  repolarisation: [
    [310, 52, 130, 230, 0, 350],
    [352, 32, 90, 160, 0, 250],
  ],
};

/** One activation of a fibrillating chamber, to be made higher or lower, and turned around, at random. */
const ATRIAL_FIBRILLATION: Shape = {
  kernels: [
    [20, 28, 50, 105, 0, 0],
    [-4, 6, 0, 0, 900, 0],
    [7, 6, 0, 0, -800, 0],
  ],
};
const FIBRILLATION: Shape = {
  kernels: [
    [80, 45, 380, 620, 0, 0],
    [150, 35, -260, -200, 0, 0],
    [-8, 12, 0, 0, 150, 2600],
    [16, 14, 0, 0, -120, -2200],
  ],
};

const ATRIAL: Partial<Record<Depolarisation["origin"], Shape>> = {
  paced: PACED_P,
  retrograde: RETROGRADE_P,
  fibrillation: ATRIAL_FIBRILLATION,
};
const VENTRICULAR: Partial<Record<Depolarisation["origin"], Shape>> = {
  paced: PACED,
  ectopic: OUTFLOW,
  tachycardia: OUTFLOW,
  escape: ESCAPE,
  fibrillation: FIBRILLATION,
};

export function shapeOf({ chamber, origin }: Depolarisation): Shape {
  return chamber === "atrium" ? (ATRIAL[origin] ?? P) : (VENTRICULAR[origin] ?? NARROW);
}
