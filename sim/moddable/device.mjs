/** npm run device: builds, flashes and watches a board. */
import { join } from "node:path";
import { ensurePackages } from "../build/ensure.mjs";
import { build, command, environment, findIdf, findSdk, folders, PROFILES, progress, run } from "./sdk.mjs";

const help = `npm run device -- build|flash|monitor [--target TARGET]
Builds the firmware for a board with the Moddable SDK ($MODDABLE) and ESP-IDF 6.0 ($IDF_PATH), puts it on the board,
or shows what the board says on its serial line.

  --target TARGET    esp32/nodemcu (default), esp32/esp32c3, esp32/esp32s3, esp32/moddable_two, esp32/m5stack
  --profile PROFILE  development (default), or hardened, which burns fuses on its first start: docs/HARDENED.md
  --help

The time of the build is the device's first floor of time ($SOURCE_DATE_EPOCH, where it is set).

xs-dev sets both up: npx xs-dev setup, then npx xs-dev setup --device esp32
`;

const targets = ["esp32/nodemcu", "esp32/esp32c3", "esp32/esp32s3", "esp32/moddable_two", "esp32/m5stack"];

async function main(args) {
  const [what] = args;
  const at = args.indexOf("--target");
  const platform = at < 0 ? "esp32/nodemcu" : args[at + 1];
  const profile = args.includes("--profile") ? args[args.indexOf("--profile") + 1] : "development";
  const known = targets.includes(platform) && profile in PROFILES;
  if (!["build", "flash", "monitor"].includes(what) || !known) {
    process.stderr.write(`${help.split("\n")[0]}\n(--help tells more)\n`);
    return 2;
  }
  const sdk = findSdk();
  const idf = findIdf();
  await ensurePackages();
  if (what !== "monitor") {
    const shown = progress(`Building for ${platform}`);
    const config = { madeAt: process.env.SOURCE_DATE_EPOCH ?? Math.floor(Date.now() / 1000) };
    const made = await build(sdk, { platform, profile, target: "build", config, onLine: shown.line }).finally(
      shown.end,
    );
    process.stdout.write(`${made.binaries}\n`);
    if (what === "build") return 0;
  }
  const project = join(folders(platform, profile).objects, `xsProj-${chip(platform)}`);
  await run("python3", [join(idf, "tools/idf.py"), "-C", project, what], {
    env: environment(sdk),
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
  return 0;
}

/** @returns the SDK's name of the chip, by which it calls its project */
function chip(platform) {
  const board = platform.split("/")[1];
  return ["esp32c3", "esp32s3"].includes(board) ? board : "esp32";
}

await command(help, main);
