#!/usr/bin/env node
// npm start: installs what npm has, builds the XS runner and the firmware, and runs the demo. Needs Node 20 alone to begin.
import { ensurePackages } from "./build/ensure.mjs";

const args = process.argv.slice(2);
const say = (line) => process.stderr.write(`${line}\n`);

await ensurePackages();
const { bundleCommandLine, bundleFirmware } = await import("./build/programs.mjs");

if (!args.includes("--help") && !args.includes("-h")) {
  const wanted = args.some(
    (arg, index) => arg === "--engine=node" || (arg === "node" && args[index - 1] === "--engine"),
  );
  const engine = wanted ? "node" : await buildEngine();
  if (engine === "node" && !wanted) args.push("--engine", "node");
  await bundleFirmware(engine);
}
process.argv.splice(2, Infinity, "demo", ...args);
await import(await bundleCommandLine());

/** Builds the runner with progress; without what it needs says so in one line and takes Node. */
async function buildEngine() {
  const { buildRunner } = await import("./build/runner.mjs");
  let shown = false;
  for await (const event of buildRunner()) {
    if (event.step === "missing") {
      say(`${event.reason}: running the firmware on Node instead`);
      return "node";
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
