/** npm run soak: a week of faults; --help tells the rest. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run soak [-- OPTIONS]
One device and two programmers by turns, both on one simulated clock, with random faults: links are lost, the power goes in the
midst of a write to flash, somebody sends bytes that mean nothing, nobody comes for hours. In the end every token that the device
had kept is received and verified, or declared to be gone in a signed gap, and the audit log is verified.

  --days N         of simulated time (default 7)
  --hours N        instead
  --seed N         for other faults (default 1)
  --crypto C       openssl (default): the curves and CCM of OpenSSL, as Node has it, on both sides; noble: the project's portable
                   implementation, several times slower
  --json           one JSON object on standard output
  --help

The exit code is 0 only if nothing was lost. Not a medical device.
`;

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  process.stdout.write(help);
  process.exit(0);
}
process.chdir(root);
await ensurePackages();
const { bundle } = await import("../../sim/build/bundle.mjs");
const outfile = join(root, "build/test/node/soak-main.mjs");
await bundle({ entry: join(root, "test/soak/main.ts"), engine: "node", outfile });
process.exitCode = await new Promise((resolve) =>
  spawn(process.execPath, ["--expose-gc", "--enable-source-maps", outfile, ...args], { stdio: "inherit" }).on(
    "close",
    (code) => resolve(code ?? 1),
  ),
);
