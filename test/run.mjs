/** npm test: checks, then every test on Node and on XS. Works on a fresh clone; --help tells the rest. */
import { ensurePackages } from "../sim/build/ensure.mjs";
import { buildRunner, missing } from "../sim/build/runner.mjs";
import { absent, install, missingBus, packages, wantedPackages } from "./support/debian.mjs";
import { findTests, root, runFiles } from "./support/files.mjs";

const help = `npm test [-- OPTIONS]
Checks format, lint, types and imports, then runs every test on Node and on the headless XS runner.

  --only GLOB        only test files that match (test/modules/cbor/**, or a part of the path); no checks
  --engine node|xs   only this engine; no checks
  --install          install the Debian packages that are missing (so does CI=1): ${packages.join(" ")}
  --json             one JSON object on standard output, everything else on standard error
  --help

The last line is "N passed, N failed" (and ", N skipped"). The exit code is 0 only if nothing failed and both
engines ran.
`;

const options = readOptions(process.argv.slice(2));
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const engines = {};
let incomplete = false;

const say = (line = "") => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
const status = (line) =>
  process.stderr.isTTY && process.stderr.write(`\r\x1b[K${line.slice(0, process.stderr.columns - 1)}`);

function readOptions(args) {
  const read = {
    only: undefined,
    engine: undefined,
    install: process.env.CI === "1" || process.env.CI === "true",
    json: false,
  };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--help") {
      process.stdout.write(help);
      process.exit(0);
    } else if (args[i] === "--only" && args[i + 1]) read.only = args[++i];
    else if (args[i] === "--engine" && ["node", "xs"].includes(args[i + 1])) read.engine = args[++i];
    else if (args[i] === "--install") read.install = true;
    else if (args[i] === "--json") read.json = true;
    else {
      process.stderr.write(`npm test: cannot read ${args.slice(i).join(" ")} (--help tells more)\n`);
      process.exit(2);
    }
  }
  return read;
}

function add(counts) {
  for (const key of Object.keys(totals)) totals[key] += counts[key];
}

function fail(where, name, error) {
  failures.push({ where, name, error });
  status("");
  say(`✗ ${where}: ${name}`);
  say(error.trimEnd().replace(/^/gm, "    "));
}

/** A step that is no test file, counted as one. */
function record(where, name, problems) {
  add({ passed: problems.length ? 0 : 1, failed: problems.length ? 1 : 0, skipped: 0 });
  if (problems.length) fail(where, name, problems.join("\n"));
  else say(`✓ ${name}`);
}

/** Debian's packages. @returns why XS cannot run, if so. */
async function debianPackages() {
  const wanted = await wantedPackages({ browser: true, judge: true });
  const failed = wanted.length > 0 && options.install ? await install(wanted, say) : undefined;
  if (failed) say(failed);
  const bus = missingBus();
  if (bus) say(`The virtual radio's tests over D-Bus are skipped. ${bus}`);
  return missing();
}

async function buildXs() {
  const warnings = [];
  try {
    for await (const event of buildRunner()) {
      if (event.step === "compile") status(`Building the XS runner: ${event.done} of ${event.total} files`);
      if (event.step === "compile" && event.done === 1)
        say(`Building the XS runner: ${event.total - 1} files`);
      if (event.step === "warning") warnings.push(event.text);
      if (event.step === "missing") throw new Error(event.reason);
      if (event.step === "ready") {
        status("");
        record("XS", "the runner is built, our own C without warnings", warnings);
        return event.path;
      }
    }
  } catch (error) {
    status("");
    record("XS", "the runner is built, our own C without warnings", [error.message]);
  }
  return undefined;
}

async function runEngine(engine, label, runner) {
  const files = await findTests(engine, options.only);
  const sum = { passed: 0, failed: 0, skipped: 0 };
  let done = 0;
  status(`${label}: 0 of ${files.length} files`);
  for await (const outcome of runFiles(engine, files, runner)) {
    for (const key of Object.keys(sum)) sum[key] += outcome[key];
    for (const { name, error } of outcome.failures) fail(`${label}, ${outcome.file}`, name, error);
    status(`${label}: ${++done} of ${files.length} files, ${outcome.file}`);
    if (outcome.seconds > 20) say(`  ${outcome.file} took ${outcome.seconds.toFixed(0)} s`);
  }
  status("");
  engines[engine] = sum;
  add(sum);
  say(`${label}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
}

async function withoutXs(reason) {
  const files = await findTests("xs", options.only);
  incomplete = true;
  totals.skipped += files.length;
  engines.xs = { passed: 0, failed: 0, skipped: files.length, reason };
  say(`XS: NOT RUN, ${files.length} test files skipped. ${reason}`);
}

async function runAll() {
  await ensurePackages();
  const wholeSuite = !options.only && !options.engine;
  if (wholeSuite) {
    const { checks } = await import("./check.mjs");
    status("Checking");
    for await (const { name, problems } of checks()) record("check", name, problems);
  }
  const reason = options.engine === "node" ? undefined : await debianPackages();
  for (const name of absent()) say(`No ${name} (--install): tests that need it are skipped.`);
  const runner = options.engine === "node" || reason ? undefined : await buildXs();
  if (options.engine !== "xs") await runEngine("node", "Node", runner);
  if (options.engine === "node") return;
  if (runner) await runEngine("xs", "XS", runner);
  else await withoutXs(reason ?? "The runner could not be built.");
}

process.chdir(root);
await runAll();
if (failures.length > 0) {
  say("\nFailed:");
  for (const { where, name } of failures) say(`  ${where}: ${name}`);
}
if (options.json) process.stdout.write(`${JSON.stringify({ ...totals, engines, failures })}\n`);
const ran = totals.passed + totals.failed > 0;
if (!ran) say("No test ran.");
say(`${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ""}`);
process.exitCode = totals.failed > 0 || incomplete || !ran ? 1 : 0;
