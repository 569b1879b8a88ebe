/**
 * What is checked without running anything: format and lint, types, who imports whom.
 * As a command (npm run check): prints each check; exit code 0 only if all hold.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensurePackages } from "../sim/build/ensure.mjs";
import { checkImports, checkTheCheck } from "./imports.mjs";

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @typedef {{ name: string, problems: string[] }} Check a check; it holds when there are no problems */

const bin = (name) => join(root, "node_modules/.bin", name);

async function tool(file, args) {
  try {
    await run(file, args, { cwd: root, maxBuffer: 1 << 24 });
    return [];
  } catch (error) {
    const output = `${error.stdout ?? ""}${error.stderr ?? ""}`.trim();
    return [output || error.message];
  }
}

/** What did not change since the last time is not looked at again. */
function types(project, name) {
  const known = ["--incremental", "--tsBuildInfoFile", `build/types/${name}.tsbuildinfo`];
  return tool(bin("tsc"), ["-p", project, ...known]);
}

/** dependency-cruiser 17 sees no modules with TypeScript 7, and the SDK's typings need 6. */
async function typescriptIs6() {
  const { default: typescript } = await import("typescript");
  return typescript.versionMajorMinor.startsWith("6.")
    ? []
    : [`expected TypeScript 6, found ${typescript.version}`];
}

const code = ["modules", "host", "main.ts"];

async function countSources() {
  const lists = await Promise.all(
    code.map(async (path) =>
      path.endsWith(".ts")
        ? Number(existsSync(join(root, path)))
        : existsSync(join(root, path))
          ? (await readdir(join(root, path), { recursive: true })).filter((it) => /(?<!\.d)\.ts$/.test(it))
              .length
          : 0,
    ),
  );
  return lists.reduce((a, b) => a + b, 0);
}

async function imports() {
  const { violations, seen } = await checkImports(code.filter((path) => existsSync(join(root, path))));
  const expected = await countSources();
  return seen >= expected && seen > 0
    ? violations
    : [`the tool saw ${seen} of ${expected} files`, ...violations];
}

const all = [
  ["biome: format and lint", () => tool(bin("biome"), ["check", "--error-on-warnings", "."])],
  ["TypeScript is version 6", typescriptIs6],
  ["types of the firmware", () => types(".", "firmware")],
  ["types of host, simulator and tests", () => types("host", "host")],
  ["types of the page", () => types("host/web", "page")],
  ["imports: who may know whom", imports],
  ["imports: planted violations are caught", checkTheCheck],
];

/** Runs the checks one after the other. @returns {AsyncGenerator<Check>} */
export async function* checks() {
  for (const [name, check] of all) yield { name, problems: await check() };
}

const help = `usage: npm run check

  format and lint, types, and who may import whom; exit code 0 only if all hold
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--help")) {
    process.stdout.write(help);
    process.exit(0);
  }
  await ensurePackages();
  for await (const { name, problems } of checks()) {
    console.log(`${problems.length === 0 ? "✓" : "✗"} ${name}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, "    "));
    if (problems.length > 0) process.exitCode = 1;
  }
}
