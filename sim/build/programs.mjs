/** The two programs that a user runs: the firmware, and the command line. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * Bundles `main.ts` with the platform of an engine.
 * @param {"xs" | "node"} engine
 * @returns the bundle's path
 */
export async function bundleFirmware(engine) {
  const outfile = join(root, "build/firmware", engine === "xs" ? "xs.js" : "node.mjs");
  await bundle({ entry: join(root, "main.ts"), engine, outfile, bare: true });
  return outfile;
}

/** Bundles `host/cli/main.ts`; a tenth of a second, so it is done each time. @returns the bundle's path */
export async function bundleCommandLine() {
  const outfile = join(root, "build/cli/vagus.mjs");
  await bundle({ entry: join(root, "host/cli/main.ts"), engine: "node", outfile });
  return outfile;
}
