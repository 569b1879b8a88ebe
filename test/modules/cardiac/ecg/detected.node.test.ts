import { QrsDetector } from "../../../../host/ecg/qrs.js";
import { Heart, R_PEAK_MS, SyntheticSource } from "../../../../modules/cardiac/index.js";
import { ok } from "../../../support/assert.js";

const SECONDS = 300;

/** Beats of the heart's own log that are not found within 75 ms, and found ones that are not in it, in five minutes. */
function errors(bpm: number, rateHz: number, disturbances: object): { beats: number; wrong: number } {
  const options = { seed: 8, bpm };
  const source = new SyntheticSource({ ...options, rateHz, disturbances });
  const detector = new QrsDetector(source.format);
  const found: number[] = [];
  for (let s = 0; s < SECONDS; s++) found.push(...detector.push(source.read(s * rateHz, rateHz)[0]!));
  const logged = new Heart(options)
    .advance((SECONDS - 1) * 1000)
    .filter(({ chamber }) => chamber === "ventricle")
    .map(({ atMs }) => ((atMs + R_PEAK_MS) * rateHz) / 1000);
  const near = (one: number, others: readonly number[]) =>
    others.some((other) => Math.abs(other - one) <= 0.075 * rateHz);
  const missed = logged.filter((r) => !near(r, found)).length;
  const invented = found.filter((r) => r < (SECONDS - 1) * rateHz && !near(r, logged)).length;
  return { beats: logged.length, wrong: missed + invented };
}

describe("cardiac/ecg: R peaks found by the host's detector match the heart's log, 1 in 100 off at most", () => {
  for (const [name, disturbances] of [
    ["a quiet patient", {}],
    ["mains, muscles and wander", { mainsUv: 50, muscleUv: 30, wanderUv: 300 }],
  ] as const)
    for (const bpm of [40, 55, 70, 85, 100])
      it(`${name}, ${bpm} bpm, at 125, 250 and 500 Hz`, () => {
        for (const rateHz of [125, 250, 500]) {
          const { beats, wrong } = errors(bpm, rateHz, disturbances);
          ok(beats > 4.5 * bpm && wrong <= beats / 100, `${wrong} of ${beats} at ${rateHz} Hz`);
        }
      });
});
