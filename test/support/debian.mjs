/** The Debian packages that tests need: what builds the XS runner, and the bus of the virtual radio. */
import { spawn, spawnSync } from "node:child_process";
import { packages as forXs, missing } from "../../sim/build/runner.mjs";

export const packages = [...forXs, "dbus-daemon"];

/** Why the virtual radio cannot have its bus; undefined when it can. */
export function missingBus() {
  const found = spawnSync("dbus-daemon", ["--version"], { stdio: "ignore" }).status === 0;
  return found ? undefined : "There is no dbus-daemon; install: apt-get install -y dbus-daemon";
}

/** One line that says what is missing; undefined when nothing is. */
export async function missingPackages({ xs = true } = {}) {
  return (xs ? await missing() : undefined) ?? missingBus();
}

/** @returns why it could not be done, if so */
export async function install(say) {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  say(`Installing ${packages.join(" ")} …`);
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
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
