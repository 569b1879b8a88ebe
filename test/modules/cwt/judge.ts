import { cryptos } from "engine";
import { ok, same } from "../../support/assert.js";
import { MISSING, type Suite } from "../../vectors/suite.js";

/** Runs suites of vectors as tests: all cases seen, none failed, skipped where the vectors are missing. */
export function judge(suites: readonly Suite[]): void {
  for (const crypto of cryptos) {
    describe(`published vectors, ${crypto.name}`, () => {
      for (const suite of suites) {
        it(`${suite.source}: ${suite.suite}`, async function () {
          const result = await suite.run(crypto);
          same(result.failures.length, 0, result.failures.slice(0, 5).join("\n"));
          same(result.cases, suite.expected, "cases in the source");
          if (result.skipped.some(([reason]) => reason === MISSING)) this.skip();
          ok(result.passed > 0, "no case ran");
        });
      }
    });
  }
}
