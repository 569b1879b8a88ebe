/** Drives the pacer through a train of senses and hands each thing that happens to a judge. */
import {
  type Chamber,
  createPacer,
  type Marker,
  type PacerEvent,
  type PacerOutput,
  type PacerState,
  type PacingParameters,
  pacerStep,
} from "../../../../modules/cardiac/pacer/index.js";
import { asWritten, type Judge, type Row } from "./judge.js";

export interface Sense {
  readonly atMs: number;
  readonly chamber: Chamber;
}

const chamberOf = ({ name }: Marker): Chamber => (name[0] === "A" ? "atrium" : "ventricle");

/** Paces as rows, and the marker of a sense that may be among the outputs. */
function rows(outputs: readonly PacerOutput[], sense: Sense | undefined): Row[] {
  const made: Row[] = [];
  let marked: string | undefined;
  for (const output of outputs) {
    if (output.type === "pace") continue;
    const name = asWritten(output.name, output.refractory);
    if (output.name === "AP" || output.name === "VP")
      made.push({ atMs: output.atMs, chamber: chamberOf(output), how: "paced", marked: name });
    else marked = name;
  }
  if (sense) made.push({ ...sense, how: "sensed", marked });
  return made;
}

/**
 * Ticks come when due, or `late(…)` milliseconds after; a sense may come before a late tick.
 * @returns how many events there were, senses and paces
 */
export function drive(
  parameters: PacingParameters,
  senses: readonly Sense[],
  judge: Judge,
  { startMs = 0, late = () => 0 }: { startMs?: number; late?: () => number } = {},
): { events: number; state: PacerState } {
  let state = createPacer(parameters, startMs);
  let deadlineMs = Math.min(state.atrialPaceDueMs, state.ventricularPaceDueMs);
  let events = 0;
  const step = (event: PacerEvent, atMs: number, sense?: Sense): void => {
    const result = pacerStep(state, event, atMs);
    ({ state, deadlineMs } = result);
    for (const row of rows(result.outputs, sense)) {
      judge.observe(row);
      events++;
    }
  };
  for (const sense of senses) {
    for (;;) {
      const tickMs = deadlineMs + late();
      if (!(tickMs < sense.atMs)) break;
      step({ type: "tick" }, tickMs);
    }
    step({ type: "sense", chamber: sense.chamber }, sense.atMs, sense);
  }
  return { events, state };
}

/** Ticks alone, or other events at their times: what comes out until `untilMs`. */
export function play(
  state: PacerState,
  script: readonly (readonly [atMs: number, event: PacerEvent])[],
  untilMs: number,
): { outputs: PacerOutput[]; state: PacerState } {
  const outputs: PacerOutput[] = [];
  let now = state;
  const step = (event: PacerEvent, atMs: number): void => {
    const result = pacerStep(now, event, atMs);
    now = result.state;
    outputs.push(...result.outputs);
  };
  const due = () => Math.min(now.atrialPaceDueMs, now.ventricularPaceDueMs);
  for (const [atMs, event] of script) {
    while (due() < atMs) step({ type: "tick" }, due());
    step(event, atMs);
  }
  while (due() <= untilMs) step({ type: "tick" }, due());
  return { outputs, state: now };
}

/** Markers as a reader writes them: "AS 100", "VP 250", "(AS) 300". */
export function markers(outputs: readonly PacerOutput[]): string[] {
  return outputs
    .filter((output): output is Marker => output.type === "marker")
    .map(({ name, refractory, atMs }) => `${asWritten(name, refractory)} ${atMs}`);
}
