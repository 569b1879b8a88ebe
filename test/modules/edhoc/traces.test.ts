import { cryptos } from "engine";
import { ok, same } from "../../support/assert.js";
import { edhocSuites } from "../../vectors/edhoc.js";
import { MISSING } from "../../vectors/suite.js";

for (const crypto of cryptos) {
  describe(`EDHOC: the traces of RFC 9529, byte for byte, ${crypto.name}`, () => {
    for (const suite of edhocSuites) {
      it(`${suite.source}: ${suite.suite}, ${suite.expected} values`, async function () {
        const result = await suite.run(crypto);
        same(result.failures.length, 0, result.failures.slice(0, 5).join("\n"));
        same(result.cases, suite.expected, "values in the trace");
        if (result.skipped.some(([reason]) => reason === MISSING)) this.skip();
        ok(result.passed > 0, "no value was compared");
      });
    }
  });
}
