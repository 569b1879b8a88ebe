/** What an electrocardiograph picks up besides the heart. Heights in µV; 0 switches one off. */
import { VagusError } from "../../error/index.js";
import { sinTurns } from "../exact.js";

export interface Disturbances {
  /** The baseline's, with the breath, to either side. */
  readonly wanderUv: number;
  /** The power lines', to either side. */
  readonly mainsUv: number;
  readonly mainsHz: 50 | 60;
  /** Muscles and electrodes: white, evenly spread to either side. */
  readonly muscleUv: number;
}

/** A patient lying still, with good electrodes. */
export const QUIET: Disturbances = { wanderUv: 60, mainsUv: 0, mainsHz: 50, muscleUv: 10 };
export const NONE: Disturbances = { wanderUv: 0, mainsUv: 0, mainsHz: 50, muscleUv: 0 };

const MOST_UV = 5000;
const WANDER_MS = 3700;

/** @throws VagusError `cardiac/parameter` */
export function checkDisturbances(disturbances: Disturbances): void {
  const { wanderUv, mainsUv, muscleUv, mainsHz } = disturbances;
  for (const [name, value] of Object.entries({ wanderUv, mainsUv, muscleUv }))
    if (!(value >= 0 && value <= MOST_UV))
      throw new VagusError("cardiac/parameter", `${name}: expected 0 to ${MOST_UV} µV, came ${value}`);
  if (mainsHz !== 50 && mainsHz !== 60)
    throw new VagusError("cardiac/parameter", `expected mains of 50 or 60 Hz, came ${mainsHz}`);
}

/** A sine by its recurrence, s(n + 1) = 2 cos(w) s(n) - s(n - 1): one multiplication a sample. */
class Sine {
  private now = 0;
  private before: number;
  private turn: number;

  constructor(turnsPerSample: number) {
    this.before = -sinTurns(turnsPerSample);
    this.turn = 2 * sinTurns(turnsPerSample + 0.25);
  }

  addTo(sums: Float64Array, height: number): void {
    let now = this.now;
    let before = this.before;
    const turn = this.turn;
    const count = sums.length;
    if (count === 0) return;
    let i = 0;
    do {
      sums[i]! += height * now;
      const next = turn * now - before;
      before = now;
      now = next;
    } while (++i < count);
    this.now = now;
    this.before = before;
  }
}

/** What all surface leads share. */
export class CommonMode {
  private rateHz: number;
  private wander: Sine;
  private mains: Sine;
  private mainsHz = 50;

  constructor(rateHz: number) {
    this.rateHz = rateHz;
    this.wander = new Sine(1000 / rateHz / WANDER_MS);
    this.mains = new Sine(50 / rateHz);
  }

  /** @param scale steps of the signal a microvolt; @returns undefined where there is nothing to add */
  draw(count: number, { wanderUv, mainsUv, mainsHz }: Disturbances, scale: number): Float64Array | undefined {
    if (mainsHz !== this.mainsHz) {
      this.mains = new Sine(mainsHz / this.rateHz);
      this.mainsHz = mainsHz;
    }
    if (wanderUv === 0 && mainsUv === 0) return undefined;
    const sums = new Float64Array(count);
    if (wanderUv > 0) this.wander.addTo(sums, wanderUv * scale);
    if (mainsUv > 0) this.mains.addTo(sums, mainsUv * scale);
    return sums;
  }
}
