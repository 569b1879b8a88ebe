/** Whatever is programmed, taken back, put on or sensed, and however late the ticks: the ventricle is paced. */
import {
  createPacer,
  PACE_NOW,
  type PacerEvent,
  type PacingParameters,
  pacerStep,
} from "../../../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../../../modules/error/index.js";
import { ok } from "../../../support/assert.js";
import { randomFrom, randomParameters, randomTrain } from "./trains.js";

const VENTRICULAR = ["VOO", "DOO", "VVI", "VDD", "DDD"] as const;
const STATUSES = ["BOL", "ERN", "ERT", "ERP"] as const;
const interval = (ppm: number) => 60_000 / ppm;

function instruction(random: () => number, sets: readonly PacingParameters[]): PacerEvent {
  const parameters = sets[Math.floor(random() * sets.length)]!;
  const choice = Math.floor(random() * 8);
  if (choice === 0) return { type: "magnet", on: true };
  if (choice === 1) return { type: "magnet", on: false };
  if (choice === 2) return { type: "battery", status: STATUSES[Math.floor(random() * 4)]! };
  if (choice === 3) return { type: "paceNow" };
  if (choice === 4) return { type: "cancelTemporary" };
  if (choice === 5) return { type: "program", parameters, temporary: true };
  if (choice === 6) return { type: "program", parameters: { ...parameters, avDelayMs: 301 } };
  return { type: "program", parameters };
}

function refused(error: unknown): void {
  if (!(error instanceof VagusError && error.code.startsWith("cardiac/"))) throw error;
}

describe("cardiac/pacer: instructed at random", () => {
  it("no ventricular interval is longer than the longest programmed, none paced shorter than the shortest", function () {
    this.timeout(60_000);
    let [paces, refusals] = [0, 0];
    for (let seed = 1; seed <= 600; seed++) {
      const random = randomFrom(seed);
      const sets = Array.from({ length: 4 }, () =>
        randomParameters(random, VENTRICULAR[Math.floor(random() * VENTRICULAR.length)]!),
      );
      const longestMs = Math.max(
        ...sets.map((set) => interval(set.lowerRateLimitPpm)),
        ...sets.map((set) => interval(set.hysteresisRateLimitPpm || 175)),
        interval(65),
      );
      const shortestMs = Math.min(...sets.map((set) => interval(set.upperRateLimitPpm)), interval(120));
      const outputs = new Set(
        [...sets, PACE_NOW].map((set) => `${set.ventricularAmplitudeMv} ${set.ventricularWidthUs}`),
      );
      let state = Object.freeze(createPacer(sets[0]!, 0));
      let lastMs = 0;
      let deadlineMs = Math.min(state.atrialPaceDueMs, state.ventricularPaceDueMs);
      const step = (event: PacerEvent, atMs: number): void => {
        const result = pacerStep(state, event, atMs);
        state = Object.freeze(result.state);
        deadlineMs = result.deadlineMs;
        ok(deadlineMs > atMs && deadlineMs < Infinity, `seed ${seed}: deadline ${deadlineMs} at ${atMs}`);
        for (const output of result.outputs) {
          if (output.type === "pace" && output.chamber === "ventricle") {
            paces++;
            ok(
              output.atMs - lastMs >= shortestMs - 1,
              `seed ${seed}: paced ${output.atMs - lastMs} ms after`,
            );
            ok(outputs.has(`${output.amplitudeMv} ${output.widthUs}`), `seed ${seed}: output`);
          }
          if (output.type === "marker" && output.name[0] !== "A" && !output.refractory) {
            ok(
              output.atMs - lastMs <= longestMs + 8,
              `seed ${seed}: ${output.atMs - lastMs} ms, longest ${longestMs}`,
            );
            lastMs = output.atMs;
          }
        }
      };
      for (const { atMs, chamber } of randomTrain(random, 500)) {
        for (;;) {
          const tickMs = deadlineMs + (seed % 2) * Math.floor(random() * 9);
          if (!(tickMs < atMs)) break;
          step({ type: "tick" }, tickMs);
        }
        step({ type: "sense", chamber }, atMs);
        if (random() < 0.1)
          try {
            step(instruction(random, sets), atMs);
          } catch (error) {
            refused(error);
            refusals++;
          }
      }
    }
    ok(paces > 100_000 && refusals > 1000, `${paces} paces, ${refusals} refusals`);
  });
});
