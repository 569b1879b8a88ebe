/**
 * The pacer: a pure function of state, event and time. It knows no credential, link, storage or clock; it paces as it was
 * last programmed, whatever else fails.
 */
import { VagusError } from "../../error/index.js";
import { checkParameters } from "./check.js";
import { paceAtrium, paceVentricle, startNow } from "./cycle.js";
import { senseAtrium, senseVentricle } from "./sense.js";
import type { Draft, PacerState } from "./state.js";
import { MAGNET_RATES_PPM } from "./therapy.js";
import type { PacerEvent, PacerOutput, PacerStep } from "./types.js";

/** The specification's tolerance of intervals. A tick that comes later than this paces at once and counts from then. */
const TOLERANCE_MS = 8;

const NOTHING: readonly PacerOutput[] = [];

function deadline(state: PacerState): number {
  return Math.min(state.atrialPaceDueMs, state.ventricularPaceDueMs);
}

function paceWhatIsDue(draft: Draft, nowMs: number, outputs: PacerOutput[]): void {
  for (let dueMs = deadline(draft); dueMs <= nowMs; dueMs = deadline(draft)) {
    const atMs = nowMs - dueMs > TOLERANCE_MS ? nowMs : dueMs;
    if (draft.atrialPaceDueMs <= draft.ventricularPaceDueMs) paceAtrium(draft, atMs, outputs);
    else paceVentricle(draft, atMs, outputs);
  }
}

/**
 * What happens at `nowMs`. Paces that are due by then come first, then the event. Time never runs backwards: an earlier
 * `nowMs`, or one that is no number, stands for the latest time known.
 *
 * Parameters come into force at the next event that begins a cycle (a ventricular one, in AOO and AAI an atrial one), at
 * once if the pacer is off.
 * - `program` makes them permanent and ends Pace-Now and a temporary set; with `temporary` they hold until
 *   `cancelTemporary`, `program`, `paceNow` or a magnet.
 * - `paceNow` holds until `program`: no lost session ends it.
 *
 * @throws VagusError `cardiac/parameter` for parameters that may not be programmed, `cardiac/busy` for temporary ones
 * under a magnet or Pace-Now. The state given stays good.
 */
export function pacerStep(state: PacerState, event: PacerEvent, nowMs: number): PacerStep<PacerState> {
  const atMs = nowMs > state.nowMs && nowMs < Infinity ? nowMs : state.nowMs;
  if (event.type === "tick" && deadline(state) > atMs)
    return { state, outputs: NOTHING, deadlineMs: deadline(state) };
  const draft: Draft = { ...state, nowMs: atMs };
  const outputs: PacerOutput[] = [];
  paceWhatIsDue(draft, atMs, outputs);
  switch (event.type) {
    case "sense":
      if (event.chamber === "atrium") senseAtrium(draft, atMs, outputs);
      else if (event.chamber === "ventricle") senseVentricle(draft, atMs, outputs);
      break;
    case "tick":
      break;
    default:
      instruct(draft, event);
      if (draft.switching && draft.timing.parameters.mode === "off") startNow(draft, atMs);
  }
  return { state: draft, outputs, deadlineMs: deadline(draft) };
}

/** Events that change which parameters are to be in force. */
function instruct(draft: Draft, event: Exclude<PacerEvent, { type: "sense" | "tick" }>): void {
  switch (event.type) {
    case "magnet":
      if (event.on === draft.magnet) return;
      draft.magnet = event.on;
      draft.temporary = undefined;
      break;
    case "battery":
      if (event.status === draft.battery || typeof MAGNET_RATES_PPM[event.status] !== "number") return;
      draft.battery = event.status;
      if (!draft.magnet) return;
      break;
    case "program":
      program(draft, event);
      break;
    case "paceNow":
      draft.paceNow = true;
      draft.temporary = undefined;
      break;
    case "cancelTemporary":
      if (draft.temporary === undefined) return;
      draft.temporary = undefined;
      break;
    default:
      return;
  }
  draft.switching = true;
}

function program(draft: Draft, { parameters, temporary }: Extract<PacerEvent, { type: "program" }>): void {
  checkParameters(parameters);
  if (temporary === true) {
    if (draft.magnet || draft.paceNow)
      throw new VagusError(
        "cardiac/busy",
        `no temporary parameters under ${draft.magnet ? "a magnet" : "Pace-Now"}`,
      );
    draft.temporary = parameters;
    return;
  }
  draft.permanent = parameters;
  draft.temporary = undefined;
  draft.paceNow = false;
}
