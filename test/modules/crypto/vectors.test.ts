import { cryptos } from "engine";
import { ok, same } from "../../support/assert.js";
import { cryptoSuites } from "../../vectors/crypto.js";
import { MISSING } from "../../vectors/suite.js";

for (const crypto of cryptos) {
  describe(`published vectors, ${crypto.name}`, () => {
    for (const suite of cryptoSuites) {
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
