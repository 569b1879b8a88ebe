import type { Outcome } from "./attack.js";
import type { Weakness } from "./weaknesses/index.js";

const WIDTH = 110;
const INDENT = 15;

export function familyLine(title: string): string {
  return `\n${title}`;
}

/** ✓ name, then who did what: three lines, more where they are long. */
export function attackLines({
  name,
  attacker,
  device,
  clinician,
  lost,
  problems,
  otherwise,
}: Outcome): string[] {
  const line = (who: string, text: string) => wrap(`    ${who.padEnd(INDENT - 4)}`, text);
  return [
    `  ${lost ? "✓" : "✗"} ${name}`,
    ...line("attacker", attacker),
    ...line("device", device),
    ...(lost ? line("clinician", clinician) : []), // what she is to see
    ...problems.flatMap((problem) => line("HE WON", problem)),
    ...otherwise.flatMap((problem) => line("OTHERWISE", problem)),
  ];
}

/** What he won; a crash is no victory. */
export const won = ({ problems }: Outcome) => problems.length > 0;

/** ✓ what was planted, then what each attack won by it. */
export function weaknessLines({ what, side }: Weakness, outcomes: readonly Outcome[]): string[] {
  return [
    ...wrap(`  ${outcomes.every(won) ? "✓" : "✗"} `, `${what} (${side})`),
    ...outcomes.flatMap(({ name, problems: [problem], otherwise: [otherwisen] }) =>
      wrap(
        "    ",
        `${name} ${problem ? `won: ${problem}` : otherwisen ? `ONLY OTHERWISE: ${otherwisen}` : "STILL LOST"}`,
      ),
    ),
  ];
}

export function totalLine(engine: string, outcomes: readonly Outcome[], seconds: number): string {
  const lost = outcomes.filter((outcome) => outcome.lost).length;
  const verdict = lost === outcomes.length ? "every attacker lost" : `${outcomes.length - lost} DID NOT LOSE`;
  return `\n${lost} of ${outcomes.length} attacks were lost by the attacker, firmware on ${engine}, in ${seconds.toFixed(0)} s: ${verdict}. (Not a medical device.)`;
}

function wrap(head: string, text: string): string[] {
  const lines = [head];
  for (const word of text.split(/\s+/)) {
    const last = lines.length - 1;
    const full =
      (lines[last] as string).length + word.length >= WIDTH && (lines[last] as string).length > INDENT;
    if (full) lines.push(`${" ".repeat(INDENT)}${word} `);
    else lines[last] += `${word} `;
  }
  return lines.map((line) => line.trimEnd());
}
