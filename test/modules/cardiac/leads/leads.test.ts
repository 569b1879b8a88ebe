import {
  captures,
  captureThresholdMv,
  HEALTHY,
  impedanceStatus,
  isSensed,
  LEAD_FAULTS,
  noiseIntervalMs,
  signalUv,
  withFault,
} from "../../../../modules/cardiac/leads/index.js";
import { NOMINAL, PARAMETERS } from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same } from "../../../support/assert.js";

const { atrium, ventricle } = HEALTHY;

describe("cardiac/leads: capture (Weiss 1901, Lapicque 1909)", () => {
  it("twice the rheobase at the chronaxie, four times at a third of it, the rheobase for ever", () => {
    const lead = { ...ventricle, rheobaseMv: 500, chronaxieUs: 300 };
    deep(
      [300, 100, 3_000_000].map((widthUs) => Math.round(captureThresholdMv(lead, widthUs))),
      [1000, 2000, 500],
    );
  });

  it("a wider pulse needs no more voltage; charge rises in a line with width (Weiss)", () => {
    const charge = (widthUs: number) => captureThresholdMv(ventricle, widthUs) * widthUs;
    for (let widthUs = 100; widthUs < 1900; widthUs += 100) {
      ok(captureThresholdMv(ventricle, widthUs + 100) < captureThresholdMv(ventricle, widthUs));
      same(Math.round(charge(widthUs + 100) - charge(widthUs)), 100 * ventricle.rheobaseMv);
    }
  });

  it("a pulse of no width never captures", () => {
    for (const widthUs of [0, -1, NaN]) ok(!captures(ventricle, { amplitudeMv: 7000, widthUs }));
  });

  it("nominal pulses capture with a margin of two", () => {
    const { atrialAmplitudeMv, atrialWidthUs, ventricularAmplitudeMv, ventricularWidthUs } = NOMINAL;
    ok(captures(atrium, { amplitudeMv: atrialAmplitudeMv / 2, widthUs: atrialWidthUs }));
    ok(captures(ventricle, { amplitudeMv: ventricularAmplitudeMv / 2, widthUs: ventricularWidthUs }));
  });
});

describe("cardiac/leads: faults", () => {
  const nominal = { amplitudeMv: 3500, widthUs: 400 };
  const strongest = { amplitudeMv: 7000, widthUs: 1900 };
  for (const [fault, impedance, captured, capturedByAll, sensed, noise] of [
    ["none", "ok", true, true, true, Infinity],
    ["fracture", "high", false, false, false, 20],
    ["insulation", "low", true, true, true, Infinity],
    ["dislodged", "ok", false, false, false, Infinity],
    ["noise", "ok", true, true, true, 20],
  ] as const)
    it(`${fault}: impedance ${impedance}`, () => {
      const lead = withFault(ventricle, fault);
      same(impedanceStatus(lead.impedanceOhm), impedance);
      same(captures(lead, nominal), captured);
      same(captures(lead, strongest), capturedByAll);
      same(isSensed(signalUv(lead), NOMINAL.ventricularSensitivityUv), sensed);
      same(noiseIntervalMs(lead, NOMINAL.ventricularSensitivityUv), noise);
    });

  it("all of them, of both leads", () => {
    for (const lead of [atrium, ventricle])
      for (const fault of LEAD_FAULTS) same(withFault(lead, fault).chamber, lead.chamber);
  });

  it("the specification's range of impedance", () =>
    deep([99, 100, 2500, 2501].map(impedanceStatus), ["low", "ok", "ok", "high"]));
});

describe("cardiac/leads: sensing", () => {
  it("varies by a tenth from beat to beat", () =>
    deep([signalUv(ventricle, -1), signalUv(ventricle), signalUv(ventricle, 1)], [8550, 9500, 10_450]));

  it("a signal is seen from the sensitivity on", () =>
    deep([isSensed(2499, 2500), isSensed(2500, 2500)], [false, true]));

  it("healthy leads see their heart and no noise at every nominal sensitivity, and lose it at the dullest", () => {
    same(isSensed(signalUv(atrium, -1), NOMINAL.atrialSensitivityUv), true);
    same(noiseIntervalMs(atrium, 250), Infinity);
    const { ranges } = PARAMETERS.find(({ name }) => name === "ventricularSensitivityUv")!;
    same(isSensed(signalUv(ventricle), ranges[ranges.length - 1]!.to), false);
  });
});
