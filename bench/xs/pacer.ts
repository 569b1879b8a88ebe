/** The pacer alone: pacer.js SECONDS. Byte codes a second at 70 a minute, in DDD, by what the heart does. */
import {
  type Chamber,
  createPacer,
  NOMINAL,
  type PacingParameters,
  pacerStep,
} from "../../modules/cardiac/pacer/index.js";
import { argument, metered, report } from "./meter.js";

const seconds = Number(argument(0));
const CYCLE_MS = 857;

type Beat = readonly (readonly [afterMs: number, chamber: Chamber])[];

function meterOf(change: Partial<PacingParameters>, beat: Beat): number {
  let state = createPacer({ ...NOMINAL, ...change }, 0);
  let deadlineMs = 0;
  const step = (event: Parameters<typeof pacerStep>[1], atMs: number): void => {
    const result = pacerStep(state, event, atMs);
    state = result.state;
    deadlineMs = result.deadlineMs;
  };
  const meter = metered(() => {
    step({ type: "tick" }, 0);
    for (let cycleMs = 400; cycleMs < seconds * 1000; cycleMs += CYCLE_MS) {
      for (const [afterMs, chamber] of beat) {
        const atMs = cycleMs + afterMs;
        while (deadlineMs < atMs) step({ type: "tick" }, deadlineMs);
        step({ type: "sense", chamber }, atMs);
      }
      while (deadlineMs < cycleMs + CYCLE_MS) step({ type: "tick" }, deadlineMs);
    }
  });
  return Math.round(meter / seconds);
}

const every: Partial<PacingParameters> = {
  lowerRateLimitPpm: 70,
  hysteresisRateLimitPpm: 60,
  rateSmoothingPercent: 9,
  atrMode: 1,
};
report({
  sensedPerSecond: meterOf({}, [
    [0, "atrium"],
    [140, "ventricle"],
  ]),
  trackedPerSecond: meterOf({}, [[0, "atrium"]]),
  pacedPerSecond: meterOf({ lowerRateLimitPpm: 70 }, []),
  trackedWithEverythingOn: meterOf(every, [[0, "atrium"]]),
});
