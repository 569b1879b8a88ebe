/** Test files: finding them, and running one on an engine in a process of its own. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../sim/build/bundle.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const limitMs = 600_000;

/** What native crypto wraps keys under on XS (modules/platform/xs/native); a new one for each run. */
const deviceSecret = join(root, "build/test-device-secret.bin");
mkdirSync(dirname(deviceSecret), { recursive: true });
writeFileSync(deviceSecret, randomBytes(16));

/** @typedef {{ name: string, error: string }} Failure */
/** @typedef {{ file: string, passed: number, failed: number, skipped: number, failures: Failure[], seconds: number }} Outcome */

/** `**` is any path, `*` any part of a name; a text without stars is looked for anywhere in the path. */
export function matcher(glob) {
  if (!glob) return () => true;
  if (!glob.includes("*")) return (path) => path.includes(glob);
  const pattern = glob
    .replace(/[.+^${}()|[\]\\?]/g, "\\$&")
    .replace(/\*\*\/?|\*/g, (it) => (it === "*" ? "[^/]*" : ".*"));
  return (path) => new RegExp(`^${pattern}$`).test(path);
}

/** The test files, relative to the checkout; `*.node.test.ts` are not for XS. */
export async function findTests(engine, glob) {
  const matches = matcher(glob);
  const found = await readdir(join(root, "test"), { recursive: true });
  return found
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith(".test.ts") && matches(path))
    .filter((path) => engine === "node" || !path.endsWith(".node.test.ts"))
    .sort();
}

function execute(command, args) {
  return new Promise((resolve) => {
    const env = { ...process.env, VAGUS_DEVICE_SECRET: deviceSecret };
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limitMs);
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    child.on("error", (error) => (stderr += error.message));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const end = late
        ? `stopped after ${limitMs / 1000} s`
        : signal
          ? `ended by ${signal}`
          : `exit code ${code}`;
      resolve({ code, stdout, stderr, end });
    });
  });
}

const broken = (file, error) => ({
  file,
  passed: 0,
  failed: 1,
  skipped: 0,
  failures: [{ name: file, error }],
});
const outfile = (engine, file) =>
  join(root, `build/test/${engine}`, file.replace(/^test\//, "").replace(/\.ts$/, ".mjs"));

async function onNode(file) {
  const out = outfile("node", file);
  await bundle({ entry: join(root, file), engine: "node", outfile: out });
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const reporter = join(root, "test/support/mocha-reporter.cjs");
  const seed = join(root, "test/support/seed.mjs");
  const { code, stdout, stderr, end } = await execute(process.execPath, [
    "--enable-source-maps",
    "--import",
    seed,
    mocha,
    "--exit",
    "--reporter",
    reporter,
    out,
  ]);
  const report = lastJson(stdout);
  if (!report) return broken(file, `${end}\n${stderr}${stdout}`);
  if (code === 0 || report.failed > 0) return { file, ...report };
  return broken(file, `${end}\n${stderr}`);
}

async function onXs(file, runner) {
  const out = outfile("xs", file);
  const harness = "./test/support/harness";
  const source = `import "${harness}/install.ts";\nimport "./${file}";\nimport { start } from "${harness}/index.ts";\nstart();\n`;
  await bundle({ source, engine: "xs", outfile: out });
  const { code, stdout, stderr, end } = await execute(runner, [out]);
  const report = lastJson(stdout);
  if (!report || (code !== 0 && report.failed === 0 && report.passed + report.skipped > 0))
    return broken(file, `${end}\n${stderr}${stdout}`);
  const failures = [...stdout.matchAll(/^✗ (.*)\n((?: {4}.*\n)*)/gm)].map(([, name, error]) => ({
    name,
    error: error.replace(/^ {4}/gm, ""),
  }));
  if (report.passed + report.failed + report.skipped === 0) return broken(file, "the file has no tests");
  return { file, ...report, failures };
}

function lastJson(text) {
  try {
    return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/** @returns {Promise<Outcome>} */
export async function runFile(engine, file, runner) {
  const started = Date.now();
  const outcome = await (engine === "node" ? onNode(file) : onXs(file, runner)).catch((error) =>
    broken(file, error.message),
  );
  return { ...outcome, seconds: (Date.now() - started) / 1000 };
}

/** Runs files two at a time. @returns {AsyncGenerator<Outcome>} */
export async function* runFiles(engine, files, runner) {
  const waiting = [...files];
  const running = new Map();
  const start = () => {
    const file = waiting.shift();
    if (file) running.set(file, runFile(engine, file, runner));
  };
  start();
  start();
  while (running.size > 0) {
    const outcome = await Promise.race(running.values());
    running.delete(outcome.file);
    start();
    yield outcome;
  }
}
