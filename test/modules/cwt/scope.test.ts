import { formatScope, includesScope, isSubsetScope, parseScope } from "../../../modules/cwt/index.js";
import { deep, same, throws } from "../../support/assert.js";

describe("scope (RFC 6749 section 3.3)", () => {
  it("words, in the order in which they stand", () => {
    deep(parseScope("ecg:read"), ["ecg:read"]);
    deep(parseScope("ecg:read pacing:write !#[]~"), ["ecg:read", "pacing:write", "!#[]~"]);
    same(formatScope(["a", "b"]), "a b");
  });

  for (const bad of ["", " ", "a ", " a", "a  b", "a\tb", 'a"', "a\\b", "é", "a\u0000", "a\n", "a b a"]) {
    it(`refuses ${JSON.stringify(bad)}`, () => throws("cwt/scope", () => parseScope(bad)));
  }

  it("formats nothing that it would refuse", () => {
    for (const bad of [[], ["a b", ""], ["a", "a"], [""]]) throws("cwt/scope", () => formatScope(bad));
  });

  it("is included whole, case and all", () => {
    const scope = parseScope("ecg:read pacing:read");
    same(includesScope(scope, "ecg:read"), true);
    for (const word of ["ecg", "ecg:read pacing:read", "ECG:READ", ""])
      same(includesScope(scope, word), false);
  });

  it("subset", () => {
    const wide = parseScope("a b c");
    same(isSubsetScope(["c", "a"], wide), true);
    same(isSubsetScope([], wide), true);
    same(isSubsetScope(["a", "d"], wide), false);
    same(isSubsetScope(wide, ["a"]), false);
  });
});
