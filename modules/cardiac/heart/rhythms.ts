/** The rhythms, as the properties of one conducting heart that bring each of them forth. */
import { VagusError } from "../../error/index.js";
import type { NodeProperties } from "./node.js";

export interface Rhythm {
  readonly title: string;
  /** Rate of what drives it, where `HeartOptions.bpm` says nothing; 0 where nothing drives it that has a rate. */
  readonly bpm: number;
  /** The sinus node fires. */
  readonly sinus: boolean;
  /** Now and then it stops for seconds. */
  readonly pauses?: boolean;
  /** The AV node at a sinus cycle of so many ms; without it nothing comes through. */
  readonly node?: (cycleMs: number) => NodeProperties;
  /** After so long without a beat another focus steps in; 0 for none. */
  readonly escapeMs: number;
  readonly escapeOrigin?: "junctional" | "escape";
  /** One beat in so many is followed by a premature ventricular one. */
  readonly ectopicOneIn?: number;
  /** What fires faster than the sinus node and whatever it does. */
  readonly focus?: "atrial fibrillation" | "ventricular tachycardia" | "ventricular fibrillation";
}

/** PR is 140 ms at 60 bpm and 120 at 180: what drives the sinus node speeds the AV node up too. */
function healthy(cycleMs: number): NodeProperties {
  const slowness = Math.min(1, cycleMs / 1000);
  const delayMs = 110 + 30 * slowness;
  return { delayMs, gainMs: 300 * slowness * slowness, tauMs: 110, refractoryMs: 250 * slowness };
}
const slow = (cycleMs: number): NodeProperties => ({ ...healthy(cycleMs), delayMs: 280 });
/** 4:3 at 75 bpm, 2:1 from some 90 on, and below 65 only a long PR. */
const tiring = (): NodeProperties => ({ delayMs: 180, gainMs: 1860, tauMs: 197, refractoryMs: 515 });
/** Below the node, so without a change in PR: one P in two finds it refractory. */
const everySecond = (cycleMs: number): NodeProperties => ({
  ...healthy(cycleMs),
  refractoryMs: 1.25 * cycleMs,
});
const besieged = (): NodeProperties => ({
  delayMs: 110,
  gainMs: 420,
  tauMs: 110,
  refractoryMs: 260,
  concealedMs: 150,
});

const JUNCTIONAL = { escapeMs: 1900, escapeOrigin: "junctional" } as const;
const VENTRICULAR = { escapeMs: 1620, escapeOrigin: "escape" } as const;

export const RHYTHMS = {
  sinus: { title: "Sinus rhythm", bpm: 60, sinus: true, node: healthy, ...JUNCTIONAL },
  bradycardia: { title: "Sinus bradycardia", bpm: 42, sinus: true, node: healthy, ...JUNCTIONAL },
  arrest: {
    title: "Sinus arrest with junctional escape",
    bpm: 66,
    sinus: true,
    pauses: true,
    node: healthy,
    ...JUNCTIONAL,
  },
  avb1: { title: "First-degree AV block", bpm: 66, sinus: true, node: slow, ...JUNCTIONAL },
  wenckebach: {
    title: "Second-degree AV block, Mobitz I (Wenckebach)",
    bpm: 75,
    sinus: true,
    node: tiring,
    ...JUNCTIONAL,
  },
  avb2: { title: "Second-degree AV block, 2:1", bpm: 78, sinus: true, node: everySecond, ...JUNCTIONAL },
  avb3: { title: "Third-degree AV block, ventricular escape", bpm: 75, sinus: true, ...VENTRICULAR },
  af: {
    title: "Atrial fibrillation",
    bpm: 0,
    sinus: false,
    node: besieged,
    focus: "atrial fibrillation",
    ...JUNCTIONAL,
  },
  pvc: {
    title: "Premature ventricular contractions",
    bpm: 66,
    sinus: true,
    node: healthy,
    ectopicOneIn: 5,
    ...JUNCTIONAL,
  },
  vt: {
    title: "Ventricular tachycardia",
    bpm: 170,
    sinus: true,
    node: healthy,
    escapeMs: 0,
    focus: "ventricular tachycardia",
  },
  vf: {
    title: "Ventricular fibrillation",
    bpm: 0,
    sinus: true,
    escapeMs: 0,
    focus: "ventricular fibrillation",
  },
  asystole: { title: "Asystole", bpm: 0, sinus: false, escapeMs: 0 },
} as const satisfies Record<string, Rhythm>;

export type RhythmName = keyof typeof RHYTHMS;

export const RHYTHM_NAMES = Object.keys(RHYTHMS) as RhythmName[];

/** @throws VagusError `cardiac/parameter` for a name that is none, or a rate that it cannot have */
export function rhythmOf(name: string, bpm: number | undefined): { rhythm: Rhythm; bpm: number } {
  if (!RHYTHM_NAMES.includes(name as RhythmName))
    throw new VagusError(
      "cardiac/parameter",
      `expected a rhythm of ${RHYTHM_NAMES.join(", ")}, came ${name}`,
    );
  const rhythm: Rhythm = RHYTHMS[name as RhythmName];
  if (bpm === undefined) return { rhythm, bpm: rhythm.bpm };
  if (rhythm.bpm === 0)
    throw new VagusError("cardiac/parameter", `expected no rate for ${name}, came ${bpm} a minute`);
  if (!(bpm >= 20 && bpm <= 220))
    throw new VagusError("cardiac/parameter", `expected 20 to 220 beats a minute, came ${bpm}`);
  return { rhythm, bpm };
}
