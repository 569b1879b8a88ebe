#!/usr/bin/env node
// npm start: installs what npm has, builds the XS runner and the firmware, and runs the demo. Needs Node 20 alone to begin.
import { ensurePackages } from "./build/ensure.mjs";

const args = process.argv.slice(2);
const say = (line) => process.stderr.write(`${line}\n`);

await ensurePackages();
const { bundleCommandLine, bundleFirmware } = await import("./build/programs.mjs");

if (!args.includes("--help") && !args.includes("-h")) {
  const options = args.join(" ");
  const wanted = /--engine[= ](\S+)/.exec(options)?.[1];
  if (args.includes("--web")) {
    const { buildPage } = await import("../host/web/build.mjs");
    await buildPage();
  }
  if (/--link[= ]sim/.test(options)) {
    process.env.VAGUS_SIMULATOR = await buildSimulated();
  } else {
    const engine = wanted === "node" ? "node" : await buildEngine(wanted === "xs");
    if (engine === undefined) process.exit(1);
    if (wanted === undefined) args.push("--engine", engine);
    await bundleFirmware(engine);
  }
}
process.argv.splice(2, Infinity, "demo", ...args);
await import(await bundleCommandLine());

/** The firmware for Moddable's desktop simulator; without the SDK it says what to install. */
async function buildSimulated() {
  const { buildSimulator } = await import("./moddable/simulator.mjs");
  const { Missing } = await import("./moddable/sdk.mjs");
  try {
    return await buildSimulator();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    say(error.message);
    process.exit(1);
  }
}

/** Builds the runner with progress; without what it needs says so in one line and takes Node, unless XS was asked for. */
async function buildEngine(needed) {
  const { buildRunner } = await import("./build/runner.mjs");
  let shown = false;
  for await (const event of buildRunner()) {
    if (event.step === "missing") {
      say(needed ? event.reason : `${event.reason}: running the firmware on Node instead`);
      return needed ? undefined : "node";
    }
    if (event.step === "compile" && process.stderr.isTTY) {
      process.stderr.write(
        `\r\x1b[Kbuilding the XS engine, once: ${event.done}/${event.total} ${event.file}`,
      );
      shown = true;
    } else if (event.step === "compile" && !shown) {
      say(`building the XS engine, once (${event.total} files, about 15 s) …`);
      shown = true;
    }
  }
  if (shown && process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return "xs";
}
