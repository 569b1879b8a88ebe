/** Sees to it that the npm packages are there, with nothing but Node. Every entry script calls it first. */
import { spawn } from "node:child_process";
import { existsSync, lstatSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone } from "./alone.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const lock = join(root, "package-lock.json");
const installed = join(root, "node_modules/.package-lock.json");

/** npm writes its own list of what it installed; it is older than the lock file when that changed since. */
function upToDate() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

/**
 * Runs `npm ci` when node_modules is missing or older than package-lock.json, with a line of progress on standard error;
 * once, however many commands are started together.
 * @throws Error when npm fails.
 */
export async function ensurePackages() {
  if (upToDate()) return;
  await alone(join(root, "build/installing"), async () => {
    if (!upToDate()) await install();
  });
}

async function install() {
  if (lstatSync(dirname(installed), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(
      "expected node_modules to be a folder, came a link, and npm would empty what it leads to",
    );
  }
  const started = Date.now();
  const say = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    process.stderr.write(
      process.stderr.isTTY
        ? `\rInstalling npm packages: ${seconds} s `
        : seconds
          ? "."
          : "Installing npm packages ",
    );
  };
  say();
  const ticking = setInterval(say, process.stderr.isTTY ? 1000 : 5000);
  try {
    await npm(["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
    utimesSync(installed, new Date(), new Date());
  } finally {
    clearInterval(ticking);
    process.stderr.write("\n");
  }
}

function npm(args) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args.join(" ")} ended with code ${code}\n${output}`)),
    );
  });
}
