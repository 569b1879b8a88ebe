import { readFileSync } from "node:fs";
import { withAttacks } from "../../docs/attacks.js";
import { same } from "../support/assert.js";

describe("docs/ATTACKS.md", () => {
  const page = readFileSync("docs/ATTACKS.md", "utf8");

  it("shows every attack and what lets it win, as the code has them", () =>
    same(withAttacks(page) === page, true, "npm run docs makes the page anew; up to date:"));

  it("planted: a line that is missing shows", () => {
    const line = page.split("\n").find((text) => text.startsWith("| `journal-full`"));
    same(withAttacks(page.replace(`${line}\n`, "")) === page, true, "made anew:");
    same(page.replace(`${line}\n`, "") === page, false);
  });
});
