/** `npm run attacks -- --weaknesses`: see run.mjs. */
import { parseArgs } from "node:util";
import { FAMILIES } from "./families/index.js";
import { playedOn } from "./plant.js";
import { weaknessLines } from "./show.js";
import { WEAKNESSES, type Weakness } from "./weaknesses/index.js";

const { values } = parseArgs({
  options: {
    weaknesses: { type: "boolean" },
    only: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const parts = values.only.flatMap((text) => text.split(","));
const slow = FAMILIES.flatMap(({ attacks }) => attacks.filter((it) => it.slow).map(({ name }) => name));
const wanted = ({ attacks }: Weakness) =>
  attacks.filter(
    (name) =>
      (parts.length === 0 || parts.some((part) => name.includes(part))) &&
      !(values.quick && slow.includes(name)),
  );

const todo = WEAKNESSES.map((weakness) => ({ weakness, attacks: wanted(weakness) })).filter(
  ({ attacks }) => attacks.length > 0,
);
if (todo.length === 0) {
  process.stderr.write(`npm run attacks: no attack is called ${parts.join(" or ")} (--list names them)\n`);
  process.exit(2);
}
const found = [];
for (const [index, { weakness, attacks }] of todo.entries()) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${index} of ${todo.length}: ${weakness.what} …`);
  const outcomes = await playedOn(weakness, attacks, `one-${index}`);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const { what, side } = weakness;
  found.push({ what, side, attacks: outcomes.map(({ name, lost, problems }) => ({ name, lost, problems })) });
  if (!values.json) for (const line of weaknessLines(weakness, outcomes)) process.stdout.write(`${line}\n`);
}
const useless = found.filter(({ attacks }) => attacks.some(({ lost }) => lost)).length;
if (values.json) process.stdout.write(`${JSON.stringify({ weaknesses: found.length, useless, found })}\n`);
else {
  const verdict = useless === 0 ? "each lets every attack win that lives on it" : `${useless} DO NOT`;
  process.stdout.write(`\n${found.length} weaknesses were planted, firmware on node: ${verdict}.\n`);
}
process.exit(useless === 0 ? 0 : 1);
