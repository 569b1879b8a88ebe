/** What a signal on a lead means. */
import { noteAtrialEvent } from "./atr.js";
import { atrialCycle, marker, NOISE_MS, ventricularEvent } from "./cycle.js";
import { ATR_FALLBACK, type Draft } from "./state.js";
import type { PacerOutput } from "./types.js";

/** Section 5.4: refractory in the ARP; or in the PVARP and its extension, and during an AV interval (5.4.6). */
export function senseAtrium(draft: Draft, atMs: number, outputs: PacerOutput[]): void {
  const { timing } = draft;
  if (!timing.sensesAtrium) return;
  const noise = atMs - draft.atrialSignalMs < NOISE_MS;
  draft.atrialSignalMs = atMs;
  const refractory = noise || draft.inAv || atMs < draft.atriumRefractoryUntilMs;
  const intervalMs = noise ? 0 : noteAtrialEvent(draft, atMs);
  const fast = !refractory && intervalMs < timing.uriMs;
  outputs.push(marker(fast ? "AT" : "AS", refractory, atMs));
  if (refractory) return;
  if (!timing.pacesVentricle) atrialCycle(draft, "sensed", atMs);
  else if (draft.atrPhase !== ATR_FALLBACK) track(draft, atMs);
}

/**
 * A tracked atrial event (5.3.2): the ventricle is paced after the sensed AV delay, but not within the upper rate's
 * interval (5.2; so the AV interval grows from beat to beat, as in Wenckebach's block, until a P wave falls into the
 * PVARP), not faster than rate smoothing allows, and not after the escape interval.
 */
function track(draft: Draft, atMs: number): void {
  const { savMs, uriMs, smoothingPercent } = draft.timing;
  let fastestMs = uriMs;
  if (smoothingPercent > 0)
    fastestMs = Math.max(fastestMs, Math.round((draft.lastCycleMs * (100 - smoothingPercent)) / 100));
  const dueMs = Math.max(atMs + savMs, draft.cycleStartMs + fastestMs);
  draft.ventricularPaceDueMs = Math.min(dueMs, draft.ventricularPaceDueMs);
  draft.atrialPaceDueMs = Infinity;
  draft.inAv = true;
}

/** A ventricular sense without an atrial event since the ventricular event before is a PVC (5.4.4). */
export function senseVentricle(draft: Draft, atMs: number, outputs: PacerOutput[]): void {
  const { timing } = draft;
  if (!timing.sensesVentricle || atMs < draft.ventricleBlankUntilMs) return;
  const noise = atMs - draft.ventricularSignalMs < NOISE_MS;
  draft.ventricularSignalMs = atMs;
  const refractory = noise || atMs < draft.ventricleRefractoryUntilMs;
  const pvc = timing.sensesAtrium && !draft.atrialInCycle;
  outputs.push(marker(pvc ? "PVC" : "VS", refractory, atMs));
  if (!refractory) ventricularEvent(draft, "sensed", pvc, atMs);
}
