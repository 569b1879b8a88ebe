/** What a recording is on one line of time; tokens as the verifier gives them. */

import { Timeline } from "../../../host/export/timeline.js";
import { breakInWords } from "../../../host/export/words.js";
import { type AcceptedToken, STREAM } from "../../../modules/reading/index.js";
import { deep, same } from "../../support/assert.js";

const RATE = 250;
const format = { rateHz: RATE, nanovoltsPerStep: 5000, channels: ["I"] };

/** A second of one boot, which ends at `iat`. */
function reading(boot: number, sequence: number, iat: number): AcceptedToken {
  const firstSample = sequence * RATE;
  const channels = [new Int16Array(RATE)];
  return {
    kind: "reading",
    stream: STREAM.ecg,
    cti: { boot, sequence },
    ...{ iat, uncertainty: 0, firstSample, nextSample: firstSample + RATE, channels },
  } as unknown as AcceptedToken;
}
const header = { kind: "header", stream: STREAM.ecg, format } as unknown as AcceptedToken;

function line(...tokens: AcceptedToken[]): Timeline {
  const made = new Timeline();
  for (const token of [header, ...tokens]) made.add(token);
  return made;
}

describe("host/export: a recording on one line of time", () => {
  it("within a boot: no break where the count of samples goes on, one where it leaps", () => {
    const { runs, breaks } = line(reading(1, 0, 1000), reading(1, 1, 1001), reading(1, 4, 1004));
    deep(runs, [
      { at: 0, samples: 2 * RATE },
      { at: 4 * RATE, samples: RATE },
    ]);
    deep(breaks, [{ at: 2 * RATE, samples: 2 * RATE, declared: false }]);
  });

  for (const [what, iat, seconds] of [
    ["that has fallen back", 990, 1],
    ["that stands where it was", 1001, 1],
    ["that says ten seconds", 1012, 10],
  ] as const)
    it(`a restart is a break, by a clock ${what}`, () => {
      const { runs, breaks } = line(reading(1, 0, 1000), reading(1, 1, 1001), reading(2, 0, iat));
      deep(
        runs.map(({ samples }) => samples),
        [2 * RATE, RATE],
      );
      deep(breaks, [{ at: 2 * RATE, samples: seconds * RATE, declared: false, restarted: true }]);
      same(breakInWords(breaks[0]!), "gap; the device was restarted, and may have been off for longer");
    });
});
