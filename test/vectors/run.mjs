/** npm run vectors: every published test vector, on both engines, over both implementations. --help tells the rest. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run vectors [-- OPTIONS]
Runs the published vectors, those of ../shared/vectors (or $VECTORS) and those that the RFCs print, on Node (portable) and
on XS (native and portable), and prints a table. What is missing is skipped, with the reason, and never passed.

  --engine node|xs   only this engine
  --json             one JSON object on standard output: { passed, failed, skipped, rows: [{ engine, implementation,
                     suite, source, cases, passed, skipped: [[reason, count]], failures }] }
  --help

The last line is "N passed, N failed, N skipped". The exit code is 0 only if nothing failed and every engine asked for ran.
`;

const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(help);
  process.exit(0);
}
const json = args.includes("--json");
const at = args.indexOf("--engine");
const engines = at < 0 ? ["node", "xs"] : [args[at + 1]];
const known = args.every((arg, i) => arg === "--json" || i === at || (at >= 0 && i === at + 1));
if (!known || engines.some((engine) => engine !== "node" && engine !== "xs")) {
  process.stderr.write(`npm run vectors: cannot read ${args.join(" ")} (--help tells more)\n`);
  process.exit(2);
}

const say = (line) => json || process.stdout.write(`${line}\n`);
const progress = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);

/** @returns {Promise<string[]>} the command that runs the suites on an engine */
async function command(engine) {
  const { bundle } = await import("../../sim/build/bundle.mjs");
  const outfile = join(root, `build/test/${engine}/vectors.mjs`);
  const source =
    engine === "node"
      ? `import { nodeZlib } from "./host/cose/zlib.ts";
         import { printTable } from "./test/vectors/table.ts";
         await printTable((line) => console.log(line), nodeZlib);`
      : `import { printTable } from "./test/vectors/table.ts";
         printTable((line) => console.log(line)).then(() => native("xs_exit")(0));`;
  if (engine === "node") {
    await bundle({ source, engine, outfile });
    return [process.execPath, outfile];
  }
  const { ensureRunner } = await import("../../sim/build/runner.mjs");
  const runner = await ensureRunner();
  await bundle({ source, engine, outfile });
  return [runner, outfile];
}

/** The rows of an engine as they come. @throws Error where it did not come to its end. */
async function* rowsOf(engine) {
  const [file, ...rest] = await command(engine);
  const child = spawn(file, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  let whole = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const row = JSON.parse(line);
    if (row.end) whole = true;
    else yield row;
  }
  const end = await ended;
  if (!whole || end !== 0) throw new Error(`${engine} ended with ${end}\n${errors.trim()}`);
}

const count = ({ skipped }) => skipped.reduce((sum, [, cases]) => sum + cases, 0);
const NAMES = { node: "Node", xs: "XS" };
const columns = (suite, source, ...numbers) =>
  `  ${suite.padEnd(50)} ${source.padEnd(58)} ${numbers.map((number) => String(number).padStart(8)).join("")}`;

process.chdir(root);
await ensurePackages();
const rows = [];
const stopped = [];
for (const engine of engines) {
  progress(`${NAMES[engine]} …`);
  let heading = "";
  try {
    for await (const row of rowsOf(engine)) {
      rows.push(row);
      const title = `${NAMES[engine]}, ${row.implementation}`;
      progress("");
      if (title !== heading) {
        say(`${heading ? "\n" : ""}${title}`);
        say(columns("suite", "source", "cases", "passed", "skipped", "failed"));
      }
      heading = title;
      say(columns(row.suite, row.source, row.cases, row.passed, count(row), row.failures.length));
      for (const [reason, cases] of row.skipped) say(`      ${cases} skipped: ${reason}`);
      for (const failure of row.failures) say(`      FAILED ${failure}`);
      progress(`${title}: ${row.suite}`);
    }
  } catch (error) {
    stopped.push({ engine, reason: error.message });
    say(`${NAMES[engine]}: NOT RUN to the end: ${error.message}`);
  }
  progress("");
  if (engine === "node")
    say("\nNode, native\n  none: the native implementation is C that is bound to XS alone");
  say("");
}

const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
const passed = sum((row) => row.passed);
const failed = sum((row) => row.failures.length);
const skipped = sum(count);
if (json) process.stdout.write(`${JSON.stringify({ passed, failed, skipped, stopped, rows })}\n`);
say(
  `${passed} passed, ${failed} failed, ${skipped} skipped${stopped.length ? `; not run: ${stopped.map(({ engine }) => NAMES[engine]).join(", ")}` : ""}`,
);
process.exitCode = failed > 0 || stopped.length > 0 || passed === 0 ? 1 : 0;
