/**
 * Starts the simulator that was built, with the firmware in it, and ends with it: node sim/moddable/launch.mjs LIBRARY
 *
 * The firmware writes its lines of JSON on standard output (modules/platform/headless/ports.ts). Without a display an Xvfb is
 * started for it. A simulator has a home of its own, since two that share one take each other's firmware, and no session bus, since over
 * that the second hands its work to the first.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSdk, Missing, root } from "./sdk.mjs";

const library = process.argv[2];
const home = mkdtempSync(join(tmpdir(), "vagus-simulator-"));
const children = [];
let ending = false;

function end(code) {
  if (ending) return;
  ending = true;
  for (const child of children) child.kill("SIGTERM");
  rmSync(home, { recursive: true, force: true });
  process.exitCode = code;
}

function start(command, args, options) {
  const child = spawn(command, args, options);
  children.push(child);
  child.on("error", (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    end(1);
  });
  child.on("close", (code) => end(code ?? 0));
  return child;
}

/** A display that nobody sees. @returns its name */
function virtualDisplay() {
  return new Promise((resolve, reject) => {
    const args = ["-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp"];
    const child = start("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    child.once("error", () =>
      reject(new Missing("there is no display, and no Xvfb: apt-get install -y xvfb")),
    );
    child.stdio[3].once("data", (number) => resolve(`:${String(number).trim()}`));
  });
}

/** The window as it is when the simulator has never been used: large enough for the device and all of its panel. */
function arrange() {
  const signature = join(home, "tech.moddable.mcsim");
  const window = ["x=0", "y=0", "width=960", "height=600", "fullscreen=false", "maximized=false"];
  writeFileSync(`${signature}.ini`, `[window]\n${window.join("\n")}\n`);
  writeFileSync(`${signature}.main.json`, JSON.stringify({ colors: 0, controlsCurrent: 350 }));
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => end(0));
try {
  const sdk = findSdk();
  arrange();
  const windows = sdk.host === "lin" ? { DISPLAY: process.env.DISPLAY ?? (await virtualDisplay()) } : {};
  const alone = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
    NO_AT_BRIDGE: "1",
  };
  start(sdk.simulator, [join(root, "sim/panel"), library], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...(sdk.host === "lin" ? alone : {}), ...windows },
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  end(1);
}
