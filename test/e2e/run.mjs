/** npm run e2e: the whole chain over the virtual radio, nothing of it replaced but the air; --help tells the rest. */
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";
import { install, wantedPackages } from "../support/debian.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

const help = `npm run e2e [-- OPTIONS]
The firmware in a process of its own, a Bluetooth host stack and an LE controller at its side; air; a controller, a host stack and a
stand-in BlueZ on the other, and noble from npm, unmodified, with the programmer; and the command line over the same. Two to four minutes.

  --only TEXT      only test files with TEXT in their path
  --engine node|xs what the firmware runs on (default: xs)
  --install        install the Debian packages that are missing (so does CI=1)
  --json           one JSON object on standard output, everything else on standard error
  --help

The last line is "N passed, N failed". Exit codes: 0 nothing failed; 1 something did, or could not be run; 2 wrong usage.
`;

function readOptions(args) {
  const read = {
    only: "",
    engine: "xs",
    json: false,
    install: process.env.CI === "1" || process.env.CI === "true",
  };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--help") {
      process.stdout.write(help);
      return undefined;
    }
    if (args[i] === "--only" && args[i + 1]) read.only = args[++i];
    else if (args[i] === "--engine" && ["node", "xs"].includes(args[i + 1])) read.engine = args[++i];
    else if (args[i] === "--install") read.install = true;
    else if (args[i] === "--json") read.json = true;
    else {
      process.stderr.write(`e2e: cannot read ${args.slice(i).join(" ")} (--help tells more)\n`);
      process.exitCode = 2;
      return undefined;
    }
  }
  return read;
}

/** @returns mocha's own report of one file */
function runFile(file, engine) {
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const args = [mocha, "--no-config", "--timeout", "120000", "--exit", "--reporter", "json", file];
  const env = { ...process.env, VAGUS_E2E_ENGINE: engine };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let [said, complaints] = ["", ""];
    child.stdout.on("data", (text) => (said += text));
    child.stderr.on("data", (text) => (complaints += text));
    child.on("close", () => {
      try {
        resolve(JSON.parse(said.slice(said.indexOf("{\n"))));
      } catch {
        const err = { message: `${said}${complaints}`.trim() };
        resolve({
          stats: { passes: 0, failures: 1, duration: 0 },
          passes: [],
          failures: [{ fullTitle: file, err }],
        });
      }
    });
  });
}

async function main(options) {
  const say = (line) => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  await ensurePackages();
  const wanted = await wantedPackages({ xs: options.engine === "xs" });
  if (wanted.length > 0 && options.install) await install(wanted, say);
  const still = await wantedPackages({ xs: options.engine === "xs" });
  if (still.length > 0) {
    process.stderr.write(
      `e2e: expected what it needs, came nothing; install: apt-get install -y ${still.join(" ")}\n`,
    );
    process.exitCode = 1;
    return;
  }
  const { bundleFirmware } = await import("../../sim/build/programs.mjs");
  const { bundle } = await import("../../sim/build/bundle.mjs");
  if (options.engine === "xs") await (await import("../../sim/build/runner.mjs")).ensureRunner();
  await bundleFirmware(options.engine);
  const files = (await readdir(join(root, "test/e2e"))).filter(
    (it) => it.endsWith(".e2e.ts") && it.includes(options.only),
  );
  const totals = { passed: 0, failed: 0, seconds: 0, tests: [] };
  for (const file of files.sort()) {
    const outfile = join(root, "build/e2e", file.replace(/\.ts$/, ".mjs"));
    await bundle({ entry: join(root, "test/e2e", file), engine: "node", outfile });
    const report = await runFile(outfile, options.engine);
    for (const { fullTitle, duration } of report.passes) {
      say(`✓ ${fullTitle} (${(duration / 1000).toFixed(1)} s)`);
      totals.tests.push({ name: fullTitle, passed: true, seconds: duration / 1000 });
    }
    for (const { fullTitle, err } of report.failures) {
      say(`✗ ${fullTitle}\n${`${err.message}\n${err.stack ?? ""}`.trim().replace(/^/gm, "    ")}`);
      totals.tests.push({ name: fullTitle, passed: false, error: err.message });
    }
    totals.passed += report.stats.passes;
    totals.failed += report.stats.failures;
    totals.seconds += report.stats.duration / 1000;
  }
  if (options.json) process.stdout.write(`${JSON.stringify(totals)}\n`);
  say(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

process.chdir(root);
const options = readOptions(process.argv.slice(2));
if (options) await main(options);
