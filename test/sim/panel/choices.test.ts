import { RHYTHM_NAMES, simulatedPatient } from "../../../modules/cardiac/index.js";
import { LEAD_FAULTS } from "../../../modules/cardiac/leads/index.js";
import { MODES as PACER_MODES } from "../../../modules/cardiac/pacer/index.js";
import { World } from "../../../modules/platform/headless/world.js";
// @ts-expect-error the panel is the simulator's JavaScript
import { FAULTS, MODES, NOISES, noiseOf, RHYTHMS } from "../../../sim/panel/parts/choices.js";
import { deep, same } from "../../support/assert.js";

const values = (items: { value: string }[]) => items.map(({ value }) => value);

describe("what the panel offers", () => {
  it("is every rhythm, mode and fault that there is", () => {
    deep(values(RHYTHMS), [...RHYTHM_NAMES]);
    deep(values(MODES), [...PACER_MODES]);
    deep(values(FAULTS), [...LEAD_FAULTS]);
  });

  it("is noise that the bench takes, and knows again", () => {
    const world = new World({ patient: simulatedPatient(), range: () => {}, power: undefined });
    for (const { value, heights } of NOISES.slice(0, -1)) {
      same(world.obey({ noise: heights }), true);
      same(noiseOf(world.state?.noise), value);
    }
    world.obey({ noise: { mainsUv: 7 } });
    same(noiseOf(world.state?.noise), "other");
  });
});
