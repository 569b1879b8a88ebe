import { changed, parameterTable } from "../../../host/cli/parameter-table.js";
import { UsageError } from "../../../host/cli/usage.js";
import { NOMINAL, PARAMETERS } from "../../../modules/cardiac/pacer/index.js";
import { deep, ok, same } from "../../support/assert.js";

describe("Pacing parameters as a table", () => {
  it("every parameter stands in it with its limits; what the mode does not use is marked", () => {
    const lines = parameterTable(NOMINAL);
    same(lines.length, PARAMETERS.length + 1);
    for (const { name } of PARAMETERS)
      ok(
        lines.some((line) => line.includes(` ${name} `)),
        name,
      );
    ok(lines.find((line) => line.includes("arpMs"))!.startsWith("  · arpMs"));
    ok(lines.find((line) => line.includes("hysteresis"))!.includes(" off "));
  });

  it("what changes is shown from and to", () => {
    const next = changed(NOMINAL, ["mode=VVI", "lowerRateLimitPpm=70", "hysteresisRateLimitPpm=60"]);
    const lines = parameterTable(NOMINAL, next).filter((line) => line.includes(" -> "));
    deep(
      lines.map((line) => line.replace(/ {2,}/g, " ").trim().split(" ").slice(0, 5).join(" ")),
      [
        "mode DDD -> VVI off, AOO,".split(" ").slice(0, 5).join(" "),
        "lowerRateLimitPpm 60 ppm -> 70",
        "hysteresisRateLimitPpm off -> 60 ppm",
      ],
    );
    deep({ ...next, mode: "DDD", lowerRateLimitPpm: 60, hysteresisRateLimitPpm: 0 }, NOMINAL);
  });

  for (const wrong of [
    "lowerRateLimitPpm",
    "=60",
    "rate=60",
    "lowerRateLimitPpm=",
    "lowerRateLimitPpm=6.5",
    "lowerRateLimitPpm=x",
    "mode=XYZ",
    "a=1=2",
  ]) {
    it(`--set ${wrong} is wrong usage`, () => {
      let error: unknown;
      try {
        changed(NOMINAL, [wrong]);
      } catch (thrown) {
        error = thrown;
      }
      ok(error instanceof UsageError, wrong);
    });
  }
});
