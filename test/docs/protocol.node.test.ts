import { readFileSync } from "node:fs";
import { examples, withExamples } from "../../docs/examples/index.js";
import * as assert from "../support/assert.js";

describe("docs/PROTOCOL.md", () => {
  it("shows the messages that the code makes", async () => {
    const page = readFileSync("docs/PROTOCOL.md", "utf8");
    const made = await examples();
    assert.ok(made.length >= 20, "expected at least 20 examples");
    assert.same(withExamples(page, made) === page, true, "npm run docs makes the page anew; up to date:");
  });
});
