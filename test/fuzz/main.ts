/** `npm run fuzz`: every target in turn, a slice of the time each, until the minutes are over. */
import { parseArgs } from "node:util";
import { keep, readCorpus } from "./corpus.js";
import { type Finding, fuzz } from "./fuzzer.js";
import { allTargets } from "./targets.js";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    target: { type: "string", default: "" },
    keep: { type: "boolean", default: false },
  },
});

const targets = (await allTargets()).filter(({ name }) => name.includes(values.target));
const end = performance.now() + Number(values.minutes) * 60_000;
const seed = Number(values.seed);
const totals = new Map<string, { inputs: number; read: number; novel: number; slowestMs: number }>();
const findings = new Map<string, Finding>();
console.log(`seed ${seed}, ${targets.length} targets, ${values.minutes} minutes`);

for (let round = 0; performance.now() < end; round++) {
  for (const [i, target] of targets.entries()) {
    const slice = Math.min(15_000, (end - performance.now()) / (targets.length - i));
    if (slice <= 0) break;
    const until = performance.now() + slice;
    const limits = { seed: seed + round, inputs: Number.POSITIVE_INFINITY, until };
    const outcome = await fuzz(target, readCorpus(target.name), limits);
    if (values.keep) keep(target.name, outcome.novel);
    const total = totals.get(target.name) ?? { inputs: 0, read: 0, novel: 0, slowestMs: 0 };
    total.inputs += outcome.inputs;
    total.read += outcome.read;
    total.novel += outcome.novel.length;
    total.slowestMs = Math.max(total.slowestMs, outcome.slowestMs);
    totals.set(target.name, total);
    for (const finding of outcome.findings) findings.set(`${target.name} ${finding.what}`, finding);
  }
}

for (const [name, { inputs, read, novel, slowestMs }] of totals) {
  const figures = [
    `${inputs} inputs`,
    `${read} read`,
    `${novel} novel`,
    `slowest ${slowestMs.toFixed(1)} ms`,
  ];
  console.log(`${name.padEnd(44)} ${figures.map((figure) => figure.padStart(19)).join("")}`);
}
for (const { target, what, input } of findings.values())
  console.log(`\nFOUND in ${target}: ${what}\n  ${input}`);
const inputs = [...totals.values()].reduce((sum, total) => sum + total.inputs, 0);
console.log(`${inputs} inputs, ${findings.size} findings`);
process.exitCode = findings.size > 0 || inputs === 0 ? 1 : 0;
