/** Runs a soak and prints what came of it, the same on each engine. */
import type { Machine } from "./machine.js";
import { type SoakResult, soak } from "./soak.js";

export interface Asked {
  readonly hours: number;
  readonly seed: number;
  readonly json: boolean;
  /** Hours of simulated time between two lines of progress. */
  readonly step: number;
  progress(line: string): void;
  print(text: string): void;
  /** Milliseconds of real time. */
  nowMs(): number;
}

/** @returns the exit code: 0 only if nothing was lost, nothing grew, and nobody was paced otherwise */
export async function run(machine: Machine, asked: Asked): Promise<number> {
  const { hours, seed, json, step } = asked;
  const began = asked.nowMs();
  let shown = 0;
  const progress = (at: number, line: string) => {
    if (at < shown + step) return;
    shown = at;
    asked.progress(`hour ${at.toFixed(1)} of ${hours}: ${line}`);
  };
  const result = await soak({ machine, seed, hours, progress });
  const seconds = (asked.nowMs() - began) / 1000;
  const whole = result.problems.length === 0 && result.notAccounted === 0;
  const { name } = machine;
  asked.print(
    json
      ? JSON.stringify({ ...result, engine: name, seconds, whole })
      : told(machine, result, seconds, whole),
  );
  return whole ? 0 : 1;
}

function told(machine: Machine, result: SoakResult, seconds: number, whole: boolean): string {
  const { pacing, heaps, problems } = result;
  const [before, after] = heaps.map(({ hour, heap }) => `${machine.show(heap)} in hour ${hour.toFixed(0)}`);
  const ended = Object.entries(result.ended).map(([code, times]) => `${times} ${code}`);
  const rest = problems.length > 10 ? [`  PROBLEM     and ${problems.length - 10} more`] : [];
  return [
    ``,
    `  seed        ${result.seed}, on ${machine.name}, ${result.hours.toFixed(1)} hours of simulated time in ${seconds.toFixed(0)} s`,
    `  faults      ${result.lostLinks} visits of ${result.visits} ended by a fault (${ended.join(", ")}); ${result.powerCuts} power cuts in the midst of a write; ${result.malformed} values that mean nothing`,
    `  readings    ${result.kept} tokens kept by the device, ${result.received} received and verified by the one, ${result.byOther} by the other, ${result.samples} samples, each held against the heart`,
    `  gone        ${result.declaredGone} in ${result.gaps} signed gaps; ${result.releases} releases; neither received nor declared: ${result.notAccounted}`,
    `  pacing      ${pacing.programmed} sets programmed, ${pacing.temporary} for a session, ${pacing.paceNow} times Pace-Now, ${pacing.cancelled} cancelled, ${pacing.refused} refused; ${pacing.asked} times asked what became of one; ${pacing.checked} times held against what it should be`,
    `  audit log   ${result.auditEntries} entries, both chains verified`,
    `  heap        ${before}, ${after}`,
    ...problems.slice(0, 10).map((problem) => `  PROBLEM     ${problem}`),
    ...rest,
    `  ${whole ? "nothing was lost" : "SOMETHING IS WRONG"}`,
    ``,
  ].join("\n");
}
