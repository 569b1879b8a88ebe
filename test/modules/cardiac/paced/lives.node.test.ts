import fc from "fast-check";
import { RHYTHM_NAMES } from "../../../../modules/cardiac/index.js";
import { HEALTHY, LEAD_FAULTS, withFault } from "../../../../modules/cardiac/leads/index.js";
import { PacedHeart } from "../../../../modules/cardiac/paced/index.js";
import { type Marker, NOMINAL, type PacingParameters } from "../../../../modules/cardiac/pacer/index.js";
import { ok } from "../../../support/assert.js";

/** What may befall a patient, each followed by some seconds of life. */
const befalls = fc.oneof(
  fc.record({ rhythm: fc.constantFrom(...RHYTHM_NAMES) }),
  fc.record({ magnet: fc.boolean() }),
  fc.record({
    lowerRateLimitPpm: fc.constantFrom(40, 60, 75, 90),
    mode: fc.constantFrom("DDD", "VVI", "VDD", "DOO"),
  }),
  fc.record({ paceNow: fc.constant(true) }),
);
type Befalls = Partial<{ rhythm: string; magnet: boolean; paceNow: boolean }> & Partial<PacingParameters>;

function befall(heart: PacedHeart, { rhythm, magnet, paceNow, ...program }: Befalls): void {
  if (rhythm !== undefined) heart.become(rhythm);
  else if (magnet !== undefined) heart.instruct({ type: "magnet", on: magnet });
  else if (paceNow) heart.instruct({ type: "paceNow" });
  else heart.instruct({ type: "program", parameters: { ...NOMINAL, ...program } });
}

/** Lives a life to its end, a quarter of a second at a time. */
function live(heart: PacedHeart, life: readonly (readonly [Befalls, number])[]): Marker[] {
  const markers: Marker[] = [];
  let first = 0;
  for (const [what, seconds] of life) {
    befall(heart, what);
    for (let end = first + seconds * 250; first < end; first += 125) {
      for (const lead of heart.read(first, 125)) ok(lead.length === 125);
      markers.push(...heart.takeMarkers((first + 125) * 4));
    }
  }
  return markers;
}

const lives = fc.array(fc.tuple(befalls, fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 8 });

describe("cardiac/paced: any life", () => {
  it("whatever befalls it, the ventricle is never left for longer than the lowest rate's interval and 8 ms", () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 1000 }), (life, seed) => {
        const heart = new PacedHeart({ seed, rhythm: "avb3", parameters: NOMINAL });
        const markers = live(heart, life);
        let last = 0;
        for (const { name, atMs, refractory } of markers) {
          ok(atMs >= 0 && Number.isInteger(atMs));
          if (refractory || name.startsWith("A")) continue;
          ok(atMs - last <= 1500 + 8, `${atMs - last} ms before ${atMs} ms`);
          last = atMs;
        }
        ok(heart.nowMs - last <= 1600, "and at the end");
      }),
      { numRuns: 200 },
    );
  });

  it("broken leads, wild programs, any sensitivity: nothing throws, hangs or piles up", () => {
    const faults = fc.tuple(fc.constantFrom(...LEAD_FAULTS), fc.constantFrom(...LEAD_FAULTS));
    fc.assert(
      fc.property(lives, faults, fc.constantFrom(250, 2500, 10_000), (life, [atrial, ventricular], uv) => {
        const heart = new PacedHeart({
          parameters: { ...NOMINAL, atrialSensitivityUv: uv, ventricularSensitivityUv: uv },
          leads: {
            atrium: withFault(HEALTHY.atrium, atrial),
            ventricle: withFault(HEALTHY.ventricle, ventricular),
          },
        });
        const markers = live(heart, life);
        const seconds = life.reduce((sum, [, s]) => sum + s, 0);
        ok(markers.length < 30 * seconds, `${markers.length} markers in ${seconds} s`);
      }),
      { numRuns: 100 },
    );
  });
});
