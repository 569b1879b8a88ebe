import { engine, skip } from "engine";
import {
  createPacer,
  NOMINAL,
  type PacerEvent,
  type PacerState,
  pacerStep,
} from "../../../../modules/cardiac/pacer/index.js";
import { ok, same } from "../../../support/assert.js";

const BEATS = 70;
const BUDGET = 20_000;

/** A minute of tracked P waves at 70 a minute, everything switched on. */
function minute(): PacerState {
  let state = createPacer({ ...NOMINAL, hysteresisRateLimitPpm: 50, rateSmoothingPercent: 9, atrMode: 1 }, 0);
  const step = (event: PacerEvent, atMs: number): void => {
    ({ state } = pacerStep(state, event, atMs));
  };
  for (let beat = 0; beat < BEATS; beat++) {
    const atMs = 500 + beat * 857;
    step({ type: "sense", chamber: "atrium" }, atMs);
    for (let tick = 0; tick < 10; tick++) step({ type: "tick" }, atMs + 20 + 15 * tick);
  }
  return state;
}

describe("cardiac/pacer: work", () => {
  const onXs = engine === "xs" ? it : skip("byte codes are counted on XS");
  onXs(`at most ${BUDGET} byte codes a second at 70 bpm, with ten ticks a beat`, () => {
    const meter = native("xs_meter");
    const before = meter();
    minute();
    const perSecond = (meter() - before) / 60;
    ok(perSecond > 500 && perSecond < BUDGET, `${perSecond} a second`);
  });

  it("a state does not grow", () => {
    const fields = (state: PacerState) => Object.keys(state).length;
    same(fields(minute()), fields(createPacer(NOMINAL, 0)));
  });
});
