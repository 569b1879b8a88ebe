/** The rows of docs/THREATS.md, and whether the tests that they name are there. */
import { existsSync, readFileSync } from "node:fs";
import { FAMILIES } from "../attacks/families/index.js";

export interface Row {
  readonly boundary: string;
  readonly stride: string;
  readonly threat: string;
  readonly answer: string;
  readonly shownBy: string;
}

const STRIDE = /^[STRIDE]$/;
const COLUMNS = 5;
const ATTACKS = "test/attacks";
const attacks = FAMILIES.flatMap((family) => family.attacks.map(({ name }) => name));

/** Under each heading "### N. …" a table of five columns. */
export function rowsOf(page: string): Row[] {
  let boundary = "";
  const rows: Row[] = [];
  for (const line of page.split("\n")) {
    boundary = /^### (\d+)\. /.exec(line)?.[1] ?? (line.startsWith("## ") ? "" : boundary);
    if (boundary === "" || !line.startsWith("|") || /^\|[\s|-]+\|$/.test(line)) continue;
    const cells = line
      .slice(1, line.lastIndexOf("|"))
      .split("|")
      .map((cell) => cell.trim());
    if (cells[1] === "threat") continue;
    const [stride = "", threat = "", answer = "", shownBy = ""] = cells;
    rows.push({ boundary, stride, threat: cells.length === COLUMNS ? threat : "", answer, shownBy });
  }
  return rows;
}

/** `test/….ts` "title", or `test/attacks` "name", one or more. */
export const referencesOf = (shownBy: string) =>
  [...shownBy.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title }));

/** The titles of a file's suites and tests, `…` in place of what they are made of. */
export function titlesOf(source: string): string[] {
  const found = source.matchAll(
    /\b(?:describe|it)\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\$]|\\.|\$\{(?:[^{}]|\{[^{}]*\})*\}|\$)*)`)/g,
  );
  return [...found].map(([, plain, made = ""]) => plain ?? made.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…"));
}

/** What is wrong with the page. */
export function problemsOf(page: string): string[] {
  return rowsOf(page).flatMap(({ boundary, stride, threat, answer, shownBy }) => {
    const where = `boundary ${boundary}, ${threat || "a row"}`;
    if (threat === "" || answer === "")
      return [`${where}: expected ${COLUMNS} columns, each but the last filled`];
    if (!STRIDE.test(stride)) return [`${where}: expected a letter of STRIDE, came ${stride}`];
    const named = referencesOf(shownBy);
    if (named.length === 0) return [`${where}: names no test`];
    return named.flatMap(({ file, title }) => {
      if (file === ATTACKS) return attacks.includes(title) ? [] : [`${where}: there is no attack "${title}"`];
      if (!existsSync(file)) return [`${where}: there is no ${file}`];
      return titlesOf(readFileSync(file, "utf8")).includes(title)
        ? []
        : [`${where}: ${file} has no test "${title}"`];
    });
  });
}
