/** Tests of a follow-up visit against pacer, leads and a heart that only answers pulses. */
import {
  captures,
  captureThresholdMv,
  type FollowUpStep,
  HEALTHY,
  type Lead,
  type Observation,
  runTest,
  startImpedanceTest,
  startThresholdTest,
  startWaveTest,
  stepMeasurementTest,
  stepThresholdTest,
  type ThresholdResult,
  type ThresholdTest,
  withFault,
} from "../../../../modules/cardiac/leads/index.js";
import {
  type Chamber,
  createPacer,
  findViolations,
  MODES,
  NOMINAL,
  PARAMETERS,
  type PacerEvent,
  type PacingParameters,
  pacerStep,
  parametersInForce,
} from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same } from "../../../support/assert.js";

interface Run<Result> {
  readonly result: Result | undefined;
  readonly lost: number;
  readonly longestMs: number;
  readonly after: PacingParameters;
  readonly endMs: number;
}

/** One test in a heart that stands still: runs until the test has ended and 5 s more. */
function run<Test, Result>(
  first: FollowUpStep<Test, Result>,
  next: (test: Test, observation: Observation, nowMs: number) => FollowUpStep<Test, Result>,
  { own = NOMINAL, lead, endAtMs = Infinity }: { own?: PacingParameters; lead: Lead; endAtMs?: number },
): Run<Result> {
  let pacer = createPacer(own, 0);
  let [lost, longestMs, lastMs, endMs, nowMs] = [0, 0, 0, Infinity, 0];
  const tell = (event: PacerEvent): void => {
    const { state, outputs } = pacerStep(pacer, event, nowMs);
    pacer = state;
    for (const output of outputs) {
      if (output.type !== "pace") continue;
      const captured = output.chamber !== lead.chamber || captures(lead, output);
      if (output.chamber === "ventricle" && captured) {
        longestMs = Math.max(longestMs, nowMs - lastMs);
        lastMs = nowMs;
      }
      if (!captured) lost++;
      const { chamber, amplitudeMv } = output;
      test.observe({ type: "pulse", chamber, amplitudeMv, captured, impedanceOhm: lead.impedanceOhm }, nowMs);
    }
  };
  const test = runTest(first, next, tell);
  while (nowMs < Math.min(endMs + 5000, 200_000)) {
    const dueMs = Math.min(pacer.atrialPaceDueMs, pacer.ventricularPaceDueMs);
    nowMs = Math.min(dueMs, test.deadlineMs, nowMs < endAtMs ? endAtMs : Infinity);
    if (nowMs === endAtMs) test.observe({ type: "end" }, nowMs);
    if (nowMs === test.deadlineMs) test.observe({ type: "tick" }, nowMs);
    tell({ type: "tick" });
    if (test.result !== undefined) endMs = Math.min(endMs, nowMs);
  }
  return { result: test.result, lost, longestMs, after: parametersInForce(pacer), endMs };
}

const threshold = (own: PacingParameters, lead: Lead, endAtMs = Infinity) =>
  run<ThresholdTest, ThresholdResult>(startThresholdTest(own, lead.chamber, 0), stepThresholdTest, {
    own,
    lead,
    endAtMs,
  });

