/** The patient whom a device without a real one is implanted in: always the same, so that whoever knows that can tell. */
import type { RhythmName } from "../heart/index.js";
import { type Mode, NOMINAL } from "../pacer/index.js";
import { PacedHeart } from "./paced-heart.js";

/** Above the pacer's nominal 60 a minute, so that it has nothing to do in a healthy rhythm. */
export const SINUS_BPM = 72;

/**
 * @param rhythm one of `RHYTHM_NAMES`
 * @param mode what the pacer was programmed to when it was implanted, with nominal values; one of `MODES`
 * @throws VagusError `cardiac/parameter`
 */
export function simulatedPatient(rhythm = "sinus", mode: string = NOMINAL.mode): PacedHeart {
  return new PacedHeart({
    seed: 1,
    rhythm: rhythm as RhythmName,
    ...(rhythm === "sinus" && { bpm: SINUS_BPM }),
    parameters: { ...NOMINAL, mode: mode as Mode },
  });
}
