/**
 * Where nothing is sensed, no two ventricular pulses are further apart than the lower rate's interval and 8 ms (5.1), nor
 * nearer than it less 8 ms; by the time of the pulses themselves, with ticks that come up to 8 ms late.
 */
import {
  createPacer,
  findViolations,
  inRange,
  NOMINAL,
  PARAMETERS,
  type PacingParameters,
  pacerStep,
} from "../../../../modules/cardiac/pacer/index.js";
import { ok, same } from "../../../support/assert.js";

const CYCLES = 12;

/** Intervals between pulses as they are given, not as they were due. */
function intervals(parameters: PacingParameters, lateMs: (tick: number) => number): number[] {
  let state = createPacer(parameters, 1000);
  let lastMs = 1000;
  const found: number[] = [];
  for (let tick = 0; found.length < CYCLES; tick++) {
    const nowMs = Math.min(state.atrialPaceDueMs, state.ventricularPaceDueMs) + lateMs(tick);
    const result = pacerStep(state, { type: "tick" }, nowMs);
    state = result.state;
    for (const output of result.outputs)
      if (output.type === "pace" && output.chamber === "ventricle") {
        found.push(nowMs - lastMs);
        lastMs = nowMs;
      }
  }
  return found;
}

describe("cardiac/pacer: nothing sensed", () => {
  const lrl = PARAMETERS.find(({ name }) => name === "lowerRateLimitPpm")!;
  for (const mode of ["VOO", "DOO", "VVI", "VDD", "DDD"] as const)
    it(`${mode}: every lower rate limit`, () => {
      let sets = 0;
      for (let ppm = 30; ppm <= 175; ppm++) {
        if (!inRange(lrl, ppm)) continue;
        const lriMs = 60_000 / ppm;
        for (const change of [{}, { hysteresisRateLimitPpm: 30, rateSmoothingPercent: 25 }, { atrMode: 1 }]) {
          const rate = {
            lowerRateLimitPpm: ppm,
            upperRateLimitPpm: 175,
            avDelayMs: 100,
            vrpMs: 320,
            pvarpMs: 200,
          };
          const parameters = { ...NOMINAL, ...rate, ...change, mode };
          same(findViolations(parameters).length, 0, JSON.stringify(parameters));
          sets++;
          for (const interval of intervals(parameters, (tick) => (tick * 5) % 9))
            ok(Math.abs(interval - lriMs) <= 8.5, `${ppm} ppm: ${interval} ms`);
          for (const interval of intervals(parameters, () => 0))
            ok(Math.abs(interval - lriMs) <= 0.5, `${ppm} ppm: ${interval} ms`);
        }
      }
      same(sets, 3 * 62);
    });
});
