/** What ATTACKS.md shows that the code knows: every attack, the weakness that lets it win, and where the defence stands. */
import { FAMILIES } from "../test/attacks/families/index.js";
import { WEAKNESSES } from "../test/attacks/weaknesses/index.js";

const MARK = "<!-- made: attacks -->\n";
const END = "<!-- end -->";

function row(name: string, does: string): string {
  const by = WEAKNESSES.filter(({ attacks }) => attacks.includes(name));
  const places = new Set(by.flatMap(({ edits }) => edits.map(({ file }) => `\`${file}\``)));
  return `| \`${name}\` | ${does} | ${by.map(({ what }) => what).join("; or: ")} | ${[...places].join(", ")} |`;
}

function table(attacks: (typeof FAMILIES)[number]["attacks"]): string {
  const rows = attacks.map(({ name, does }) => row(name, does));
  return [
    "| attack | what is tried | wins where | what stands against it, in modules/ |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function made(): string {
  const count = FAMILIES.reduce((sum, { attacks }) => sum + attacks.length, 0);
  const families = FAMILIES.map(({ title, attacks }) => `### ${title}\n\n${table(attacks)}`);
  return `${count} attacks, and ${WEAKNESSES.length} weaknesses that let them win.\n\n${families.join("\n\n")}`;
}

/** The page with its tables made anew, between their marks. */
export function withAttacks(page: string): string {
  const begin = page.indexOf(MARK) + MARK.length;
  const end = page.indexOf(END, begin);
  if (begin < MARK.length || end < 0) throw new Error("ATTACKS.md has no place for its tables");
  return `${page.slice(0, begin)}\n${made()}\n\n${page.slice(end)}`;
}
