/**
 * The AV node as its recovery curve: the longer it has rested since an impulse last left it, the faster it conducts,
 * and before a refractory period is over it does not (Shrier, Dubarsky, Rosengarten, Guevara, Nattel and Glass,
 * "Prediction of complex atrioventricular conduction rhythms in humans with use of the atrioventricular nodal recovery
 * curve", Circulation 76, 1987). Wenckebach's periods, 2:1 block and the irregular ventricles of atrial fibrillation
 * all come of it.
 */
import { exp, type Random } from "../exact.js";

export interface NodeProperties {
  /** Conduction, atrium to ventricle, of a node that has rested; `gainMs` e^(-rest / `tauMs`) comes on top. */
  readonly delayMs: number;
  readonly gainMs: number;
  readonly tauMs: number;
  readonly refractoryMs: number;
  /** An impulse that gets stuck lengthens the refractory period by up to so much: concealed conduction. */
  readonly concealedMs?: number;
}

/** From a ventricle's depolarisation until it has come back to the node. */
const BACK_TO_NODE_MS = 60;
const LONG_AGO_MS = -60_000;

export class AvNode {
  private properties: NodeProperties | undefined;
  private random: Random;
  private leftAtMs = LONG_AGO_MS;

  constructor(properties: NodeProperties | undefined, random: Random) {
    this.properties = properties;
    this.random = random;
  }

  /** An impulse from the atrium. @returns when it gets to the ventricle, or undefined where it gets stuck */
  enter(atMs: number): number | undefined {
    const node = this.properties;
    if (node === undefined) return undefined;
    const restMs = atMs - this.leftAtMs;
    if (restMs < node.refractoryMs) {
      if (node.concealedMs) this.leftAtMs += Math.round(this.random.between(0, node.concealedMs));
      return undefined;
    }
    const delayMs = node.delayMs + node.gainMs * exp(-Math.min(50, restMs / node.tauMs));
    this.leftAtMs = atMs + Math.round(delayMs);
    return this.leftAtMs;
  }

  /** The ventricle was set off by something else. @returns whether the impulse can go on to the atrium */
  enterFromBelow(atMs: number): boolean {
    const restMs = atMs - this.leftAtMs;
    const passes = this.properties !== undefined && restMs >= this.properties.refractoryMs;
    this.leftAtMs = Math.max(this.leftAtMs, atMs + BACK_TO_NODE_MS);
    return passes;
  }
}
