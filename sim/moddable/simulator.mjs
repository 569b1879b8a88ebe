/** npm run simulator: builds the firmware for the desktop simulator, and starts it there. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../build/ensure.mjs";
import { build, command, findSdk, output, progress, root } from "./sdk.mjs";

const help = `npm run simulator [-- OPTIONS]
Builds the firmware with the Moddable SDK ($MODDABLE) and starts it in the desktop simulator: a device with a screen,
and a panel for its patient's heart, leads, battery, range and power. What it says comes out as lines of JSON: the
port that stands in for its radio, its label, who connects. npm run pictures takes its pictures.

  --build            only builds
  --device FOLDER    where the device keeps its flash and its secret (default: build/moddable/device)
  --recorded         a recorded heart, without a pacemaker, instead of the patient whom the panel torments
  --help

Linux needs libgtk-3-dev, libmbedtls-dev and libsodium-dev. Without a display an Xvfb is started.
The programmer starts one by itself: npm start -- --link sim
`;

const record = join(root, "sim/hearts/mitbih-208-mlii-360hz.u16le");

/** Builds it, with progress on standard error. @returns {Promise<string>} the library that the simulator loads */
export async function buildSimulator() {
  const sdk = findSdk();
  await ensurePackages();
  const shown = progress("Building the firmware for the simulator");
  try {
    const { binaries } = await build(sdk, { platform: sdk.host, target: "build", onLine: shown.line });
    return join(binaries, sdk.host === "win" ? "mc.dll" : "mc.so");
  } finally {
    shown.end();
  }
}

async function main(args) {
  const value = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const unknown = args.filter(
    (arg, index) => !["--build", "--device", "--recorded"].includes(arg) && args[index - 1] !== "--device",
  );
  if (unknown.length > 0) {
    process.stderr.write(`npm run simulator: cannot read ${unknown.join(" ")} (--help tells more)\n`);
    return 2;
  }
  const library = await buildSimulator();
  if (args.includes("--build")) return 0;
  const folder = value("--device") ?? join(output, "device");
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(root, "sim/moddable/launch.mjs"), library], {
    stdio: "inherit",
    env: {
      ...process.env,
      VAGUS_FLASH: join(folder, "flash.bin"),
      VAGUS_DEVICE_SECRET: join(folder, "secret.bin"),
      VAGUS_SOURCE: args.includes("--recorded") ? record : "synthetic",
    },
  });
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 0)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await command(help, main);
