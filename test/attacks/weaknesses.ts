/** `npm run attacks -- --weaknesses`: see run.mjs. */
import { FAMILIES } from "./families/index.js";
import { optionsOf, refuse } from "./options.js";
import { playedOn } from "./plant.js";
import { weaknessLines, won } from "./show.js";
import { WEAKNESSES, type Weakness } from "./weaknesses/index.js";

const values = optionsOf(process.argv.slice(2));
const slow = FAMILIES.flatMap(({ attacks }) => attacks.filter((it) => it.slow).map(({ name }) => name));
const wanted = ({ attacks }: Weakness) =>
  attacks.filter((name) => values.wants(name) && !(values.quick && slow.includes(name)));

const todo = WEAKNESSES.map((weakness) => ({ weakness, attacks: wanted(weakness) })).filter(
  ({ attacks }) => attacks.length > 0,
);
if (values.list) {
  for (const { what, side } of WEAKNESSES) process.stdout.write(`${what} (${side})\n`);
  process.exit(0);
}
if (todo.length === 0) refuse(`no attack is called ${values.only.join(" or ")} (--list names them)`);
const found = [];
for (const [index, { weakness, attacks }] of todo.entries()) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${index} of ${todo.length}: ${weakness.what} …`);
  const outcomes = await playedOn(weakness, attacks, `one-${index}`);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const { what, side } = weakness;
  found.push({
    what,
    side,
    attacks: outcomes.map((it) => ({
      name: it.name,
      won: won(it),
      problems: it.problems,
      otherwise: it.otherwise,
    })),
  });
  if (!values.json) for (const line of weaknessLines(weakness, outcomes)) process.stdout.write(`${line}\n`);
}
const useless = found.filter(({ attacks }) => attacks.some((it) => !it.won)).length;
if (values.json) process.stdout.write(`${JSON.stringify({ weaknesses: found.length, useless, found })}\n`);
else {
  const verdict = useless === 0 ? "each lets every attack win that lives on it" : `${useless} DO NOT`;
  process.stdout.write(`\n${found.length} weaknesses were planted, firmware on node: ${verdict}.\n`);
}
process.exit(useless === 0 ? 0 : 1);