describe("cardiac/leads: threshold test", () => {
  for (const chamber of ["atrium", "ventricle"] as const)
    it(`${chamber}: the lowest amplitude that captures, one beat lost, the pacer's own parameters back`, () => {
      const lead = HEALTHY[chamber];
      const { result, lost, after, longestMs } = threshold(NOMINAL, lead);
      const expected = Math.ceil(captureThresholdMv(lead, 400) / 100) * 100;
      deep(result, { chamber, ending: "done", thresholdMv: expected, widthUs: 400 });
      deep([lost, after], [1, NOMINAL]);
      ok(longestMs <= 1667, `${longestMs} ms without a beat`);
    });

  it("wider pulses have a lower threshold", () => {
    const own = { ...NOMINAL, ventricularWidthUs: 1500 };
    same(threshold(own, HEALTHY.ventricle).result?.thresholdMv, 600);
  });

  it("captures down to the lowest amplitude: that", () => {
    const { result, lost } = threshold(NOMINAL, { ...HEALTHY.ventricle, rheobaseMv: 100 });
    deep([result?.thresholdMv, lost], [500, 0]);
  });

  it("captures nowhere: no threshold, and it ends with the first pulse", () => {
    const { result, lost } = threshold(NOMINAL, withFault(HEALTHY.ventricle, "dislodged"));
    deep([result?.ending, result?.thresholdMv], ["done", undefined]);
    ok(lost >= 1);
  });

  it("ends with its session, wherever it is", () => {
    for (const endAtMs of [1, 500, 7777, 20_000]) {
      const { result, lost, after, endMs } = threshold(NOMINAL, HEALTHY.ventricle, endAtMs);
      deep([result?.ending, lost, after, endMs], ["ended", 0, NOMINAL, endAtMs]);
    }
  });

  it("ends by itself when no pulse comes", () => {
    const { test, deadlineMs } = startThresholdTest(NOMINAL, "ventricle", 1000);
    same(deadlineMs, 121_000);
    const late = stepThresholdTest(test, { type: "tick" }, deadlineMs);
    same(late.result?.ending, "late");
    same(stepThresholdTest(late.test, { type: "tick" }, deadlineMs + 1).result, late.result);
    same(stepThresholdTest(test, { type: "tick" }, NaN).result?.ending, "late");
  });

  it("pulses of another chamber or amplitude are not its own", () => {
    const { test } = startThresholdTest(NOMINAL, "ventricle", 0);
    for (const [chamber, amplitudeMv] of [
      ["atrium", 3500],
      ["ventricle", 5000],
    ] as const) {
      const pulse = { type: "pulse", chamber, amplitudeMv, captured: false, impedanceOhm: 500 } as const;
      same(stepThresholdTest(test, pulse, 10).result, undefined);
    }
  });
});

describe("cardiac/leads: impedance test", () => {
  for (const [fault, mean] of [
    ["none", 640],
    ["fracture", 12_800],
    ["insulation", 80],
  ] as const)
    it(`${fault}: ${mean} Ω`, () => {
      const lead = withFault(HEALTHY.ventricle, fault);
      const { result, after } = run(startImpedanceTest(NOMINAL, "ventricle", 0), stepMeasurementTest, {
        lead,
      });
      deep(result, {
        chamber: "ventricle",
        count: 5,
        ending: "done",
        mean,
        measured: "impedanceOhm",
        smallest: mean,
      });
      same(after, NOMINAL);
    });

  it("a pacer that is off gives no pulse: late, with nothing", () => {
    const { test, deadlineMs } = startImpedanceTest(NOMINAL, "atrium", 0);
    const { result } = stepMeasurementTest(test, { type: "tick" }, deadlineMs);
    deep([result?.ending, result?.mean, result?.smallest], ["late", undefined, undefined]);
  });
});

describe("cardiac/leads: P and R wave test", () => {
  it("mean and smallest of eight, rounded to 0.1 mV", () => {
    let step = startWaveTest(NOMINAL, "ventricle", 0);
    for (let i = 0; i < 8; i++) {
      same(step.result, undefined);
      step = stepMeasurementTest(step.test, { type: "signal", chamber: "atrium", amplitudeUv: 9 }, i);
      step = stepMeasurementTest(
        step.test,
        { type: "signal", chamber: "ventricle", amplitudeUv: 9000 + 10 * i },
        i,
      );
    }
    deep([step.result?.mean, step.result?.smallest, step.deadlineMs], [9000, 9000, Infinity]);
  });

  it("what is no height is not counted", () => {
    const { test } = startWaveTest(NOMINAL, "atrium", 0);
    for (const amplitudeUv of [NaN, -1, Infinity])
      same(stepMeasurementTest(test, { type: "signal", chamber: "atrium", amplitudeUv }, 1).test.count, 0);
  });
});

describe("cardiac/leads: what tests ask of the pacer", () => {
  it("may be programmed, for every patient", () => {
    for (const mode of MODES)
      for (const { name, ranges, canBeOff } of PARAMETERS)
        for (const value of [
          ...ranges.map(({ from }) => from),
          ranges[ranges.length - 1]!.to,
          ...(canBeOff ? [0] : []),
        ])
          for (const chamber of ["atrium", "ventricle"] as Chamber[]) {
            const own = { ...NOMINAL, mode, [name]: value };
            for (const start of [startThresholdTest, startImpedanceTest, startWaveTest])
              deep(findViolations(start(own, chamber, 0).program!), [], `${mode} ${name} ${value}`);
          }
  });
});
