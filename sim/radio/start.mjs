#!/usr/bin/env node
// A device on the virtual radio, with a stand-in BlueZ that programs find by DBUS_SYSTEM_BUS_ADDRESS; --help tells the rest.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../build/ensure.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

await ensurePackages();
const { bundle } = await import("../build/bundle.mjs");
const { bundleFirmware } = await import("../build/programs.mjs");
if (!process.argv.includes("--help")) {
  await bundleFirmware("node");
  const { buildRunner } = await import("../build/runner.mjs");
  if (!process.argv.includes("--no-xs")) {
    for await (const event of buildRunner()) if (event.step === "ready") await bundleFirmware("xs");
  }
}
const outfile = join(root, "build/radio/main.mjs");
await bundle({ entry: join(root, "sim/radio/main.ts"), engine: "node", outfile });
const { main } = await import(outfile);
process.exitCode = await main(process.argv.slice(2));
