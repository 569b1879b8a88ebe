/** A pulse is no beat: a pacemaker that does not capture is not shown as a pulse. */
import { QrsDetector } from "../../../host/ecg/qrs.js";
import { type EcgLead, PacedHeart, type RhythmName } from "../../../modules/cardiac/index.js";
import { HEALTHY, withFault } from "../../../modules/cardiac/leads/index.js";
import { NOMINAL } from "../../../modules/cardiac/pacer/index.js";
import { ok, same } from "../../support/assert.js";

const SECONDS = 30;

function seen(
  fault: "none" | "dislodged" | "fracture",
  rhythm: RhythmName,
  mode: "VVI" | "DDD" | "VOO",
  amplitudeMv: number,
  lead: EcgLead,
  rateHz: number,
) {
  const leads = { atrium: withFault(HEALTHY.atrium, fault), ventricle: withFault(HEALTHY.ventricle, fault) };
  const ventricularAmplitudeMv = amplitudeMv;
  const parameters = { ...NOMINAL, mode, ventricularAmplitudeMv, atrialAmplitudeMv: amplitudeMv };
  let captured = 0;
  let pulses = 0;
  const heart = new PacedHeart({
    rhythm,
    rateHz,
    channels: [lead],
    parameters,
    leads,
    observe: (seen) => {
      if (seen.type !== "pulse" || seen.chamber !== "ventricle") return;
      pulses++;
      if (seen.captured) captured++;
    },
  });
  const detector = new QrsDetector(heart.format);
  let found = 0;
  for (let s = 0; s < SECONDS; s++) found += detector.push(heart.read(s * rateHz, rateHz)[0]!).length;
  return { found, pulses, captured, rate: detector.heartRate };
}

describe("Beats of a paced heart", () => {
  for (const rateHz of [125, 250, 500, 1000])
    for (const lead of ["I", "II"] as const)
      it(`${lead} at ${rateHz} Hz: none where nothing is captured, and each where it is`, () => {
        for (const mode of ["VVI", "DDD", "VOO"] as const)
          for (const amplitudeMv of [1000, 3500, 7000]) {
            const what = `${mode}, ${amplitudeMv} mV`;
            const lost = seen("dislodged", "asystole", mode, amplitudeMv, lead, rateHz);
            ok(lost.pulses >= 28 && lost.captured === 0, `${what}: ${lost.pulses} pulses`);
            same(lost.rate, undefined, `${what}: a rate without a beat`);
            same(lost.found, 0, `${what}: beats found`);
            if (amplitudeMv < 3500) continue;
            const held = seen("none", "asystole", mode, amplitudeMv, lead, rateHz);
            ok(Math.abs(held.found - held.captured) <= 2, `${what}: ${held.found} of ${held.captured}`);
            ok(Math.abs(held.rate! - 60) < 1, `${what}: ${held.rate}`);
          }
      });

  it("a heart that beats slower than its lost pulses is counted, they are not", () => {
    const { found, rate } = seen("dislodged", "avb3", "VVI", 5000, "II", 250);
    ok(found >= 16 && found <= 20, `${found} beats`);
    ok(rate! > 34 && rate! < 40, `${rate}`);
  });
});
