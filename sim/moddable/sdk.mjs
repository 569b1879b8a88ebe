/** Where the Moddable SDK is, and its builds. Nothing here installs anything: `xs-dev setup` does. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { takeTypes } from "./types.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Everything that the SDK makes goes here. */
export const output = join(root, "build/moddable");

/** The build profiles, and the folder of each one's manifest. */
export const PROFILES = { development: ".", hardened: "manifests/hardened" };

const HOSTS = { linux: "lin", darwin: "mac", win32: "win" };

/** Something that a command needs is not there; the message says what to install. */
export class Missing extends Error {}

/**
 * @typedef {object} Sdk
 * @property {string} folder
 * @property {string} host the SDK's name of this machine's system
 * @property {string} tools the folder of its programs
 * @property {string} simulator
 */

/** @returns {Sdk} @throws Missing without $MODDABLE, or where its tools are not built */
export function findSdk() {
  const folder = process.env.MODDABLE;
  const host = HOSTS[process.platform];
  if (!folder) {
    throw new Missing(
      "$MODDABLE is not set: the Moddable SDK is missing. Install it with `npx xs-dev setup`, then open a new shell.",
    );
  }
  if (!host) throw new Missing(`the Moddable SDK does not run on ${process.platform}`);
  const tools = join(folder, "build/bin", host, "release");
  const suffix = host === "win" ? ".exe" : "";
  if (!existsSync(join(tools, `mcconfig${suffix}`))) {
    throw new Missing(
      `$MODDABLE is ${folder}, but its tools are not built (no mcconfig in ${tools}). Build them with \`npx xs-dev setup\`.`,
    );
  }
  const simulator = host === "mac" ? "mcsim.app/Contents/MacOS/mcsim" : `mcsim${suffix}`;
  return { folder, host, tools, simulator: join(tools, simulator) };
}

/** @throws Missing without ESP-IDF, which a whole build for a board needs */
export function findIdf() {
  const folder = process.env.IDF_PATH;
  if (!folder || !existsSync(join(folder, "tools/idf.py"))) {
    throw new Missing(
      "$IDF_PATH names no ESP-IDF. Install it with `npx xs-dev setup --device esp32`, then open a new shell.",
    );
  }
  return folder;
}

/**
 * Runs mcconfig on manifest.json. Never its default target: that one ends every simulator on this machine and opens a debugger.
 * @param {Sdk} sdk
 * @param {{ platform: string, profile?: string, target?: string, config?: Record<string, string | number>, onLine?: (line: string) => void }} options
 *   `profile` of PROFILES; `target` of its makefile, without one only the makefile is written; `config` goes over what the manifests have
 * @returns {Promise<{ binaries: string, objects: string }>} the folders of what was made
 * @throws Error with its last words when it fails
 */
export async function build(
  sdk,
  { platform, profile = "development", target, config = {}, onLine = () => {} },
) {
  mkdirSync(output, { recursive: true });
  const env = environment(sdk);
  const mcconfig = (...goal) =>
    run(
      join(sdk.tools, "mcconfig"),
      [
        ...goal,
        ...["-p", platform, "-o", output, join(root, PROFILES[profile], "manifest.json")],
        ...Object.entries(config).map(([name, value]) => `${name}=${value}`),
      ],
      { env, onLine },
    );
  await mcconfig();
  await takeTypes(folders(platform, profile).objects);
  if (target) await mcconfig("-m", "-t", target);
  return folders(platform, profile);
}

/** Where mcconfig puts what it makes for a platform: below the name of the manifest's folder. */
export function folders(platform, profile = "development") {
  const [name, subplatform] = platform.split("/");
  const below = subplatform ?? (HOSTS[process.platform] === name ? "mc" : "");
  const path = (kind) => join(output, kind, name, below, "release", basename(join(root, PROFILES[profile])));
  return { binaries: path("bin"), objects: path("tmp") };
}

/** The SDK's tools and the project's TypeScript stand first. */
export function environment(sdk) {
  const path = [join(root, "node_modules/.bin"), sdk.tools, process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path };
}

/** Runs a program to its end. @throws Error with its last words when that is not 0 */
export function run(command, args, { env, cwd = root, onLine = () => {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const last = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        onLine(line);
        if (!/^# (tsc|xsc|cc) /.test(line)) last.push(line);
        if (last.length > 30) last.shift();
      });
    }
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${basename(command)} ended with code ${code}\n${last.join("\n")}`)),
    );
  });
}

/** Shows what is being built: one line that is written over on a terminal, else one line a hundred steps. */
export function progress(what) {
  let steps = 0;
  return {
    line(line) {
      if (!line.startsWith("# ")) return;
      steps++;
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}: ${line.slice(2)}`);
      else if (steps === 1) process.stderr.write(`${what} (the first time takes two minutes) …\n`);
    },
    end() {
      if (process.stderr.isTTY && steps > 0) process.stderr.write("\r\x1b[K");
    },
  };
}

/** The frame of a command: its help, and one line for what is missing. */
export async function command(help, main) {
  if (process.argv.includes("--help") || process.argv.includes("-h")) {
    process.stdout.write(help);
    return;
  }
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Missing ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
