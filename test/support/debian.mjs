/**
 * The Debian packages that tests need: what builds the XS runner, the bus of the virtual radio, a browser for the page, a
 * judge of what we export (test/judges).
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { packages as forXs, missing } from "../../sim/build/runner.mjs";

const BUS = "dbus-daemon";
const BROWSER = "chromium";
const JUDGE = "biosig-tools";

export const packages = [...forXs, BUS, BROWSER, JUDGE];

/** Why the virtual radio cannot have its bus; undefined when it can. */
export function missingBus() {
  const found = spawnSync("dbus-daemon", ["--version"], { stdio: "ignore" }).status === 0;
  return found ? undefined : `There is no dbus-daemon; install: apt-get install -y ${BUS}`;
}

/** Is there a browser to test the page in? */
export function hasBrowser() {
  return existsSync("/usr/bin/chromium");
}

const hasJudge = () => existsSync("/usr/bin/save2gdf");

/** What tests are skipped without, and is not there. */
export function absent() {
  return [...(hasBrowser() ? [] : [BROWSER]), ...(hasJudge() ? [] : [JUDGE])];
}

/** What is to be installed. */
export async function wantedPackages({ xs = true, browser = false, judge = false } = {}) {
  return [
    ...(xs && (await missing()) ? forXs : []),
    ...(missingBus() ? [BUS] : []),
    ...(browser && !hasBrowser() ? [BROWSER] : []),
    ...(judge && !hasJudge() ? [JUDGE] : []),
  ];
}

/** @returns why it could not be done, if so */
export async function install(names, say) {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  say(`Installing ${names.join(" ")} …`);
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...names]]) {
    const [command, ...rest] = [...sudo, "apt-get", "-qq", ...args];
    const code = await new Promise((resolve) =>
      spawn(command, rest, {
        stdio: ["ignore", 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      })
        .on("error", () => resolve(127))
        .on("close", resolve),
    );
    if (code !== 0) return `apt-get ${args[0]} ended with code ${code}`;
  }
  return undefined;
}
