/** npm run attacks: every attack on the running firmware; --help tells the rest. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run attacks [-- OPTIONS]
Plays every attack on the running firmware, over the link that a programmer uses, each on a device of its own, and tells
what the attacker did, what the device did, and what the clinician sees.

  --engine E       what the firmware runs on: xs or node (default: xs where it can be built)
  --only NAME      only attacks whose name has this in it; several with commas
  --quick          without those that take longer than a few seconds
  --list           names the attacks, and plays none
  --jobs N         so many at a time, 1 to 16 (default 1: whoever verifies a thousand readings at once keeps the others waiting)
  --weaknesses     instead: plants each weakness that we know into the firmware or the programmer, on Node, and plays the
                   attacks that live on it: each has to win; takes --only, --quick, --list and --json
  --json           one JSON object on standard output: { engine, attacks, lost, outcomes: [{ family, name, attacker, device,
                   clinician, lost, problems, seconds }] }
  --help

exit codes: 0 every attacker lost (with --weaknesses: each won); 1 one did not; 2 wrong usage. Not a medical device.
`;

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  process.stdout.write(help);
  process.exit(0);
}
process.chdir(root);
await ensurePackages();
const { bundle } = await import("../../sim/build/bundle.mjs");
const { bundleFirmware } = await import("../../sim/build/programs.mjs");
if (args.includes("--weaknesses")) process.exit(await run("weaknesses", args));

const at = args.findIndex((arg) => /^--engine(=|$)/.test(arg));
const wanted = at < 0 ? undefined : (args[at].split("=")[1] ?? args[at + 1]);
if (at >= 0) args.splice(at, args[at].includes("=") ? 1 : 2);
if (wanted !== undefined && wanted !== "xs" && wanted !== "node") {
  process.stderr.write(`npm run attacks: expected --engine xs or node, came ${wanted} (--help tells more)\n`);
  process.exit(2);
}
const runner = wanted === "node" || args.includes("--list") ? undefined : await xsRunner(wanted === "xs");
const engine = runner === undefined ? "node" : "xs";
const firmware = await bundleFirmware(engine);
const command = runner === undefined ? [process.execPath, "--expose-gc", firmware] : [runner, firmware];
process.exitCode = await run("main", [...args, "--engine", engine, "--command", JSON.stringify(command)]);

/** Bundles a program of this folder, and runs it. @returns its exit code */
async function run(name, args) {
  const outfile = join(root, `build/test/node/attacks-${name}.mjs`);
  await bundle({ entry: join(root, `test/attacks/${name}.ts`), engine: "node", outfile });
  const child = spawn(process.execPath, ["--enable-source-maps", outfile, ...args], { stdio: "inherit" });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

/** The path of the XS runner; undefined where it cannot be built and was not asked for. */
async function xsRunner(needed) {
  const { ensureRunner, missing } = await import("../../sim/build/runner.mjs");
  const reason = await missing();
  if (reason === undefined) return ensureRunner();
  process.stderr.write(needed ? `${reason}\n` : `${reason}: the firmware runs on Node instead\n`);
  if (needed) process.exit(1);
  return undefined;
}
