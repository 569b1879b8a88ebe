import { readFileSync } from "node:fs";
import { withPacing } from "../../docs/pacing.js";
import * as assert from "../support/assert.js";

describe("docs/PACING.md", () => {
  it("shows the table and the strips that the code makes", () => {
    const page = readFileSync("docs/PACING.md", "utf8");
    assert.same(withPacing(page) === page, true, "npm run docs makes the page anew; up to date:");
  });
});
