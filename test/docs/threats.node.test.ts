import { readFileSync } from "node:fs";
import { ok, same } from "../support/assert.js";
import { problemsOf, rowsOf, titlesOf } from "./threats.js";

const page = readFileSync("docs/THREATS.md", "utf8");

describe("docs/THREATS.md", () => {
  it("names in every row a letter of STRIDE, a threat, an answer, and tests that exist", () =>
    same(problemsOf(page).join("\n"), ""));

  it("has a table for each of the eight boundaries, and all of STRIDE at those where somebody can be held to it", () => {
    const rows = rowsOf(page);
    ok(rows.length >= 50, `${rows.length} rows`);
    const letters = (boundary: number) =>
      [..."STRIDE"].filter((letter) =>
        rows.some((row) => row.boundary === `${boundary}` && row.stride === letter),
      );
    for (const boundary of [2, 3, 4, 5, 6])
      same(letters(boundary).join(""), "STRIDE", `boundary ${boundary}`);
    same(letters(1).join(""), "STIDE", "nobody on the air can be held to anything");
    same(letters(7).join(""), "TDE");
    same(letters(8).join(""), "STIDE", "whoever is at the bench is the patient, the power and the hand");
  });

  const row = (cells: string) =>
    `### 1. The radio\n\n| | threat | answer | shown by | remains |\n|---|---|---|---|---|\n${cells}\n`;
  const good = '`test/docs/threats.node.test.ts` "docs/THREATS.md"';
  const planted: [what: string, cells: string, expected: RegExp | undefined][] = [
    ["a row as it should be", `| S | a threat | an answer | ${good} | |`, undefined],
    [
      "a test that is not there",
      '| S | a threat | an answer | `test/docs/none.test.ts` "it is" | |',
      /there is no test\/docs\/none/,
    ],
    [
      "a title that is not there",
      '| S | a threat | an answer | `test/docs/threats.ts` "it is" | |',
      /has no test "it is"/,
    ],
    ["an attack", '| S | a threat | an answer | `test/attacks` "journal-full" | |', undefined],
    [
      "an attack that is not there",
      '| S | a threat | an answer | `test/attacks` "journal-ful" | |',
      /there is no attack "journal-ful"/,
    ],
    ["no test", "| S | a threat | an answer | trust | |", /names no test/],
    [
      "one good test and one that is not there",
      `| S | a threat | an answer | ${good}; \`test/x.ts\` "y" | |`,
      /there is no test\/x/,
    ],
    ["no answer", `| S | a threat | | ${good} | |`, /columns/],
    ["a column too few", `| S | a threat | ${good} | |`, /columns/],
    ["a letter of none", `| X | a threat | an answer | ${good} | |`, /STRIDE, came X/],
  ];
  for (const [what, cells, expected] of planted)
    it(`planted: ${what}`, () => {
      const problems = problemsOf(row(cells));
      if (expected === undefined) return same(problems.join("\n"), "");
      ok(problems.length > 0 && expected.test(problems.join("\n")), problems.join("\n"));
    });

  it("knows titles that are made of something", () => {
    const hole = "$" + "{";
    same(titlesOf(`it(\`a ${hole}b} of ${hole}c ? "d" : "e"}\`, x); it("f", y)`).join("|"), "a … of …|f");
  });
});
