import { Ecg, NONE, type Origin, SyntheticSource } from "../../../../modules/cardiac/index.js";
import { ok, same } from "../../../support/assert.js";
import { beats, measure } from "./measure.js";

const quiet = { rateHz: 1000, disturbances: NONE } as const;

describe("cardiac/ecg: intervals, measured from the samples of lead II", () => {
  for (const bpm of [40, 50, 60, 75, 90])
    it(`sinus rhythm at ${bpm} bpm: PR 120 to 200 ms, QRS 80 to 110 ms, QTc 350 to 450 ms (Bazett), T upright`, () => {
      const x = new SyntheticSource({ ...quiet, bpm, seed: 2 }).read(0, 12_000)[0]!;
      const found = beats(x, 1000).slice(1, -1);
      ok(found.length >= 5);
      for (const [index, near] of found.entries()) {
        const { r, qrsOnset, qrsEnd, pOnset, tEnd, qrsHeight, tHeight } = measure(x, near);
        const [pr, qrs, qt] = [qrsOnset - pOnset!, qrsEnd - qrsOnset, tEnd - qrsOnset];
        ok(pr >= 120 && pr <= 200, `PR ${pr} ms`);
        ok(qrs >= 80 && qrs <= 110, `QRS ${qrs} ms`);
        ok(qrsHeight > 160 && qrsHeight < 320 && tHeight > 30, `R ${qrsHeight}, T ${tHeight} steps of 5 µV`);
        if (index === 0) continue;
        const qtc = qt / Math.sqrt((r - found[index - 1]!) / 1000);
        ok(qtc >= 350 && qtc <= 450, `QT ${qt}, QTc ${qtc} ms`);
      }
    });

  it("first-degree block: PR above 200 ms, QRS as narrow", () => {
    const x = new SyntheticSource({ ...quiet, rhythm: "avb1" }).read(0, 8000)[0]!;
    for (const near of beats(x, 1000).slice(1, -1)) {
      const { r, qrsOnset, qrsEnd } = measure(x, near);
      const p = x.slice(r - 360, r - 220).reduce((best, value, k, all) => (value > all[best]! ? k : best), 0);
      ok(qrsOnset - (r - 360 + p) > 180, "the top of P to Q");
      ok(qrsEnd - qrsOnset <= 110);
    }
  });

  for (const [origin, sign] of [
    ["paced", -1],
    ["ectopic", 1],
    ["tachycardia", 1],
    ["escape", -1],
  ] as const satisfies readonly (readonly [Origin, number])[])
    it(`${origin}: QRS at least 140 ms wide, T against it`, () => {
      const ecg = new Ecg({ ...quiet, channels: ["II"] });
      ecg.add({ chamber: "ventricle", atMs: 1000, origin });
      const [x] = ecg.draw(2000);
      const { qrsOnset, qrsEnd, pOnset, qrsHeight, tHeight } = measure(x!, 1000);
      ok(qrsEnd - qrsOnset >= 140 && qrsEnd - qrsOnset <= 200, `QRS ${qrsEnd - qrsOnset} ms`);
      same(Math.sign(qrsHeight), sign);
      same(Math.sign(tHeight), -sign);
      same(pOnset, undefined);
      if (origin === "paced") ok(qrsOnset >= 1000, "after its pulse");
    });

  it("junctional beats are as narrow as conducted ones, without a P", () => {
    const ecg = new Ecg({ ...quiet, channels: ["II"] });
    ecg.add({ chamber: "ventricle", atMs: 1000, origin: "junctional" });
    const { qrsOnset, qrsEnd, pOnset } = measure(ecg.draw(2000)[0]!, 1020);
    ok(qrsEnd - qrsOnset <= 110);
    same(pOnset, undefined);
  });

  it("a retrograde P is inverted in II, a paced one upright after its pulse", () => {
    for (const [origin, sign] of [
      ["retrograde", -1],
      ["paced", 1],
      ["sinus", 1],
    ] as const) {
      const ecg = new Ecg({ ...quiet, channels: ["II"] });
      ecg.add({ chamber: "atrium", atMs: 1000, origin });
      const x = ecg.draw(1500)[0]!;
      const top = x.reduce((best, value, at) => (Math.abs(value) > Math.abs(x[best]!) ? at : best), 0);
      same(Math.sign(x[top]!), sign, origin);
      const wide = x.filter((value) => Math.abs(value) > 4).length;
      ok(wide >= 70 && wide <= 120, `${origin}: P of ${wide} ms`);
      if (origin === "paced") ok(x.slice(0, 1000).every((value) => Math.abs(value) <= 1));
    }
  });
});
