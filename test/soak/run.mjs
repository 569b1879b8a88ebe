/** npm run soak: a week of faults; --help tells the rest. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run soak [-- OPTIONS]
One device and two programmers by turns, all on one simulated clock, with random faults: links are lost, the power goes in the
midst of a write to flash, somebody sends bytes that mean nothing, nobody comes for hours. They record two streams, program the
pacer, for good and for a session, give Pace-Now, and release what both have. In the end every token that the device had kept is
received and verified, or declared to be gone in a signed gap; the patient was paced as had been asked for, whenever somebody
looked; the audit log is verified; and the heap of all three together is as it was after the first hours (12, or half of the time
where that is shorter): at most 2 MiB above it on Node (4 before hour 12), 256 slots and 8,192 bytes of chunks on XS.

  --engine E       node (default) or xs
  --days N         of simulated time (default 7; 4 hours on XS)
  --hours N        instead
  --seed N         for other faults (default 1)
  --crypto C       on Node, openssl (default): the curves and CCM of OpenSSL, as Node has it, on both sides; noble: the project's
                   portable implementation, several times slower
  --json           one JSON object on standard output
  --help

The exit code is 0 only if all of that holds. Not a medical device.
`;

const { values } = readOptions();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
process.chdir(root);
await ensurePackages();
const { bundle } = await import("../../sim/build/bundle.mjs");
const hours = values.hours ?? (values.days ? 24 * Number(values.days) : values.engine === "xs" ? 4 : 168);
process.exitCode = values.engine === "xs" ? await onXs() : await onNode();

function readOptions() {
  const text = { type: "string" };
  const known = {
    engine: { ...text, default: "node" },
    days: text,
    hours: text,
    seed: { ...text, default: "1" },
    crypto: { ...text, default: "openssl" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  };
  const wrong = (what) => {
    process.stderr.write(`npm run soak: ${what} (--help tells more)\n`);
    process.exit(2);
  };
  try {
    const read = parseArgs({ options: known });
    const { engine, days = "1", hours = "1", seed, crypto } = read.values;
    if (!(Number(days) > 0) || !(Number(hours) > 0) || !Number.isSafeInteger(Number(seed)))
      wrong("expected --days N or --hours N above 0, and --seed N");
    if (!["node", "xs"].includes(engine)) wrong(`expected --engine node or xs, came ${engine}`);
    if (!["openssl", "noble"].includes(crypto)) wrong(`expected --crypto openssl or noble, came ${crypto}`);
    return read;
  } catch (error) {
    return wrong(error.message);
  }
}

async function onNode() {
  const outfile = join(root, "build/test/node/soak-main.mjs");
  await bundle({ entry: join(root, "test/soak/main.ts"), engine: "node", outfile });
  const more = ["--hours", `${hours}`, "--seed", values.seed, "--crypto", values.crypto];
  if (values.json) more.push("--json");
  return end(process.execPath, ["--expose-gc", "--enable-source-maps", outfile, ...more]);
}

async function onXs() {
  const { buildRunner } = await import("../../sim/build/runner.mjs");
  for await (const event of buildRunner()) {
    if (event.step === "missing") {
      process.stderr.write(`npm run soak: ${event.reason}\n`);
      return 1;
    }
    if (event.step !== "ready") continue;
    const outfile = join(root, "build/test/xs/soak.js");
    await bundle({ entry: join(root, "test/soak/xs.ts"), engine: "xs", outfile });
    const secret = join(root, "build/soak-device-secret.bin");
    writeFileSync(secret, randomBytes(16));
    const env = { ...process.env, VAGUS_DEVICE_SECRET: secret };
    return end(event.path, [outfile, `${hours}`, values.seed, `${values.json}`], env);
  }
  return 1;
}

function end(command, args, env = process.env) {
  const child = spawn(command, args, { stdio: "inherit", env });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}
