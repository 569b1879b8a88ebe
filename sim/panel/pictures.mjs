/** npm run pictures: pictures of the panel, of a device in the running simulator that goes through all this. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { bundle } from "../build/bundle.mjs";
import { command, findSdk, Missing, root, run } from "../moddable/sdk.mjs";
import { buildSimulator } from "../moddable/simulator.mjs";
import { encodePng, readScreen } from "./png.mjs";

const help = `npm run pictures [-- --out FOLDER]
Starts the firmware in the desktop simulator on a display that nobody sees, lets it live through what is worth seeing, and keeps
pictures of its panel: a session in normal rhythm, AV block with DDD, out of range, after a power cut, revoked. Takes two minutes. A
picture without a trace, or with another link than there is, is none.

  --out FOLDER    where to (default: docs/pictures)
  --help

Needs $MODDABLE, and on Linux Xvfb.
`;

const WINDOW = { left: 0, top: 0, width: 960, height: 600 };
/** On it: the square that tells of the link, and the trace. */
const DOT = { x: 429, y: 183 };
const TRACE = { left: 416, top: 202, width: 478, height: 152 };
/** As the device's screen has them (modules/platform/display/canvas.ts), in 5, 6 and 5 bits. */
const GREEN = [98, 232, 148];
const LINK = { session: GREEN, none: [126, 148, 170], revoked: [255, 96, 96] };
const ALIKE = 12;
/** The button's minute, and a little. */
const OPEN_MS = 62_000;

const alike = (one, other) => one.every((part, i) => Math.abs(part - other[i]) <= ALIKE);

/** @returns what a picture lacks; nothing where it is one */
function lacks(screen, link) {
  if (!alike(screen.rgb(DOT.x, DOT.y), link)) return `a link in ${link}`;
  let columns = 0;
  for (let x = TRACE.left; x < TRACE.left + TRACE.width; x++) {
    let drawn = false;
    for (let y = TRACE.top; y < TRACE.top + TRACE.height && !drawn; y++)
      drawn = alike(screen.rgb(x, y), GREEN);
    if (drawn) columns++;
  }
  return columns > 0.9 * TRACE.width ? undefined : `a trace, not one in ${columns} of ${TRACE.width} columns`;
}

const PASSPHRASE = "pictures of a simulated device";

/** An Xvfb that keeps its screen in a file. @returns {Promise<{ display: string, screen: string, end(): void }>} */
function openDisplay(folder) {
  return new Promise((resolve, reject) => {
    const args = ["-displayfd", "3", "-screen", "0", "1024x768x24", "-fbdir", folder, "-nolisten", "tcp"];
    const child = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    child.once("error", () => reject(new Missing("there is no Xvfb: apt-get install -y xvfb")));
    child.stdio[3].once("data", (number) =>
      resolve({
        display: `:${String(number).trim()}`,
        screen: join(folder, "Xvfb_screen0"),
        end: () => child.kill("SIGTERM"),
      }),
    );
  });
}

/** The simulator with a device of its own: what it said, and a hand at its bench. */
function openDevice(library, display, folder) {
  const child = spawn(process.execPath, [join(root, "sim/moddable/launch.mjs"), library], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      DISPLAY: display,
      VAGUS_FLASH: join(folder, "flash.bin"),
      VAGUS_DEVICE_SECRET: join(folder, "secret.bin"),
      VAGUS_SOURCE: "synthetic",
    },
  });
  const said = {};
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = JSON.parse(line);
    said[event.event] = event;
    for (const each of waiting.filter(({ name }) => name === event.event)) each.resolve(event);
  });
  const ended = once(child, "close");
  ended.then(([code]) => {
    for (const { name, reject } of waiting)
      reject(new Error(`expected "${name}", came the simulator's end (${code})`));
  });
  return {
    said,
    /** The next event of this name. */
    next: (name) => new Promise((resolve, reject) => waiting.push({ name, resolve, reject })),
    async bench(line) {
      const socket = connect(said.advertising.bench, "127.0.0.1");
      await once(socket, "connect");
      socket.resume(); // what it answers is seen in the picture
      socket.end(`${JSON.stringify(line)}\n`);
      await once(socket, "close");
    },
    end: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function main(args) {
  const out = args[0] === "--out" ? args[1] : join(root, "docs/pictures");
  findSdk();
  const folder = mkdtempSync(join(tmpdir(), "vagus-pictures-"));
  const at = (name) => join(folder, name);
  for (const name of ["display", "device"]) mkdirSync(at(name));
  mkdirSync(out, { recursive: true });
  const library = await buildSimulator();
  const reader = join(root, "build/panel/reader.mjs");
  await bundle({ entry: join(root, "sim/panel/reader.ts"), engine: "node", outfile: reader });
  const env = { ...process.env, VAGUS_PASSPHRASE: PASSPHRASE };
  const vagus = (...words) => run(process.execPath, [join(root, "host/cli/vagus.mjs"), ...words], { env });
  const screen = await openDisplay(at("display"));
  const started = [];
  try {
    const take = (name, link) => {
      const shown = readScreen(screen.screen);
      const wrong = lacks(shown, link);
      if (wrong !== undefined) throw new Error(`panel-${name}: expected ${wrong}, came something else`);
      writeFileSync(join(out, `panel-${name}.png`), encodePng(shown, WINDOW));
      process.stdout.write(`${join(out, `panel-${name}.png`)}\n`);
    };
    const device = openDevice(library, screen.display, at("device"));
    started.push(device);
    const { label } = await device.next("started");
    const { port } = device.said.advertising;
    const where = ["--port", String(port)];
    const office = ["--authority", at("hospital")];
    await vagus("authority", "init", at("hospital"));
    await vagus("request", at("alice"));
    await vagus(
      "issue",
      at("alice/request.cwt"),
      ...office,
      "--group",
      "ward-3",
      "--scope",
      "ecg:read device:manage",
    );
    await device.bench({ button: "down" });
    await device.next("provisioning");
    await device.bench({ button: "up" });
    const opened = performance.now();
    await vagus("provision", ...office, ...where, "--label", label, "--group", "ward-3");

    const session = spawn(process.execPath, [reader, String(port), at("alice")], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push({ end: () => session.kill("SIGTERM") });
    await once(session.stdout, "data");
    await pause(6000);
    take("rhythm", LINK.session);

    await device.bench({ rhythm: "avb3" });
    await pause(7000);
    take("av-block", LINK.session);

    await device.bench({ range: false });
    await pause(Math.max(6000, opened + OPEN_MS - performance.now())); // until what the button opened is shut
    take("out-of-range", LINK.none);

    await device.bench({ power: "write" });
    await device.next("started");
    await pause(8000);
    take("power-cut", LINK.none);

    await device.bench({ range: true });
    await vagus("retire", ...office, "--programmer", at("alice"), ...where);
    await pause(6000);
    take("revoked", LINK.revoked);
  } finally {
    for (const each of started) await each.end();
    screen.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

await command(help, main);
