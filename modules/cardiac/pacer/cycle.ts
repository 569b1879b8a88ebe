/**
 * The cardiac cycle. It begins with a ventricular event, in AOO and AAI with an atrial one; there the next paces are
 * planned and other parameters come into force.
 *
 *   V |-- PVARP --|---- atrial alert ----| A |--- AV ---| V
 *     |-- VRP --|------ ventricular alert ---------------|      (after an atrial pace the ventricle is blanked first)
 *     |---------- VA = escape interval - AV -|
 *     |------------- URI ------------|  no tracked pace before
 */
import { fallbackIntervalMs, noteAtrialEvent, noteVentricularEvent } from "./atr.js";
import { ATR_FALLBACK, ATR_OFF, type Draft } from "./state.js";
import { inForce } from "./therapy.js";
import { timingOf } from "./timing.js";
import type { MarkerName, PacerOutput, PacingParameters } from "./types.js";

/**
 * A signal that follows another on its lead within less than this is noise: no heart beats so fast. It is marked as
 * refractory and inhibits nothing, so that in continuous noise the pacer paces as if there were nothing to sense.
 */
export const NOISE_MS = 60;

/** How a cycle began; a `started` one is the pacer's first, or first of another chamber's. */
type Beginning = "sensed" | "paced" | "started";

export function marker(name: MarkerName, refractory: boolean, atMs: number): PacerOutput {
  return { type: "marker", name, refractory, atMs };
}

/** How long the cycle may last: rate hysteresis (5.8) after a sensed event, rate smoothing (5.9), fallback (5.6.2). */
function escapeMs(draft: Draft, beginning: Beginning, atMs: number): number {
  const { lriMs, hriMs, uriMs, smoothingPercent } = draft.timing;
  let longestMs = beginning === "sensed" ? hriMs : lriMs;
  if (draft.atrPhase === ATR_FALLBACK) longestMs = Math.min(longestMs, fallbackIntervalMs(draft, atMs));
  if (smoothingPercent > 0) {
    const slowest = Math.round((draft.lastCycleMs * (100 + smoothingPercent)) / 100);
    longestMs = Math.min(longestMs, Math.max(uriMs, slowest));
  }
  return longestMs;
}

/** Puts what was programmed into force. */
function switchTherapy(draft: Draft): void {
  draft.switching = false;
  draft.timing = timingOf(inForce(draft));
  draft.atrPhase = ATR_OFF;
  draft.atrIntervals = 0;
}

/** Plans the first cycle at once: for a pacer that is off, and so has no cycle's end to wait for. */
export function startNow(draft: Draft, atMs: number): void {
  switchTherapy(draft);
  draft.lastCycleMs = draft.timing.lriMs;
  draft.atrialInCycle = true;
  draft.cycleStartMs = atMs;
  plan(draft, "started", atMs);
}

function plan(draft: Draft, beginning: Beginning, atMs: number): void {
  const { timing } = draft;
  const { parameters } = timing;
  const endMs = atMs + escapeMs(draft, beginning, atMs);
  draft.inAv = false;
  draft.atrialPaceDueMs = Infinity;
  draft.ventricularPaceDueMs = Infinity;
  if (timing.pacesVentricle) {
    draft.ventricularPaceDueMs = endMs;
    if (timing.pacesAtrium && draft.atrPhase !== ATR_FALLBACK) draft.atrialPaceDueMs = endMs - timing.pavMs;
  } else if (timing.pacesAtrium) {
    draft.atrialPaceDueMs = endMs;
    draft.atriumRefractoryUntilMs = atMs + parameters.arpMs;
  }
}

function beginCycle(draft: Draft, atMs: number): void {
  draft.lastCycleMs = atMs - draft.cycleStartMs;
  draft.cycleStartMs = atMs;
  if (draft.switching) switchTherapy(draft);
}

/** A ventricular event that is not refractory. */
export function ventricularEvent(draft: Draft, beginning: Beginning, pvc: boolean, atMs: number): void {
  beginCycle(draft, atMs);
  const { parameters, sensesAtrium, sensesVentricle, pacesVentricle } = draft.timing;
  if (sensesVentricle) draft.ventricleRefractoryUntilMs = atMs + parameters.vrpMs;
  if (sensesAtrium && pacesVentricle) {
    noteVentricularEvent(draft, atMs);
    const extended = pvc && !draft.pvarpExtended && parameters.pvarpExtensionMs > 0;
    draft.pvarpExtended = extended;
    draft.atriumRefractoryUntilMs = atMs + parameters.pvarpMs + (extended ? parameters.pvarpExtensionMs : 0);
  }
  plan(draft, beginning, atMs);
  draft.atrialInCycle = false;
}

/** An atrial event that is not refractory, in a mode without a ventricle. */
export function atrialCycle(draft: Draft, beginning: Beginning, atMs: number): void {
  beginCycle(draft, atMs);
  plan(draft, draft.timing.pacesVentricle ? "started" : beginning, atMs);
  draft.atrialInCycle = true;
}

/**
 * What the next pulse is as strong as. Timing waits for the cycle's end, strength does not: when a test below the
 * threshold is taken back, the very next pulse captures.
 */
function strengthFrom(draft: Draft, chamber: "A" | "V"): PacingParameters {
  const parameters = draft.switching ? inForce(draft) : draft.timing.parameters;
  const paces = parameters.mode[0] === chamber || parameters.mode[0] === "D";
  return paces ? parameters : draft.timing.parameters;
}

export function paceVentricle(draft: Draft, atMs: number, outputs: PacerOutput[]): void {
  const { ventricularAmplitudeMv: amplitudeMv, ventricularWidthUs: widthUs } = strengthFrom(draft, "V");
  outputs.push({ type: "pace", chamber: "ventricle", atMs, amplitudeMv, widthUs }, marker("VP", false, atMs));
  ventricularEvent(draft, "paced", false, atMs);
}

export function paceAtrium(draft: Draft, atMs: number, outputs: PacerOutput[]): void {
  const { timing } = draft;
  const { atrialAmplitudeMv: amplitudeMv, atrialWidthUs: widthUs } = strengthFrom(draft, "A");
  outputs.push({ type: "pace", chamber: "atrium", atMs, amplitudeMv, widthUs }, marker("AP", false, atMs));
  noteAtrialEvent(draft, atMs);
  if (!timing.pacesVentricle) atrialCycle(draft, "paced", atMs);
  else {
    draft.atrialPaceDueMs = Infinity;
    draft.ventricularPaceDueMs = atMs + timing.pavMs;
    draft.inAv = true;
    if (timing.sensesVentricle) blankVentricle(draft, atMs);
  }
}

/** Noise that ran up to the blanking is taken to have gone on through it. */
function blankVentricle(draft: Draft, atMs: number): void {
  draft.ventricleBlankUntilMs = atMs + draft.timing.parameters.ventricularBlankingMs;
  if (atMs - draft.ventricularSignalMs < NOISE_MS) draft.ventricularSignalMs = draft.ventricleBlankUntilMs;
}
