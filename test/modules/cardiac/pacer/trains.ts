/** Random hearts for the pacer: beats of many rhythms, one after another, with noise, silence and bursts; and parameters. */
import {
  findViolations,
  MODES,
  type Mode,
  PARAMETERS,
  type PacingParameters,
} from "../../../../modules/cardiac/pacer/index.js";
import type { Sense } from "./drive.js";

/** mulberry32 (Tommy Ettinger), of the public domain: a number from 0 to 1, without 1. */
export function randomFrom(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A set of parameters that may be programmed; each value is nominal, at a bound, or anywhere in its ranges. */
export function randomParameters(random: () => number, mode: Mode): PacingParameters {
  for (;;) {
    const values: Record<string, number | Mode> = { mode };
    for (const { name, ranges, canBeOff, nominal } of PARAMETERS) {
      const range = ranges[Math.floor(random() * ranges.length)]!;
      const steps = (range.to - range.from) / range.step;
      const choice = random();
      const any = range.from + range.step * Math.floor(random() * (steps + 1));
      if (choice < 0.3) values[name] = nominal;
      else if (choice < 0.45 && canBeOff) values[name] = 0;
      else values[name] = choice < 0.55 ? range.from : choice < 0.65 ? range.to : any;
    }
    if (random() < 0.7) values.atrDurationCycles = 10;
    const parameters = values as unknown as PacingParameters;
    if (findViolations(parameters).length === 0) return parameters;
  }
}

export const randomMode = (random: () => number): Mode =>
  MODES[1 + Math.floor(random() * (MODES.length - 1))]!;

/** `count` senses: passages of 5 to 60 beats, each of one rhythm. */
export function randomTrain(random: () => number, count: number): Sense[] {
  const senses: Sense[] = [];
  let t = Math.floor(random() * 1500);
  const add = (atMs: number, chamber: Sense["chamber"]): void => {
    senses.push({ atMs: Math.round(atMs), chamber });
  };
  while (senses.length < count) {
    const rhythm = Math.floor(random() * 8);
    const meanMs = rhythm === 4 ? 180 + random() * 150 : 250 + random() * 1300;
    const prMs = 60 + random() * 300;
    const beats = 5 + Math.floor(random() * 55);
    for (let beat = 0; beat < beats; beat++) {
      t += meanMs * (0.9 + 0.2 * random());
      if (rhythm === 0) {
        add(t, "atrium");
        add(t + prMs, "ventricle");
      } else if (rhythm === 1) add(t, "atrium");
      else if (rhythm === 2) add(t, "ventricle");
      else if (rhythm === 3) add(t, random() < 0.5 ? "atrium" : "ventricle");
      else if (rhythm === 4) {
        add(t, "atrium");
        if (random() < 0.3) add(t + 40 + random() * 100, "ventricle");
      } else if (rhythm === 5) {
        add(t, "ventricle");
        add(t + 120 + random() * 200, "atrium");
      } else if (rhythm === 6) {
        const chamber = random() < 0.5 ? "atrium" : "ventricle";
        for (let i = 0; i < 12; i++) add(t + i * (10 + random() * 60), chamber);
      } else t += random() * 3000;
    }
  }
  senses.sort((a, b) => a.atMs - b.atMs);
  return senses;
}
