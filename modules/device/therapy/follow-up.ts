/**
 * A test of a follow-up visit, run on the implant: one at a time, with temporary parameters that end with it.
 *
 *   result  [ kind, chamber, ending, count, mean, smallest ]   0 impedance in Ω, 1 P or R wave in µV; null: none was seen
 *           [ kind, chamber, ending, widthUs, thresholdMv ]    2 threshold; null: no amplitude captured
 *   ending  0 done, 1 ended before, 2 out of time
 */
import type { Chamber, Implant } from "../../cardiac/index.js";
import {
  type Ending,
  type MeasurementResult,
  type RunningTest,
  runTest,
  startImpedanceTest,
  startThresholdTest,
  startWaveTest,
  stepMeasurementTest,
  stepThresholdTest,
  type ThresholdResult,
} from "../../cardiac/leads/index.js";
import type { CborValue } from "../../cbor/index.js";

export const TEST = { impedance: 0, wave: 1, threshold: 2 } as const;
export const CHAMBERS: readonly Chamber[] = ["atrium", "ventricle"];
const ENDINGS: readonly Ending[] = ["done", "ended", "late"];

export class FollowUp {
  readonly #implant: Implant;
  readonly #kind: number;
  readonly #test: RunningTest<MeasurementResult | ThresholdResult>;

  /**
   * Begins.
   * @param kind of `TEST`
   * @throws VagusError `cardiac/busy` where no temporary parameters are taken now; then nothing has begun
   */
  constructor(implant: Implant, kind: number, chamber: Chamber) {
    const { nowMs, therapy } = implant;
    const own = therapy.permanent;
    const instruct = implant.instruct.bind(implant);
    this.#implant = implant;
    this.#kind = kind;
    if (kind === TEST.threshold)
      this.#test = runTest(startThresholdTest(own, chamber, nowMs), stepThresholdTest, instruct);
    else {
      const start = kind === TEST.wave ? startWaveTest : startImpedanceTest;
      this.#test = runTest(start(own, chamber, nowMs), stepMeasurementTest, instruct);
    }
    implant.watch((observation, atMs) => this.#test.observe(observation, atMs));
  }

  get running(): boolean {
    return this.#test.result === undefined;
  }

  /** Call it now and then: a test that sees nothing ends by its time. */
  tick(): void {
    this.#test.observe({ type: "tick" }, this.#implant.nowMs);
  }

  /** Its temporary parameters end with it. */
  end(): void {
    this.#test.observe({ type: "end" }, this.#implant.nowMs);
    this.#implant.watch(undefined);
  }

  /** null while it runs. */
  get result(): CborValue {
    const { result } = this.#test;
    if (result === undefined) return null;
    const about = [this.#kind, CHAMBERS.indexOf(result.chamber), ENDINGS.indexOf(result.ending)];
    if ("widthUs" in result) return [...about, result.widthUs, result.thresholdMv ?? null];
    return [...about, result.count, result.mean ?? null, result.smallest ?? null];
  }
}
