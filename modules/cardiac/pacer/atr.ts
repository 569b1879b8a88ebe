/**
 * Atrial tachycardia response (section 5.6): when 8 of the last 10 atrial intervals are shorter than the upper rate's
 * and no fewer than 6 are for `atrDurationCycles`, the pacer no longer tracks but paces the ventricle as VVI, from the
 * rate it had down to the lower rate limit in `atrFallbackMinutes`, until fewer than 6 are. Switches are made at
 * ventricular events.
 */
import { ATR_DURATION, ATR_FALLBACK, ATR_OFF, type Draft } from "./state.js";

const BEGIN = 8;
const CONTINUE = 6;
const LAST_TEN = 0x3ff;

function fastOfTen(intervals: number): number {
  let count = 0;
  for (let bits = intervals; bits !== 0; bits &= bits - 1) count++;
  return count;
}

function record(draft: Draft, fast: boolean): void {
  draft.atrIntervals = ((draft.atrIntervals << 1) | (fast ? 1 : 0)) & LAST_TEN;
}

/** An atrial event, sensed or paced, in a refractory period or not, ends an atrial interval. @returns the interval */
export function noteAtrialEvent(draft: Draft, atMs: number): number {
  const sinceLastMs = atMs - draft.lastAtrialMs;
  draft.lastAtrialMs = atMs;
  draft.atrialInCycle = true;
  atrInterval(draft, sinceLastMs);
  return sinceLastMs;
}

function atrInterval(draft: Draft, intervalMs: number): void {
  const { parameters, uriMs, sensesVentricle } = draft.timing;
  if (parameters.atrMode === 0 || !sensesVentricle) return;
  record(draft, intervalMs < uriMs);
  const fast = fastOfTen(draft.atrIntervals);
  if (draft.atrPhase === ATR_OFF && fast >= BEGIN) {
    draft.atrPhase = ATR_DURATION;
    draft.atrCyclesLeft = parameters.atrDurationCycles;
  } else if (draft.atrPhase === ATR_DURATION && fast < CONTINUE) {
    draft.atrPhase = ATR_OFF;
  }
}

/** A ventricular event: a cycle of the duration is over, or fallback begins or ends. A cycle without a P wave counts as slow. */
export function noteVentricularEvent(draft: Draft, atMs: number): void {
  if (draft.atrPhase === ATR_OFF) return;
  const { lriMs, uriMs } = draft.timing;
  if (!draft.atrialInCycle) record(draft, false);
  if (fastOfTen(draft.atrIntervals) < CONTINUE) {
    draft.atrPhase = ATR_OFF;
  } else if (draft.atrPhase === ATR_DURATION && --draft.atrCyclesLeft <= 0) {
    draft.atrPhase = ATR_FALLBACK;
    draft.atrFallbackStartMs = atMs;
    draft.atrFallbackFromPpm = 60_000 / Math.min(lriMs, Math.max(uriMs, draft.lastCycleMs));
  }
}

/** The escape interval that fallback allows at this time; Infinity when there is no fallback. */
export function fallbackIntervalMs(draft: Draft, atMs: number): number {
  if (draft.atrPhase !== ATR_FALLBACK) return Infinity;
  const { parameters, lriMs } = draft.timing;
  const part = (atMs - draft.atrFallbackStartMs) / (parameters.atrFallbackMinutes * 60_000);
  if (part >= 1) return lriMs;
  const fromPpm = draft.atrFallbackFromPpm;
  return Math.round(60_000 / (fromPpm + (parameters.lowerRateLimitPpm - fromPpm) * part));
}
