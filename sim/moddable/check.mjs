/** npm run check:moddable: an ESP32 build as far as the C compiler, without ESP-IDF. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "../build/ensure.mjs";
import { build, command, environment, findSdk, output, PROFILES, progress, root, run } from "./sdk.mjs";

const help = `npm run check:moddable [-- --target TARGET … --profile PROFILE]
Takes a build for an ESP32 as far as the C compiler: TypeScript, byte code, the linked archive with what is
preloaded, every native function bound, sdkconfig and partitions merged. Needs $MODDABLE, but no ESP-IDF.

  --target TARGET    esp32/nodemcu, esp32/esp32c3 (both by default), esp32/esp32s3, and with a display
                     esp32/moddable_two, esp32/m5stack
  --profile PROFILE  development (by default), or hardened (docs/HARDENED.md): then also what differs between the two,
                     in the configuration of ESP-IDF as the SDK merges it, and in the partitions
  --json             one JSON object a target
  --help
`;

const SLOT = 16;

const define = (text, name) => Number(new RegExp(`#define ${name} (\\d+)`).exec(text)?.[1]);

/** The makefile asks for an ESP-IDF only to have one; nothing of it is read up to the archive. */
async function link(sdk, objects, onLine) {
  const header = findHeader(objects);
  mkdirSync(join(header, ".."), { recursive: true });
  if (!existsSync(header)) writeFileSync(header, "");
  const idf = join(output, "no-idf");
  mkdirSync(idf, { recursive: true });
  const targets = ["mc.xs.c", "mc.resources.c"].map((name) => join(objects, name));
  const args = ["-f", join(objects, "makefile"), "-o", header, `IDF_PATH=${idf}`, "IDF_VERSION=none"];
  await run("make", [...args, ...targets], { env: environment(sdk), onLine });
}

function findHeader(objects) {
  const project = readdirSync(objects).find((name) => name.startsWith("xsProj-"));
  return join(objects, project, "build/config/sdkconfig.h");
}

/** The native functions that the archive names, and those of them that no C file of the build defines. */
function natives(archive, makefile) {
  const names = [...archive.matchAll(/^\s*\{ (xs_\w+), \d+, \d+ \},/gm)].map(([, name]) => name);
  const sources = [...makefile.matchAll(/^\S+\.c\.xsi: (\S+\.c)$/gm)].map(([, path]) => path);
  const text = sources.map((path) => readFileSync(path, "utf8")).join("\n");
  const defined = new Set([...text.matchAll(/^void\s+(xs_\w+)\s*\(/gm)].map(([, name]) => name));
  return { bound: names.length, missing: names.filter((name) => !defined.has(name)) };
}

/** What the SDK has on and a profile puts out, it merges as `NAME=`, empty: then ESP-IDF's own default holds. */
const isIn = (merged, line) =>
  merged.includes(line) || (/=n$/.test(line) && merged.includes(line.slice(0, -1)));

/** The configuration as the SDK merges it, and the partition table. */
function settled(objects, profile) {
  const project = join(
    objects,
    readdirSync(objects).find((name) => name.startsWith("xsProj-")),
  );
  const lines = (name) => readFileSync(join(project, name), "utf8").split("\n");
  const config = new Map();
  for (const line of lines("sdkconfig.mc")) {
    const [, name, value] =
      /^(CONFIG_\w+)=(.*)$/.exec(line) ?? /^# (CONFIG_\w+) is not set$/.exec(line) ?? [];
    if (name !== undefined) config.set(name, value ?? "n");
  }
  const wanted = profile === "hardened" ? "manifests/hardened" : "manifests/esp32";
  const partitions = readFileSync(join(root, wanted, "partitions.csv"), "utf8").split("\n");
  return { config, partitions: partitions.filter((line) => /^\w/.test(line)) };
}

/** @returns lines as of a diff: `-` development, `+` hardened */
function differences(before, after) {
  const names = [...new Set([...before.config.keys(), ...after.config.keys()])].sort();
  const changed = names.flatMap((name) => {
    const [from, to] = [before.config.get(name), after.config.get(name)];
    if (from === to) return [];
    return [
      ...(from === undefined ? [] : [`- ${name}=${from}`]),
      ...(to === undefined ? [] : [`+ ${name}=${to}`]),
    ];
  });
  const only = (sign, one, other) =>
    one.filter((line) => !other.includes(line)).map((line) => `${sign} ${line}`);
  return [
    ...changed,
    ...only("-", before.partitions, after.partitions),
    ...only("+", after.partitions, before.partitions),
  ];
}

/** What hardening changes on a platform; nothing is compiled. */
async function hardening(sdk, platform) {
  const found = [];
  for (const profile of ["development", "hardened"]) {
    const { objects } = await build(sdk, { platform, profile });
    found.push(settled(objects, profile));
  }
  return differences(...found);
}

async function check(sdk, platform, profile) {
  const shown = progress(`Building for ${platform}, ${profile}`);
  const idf = process.env.IDF_PATH;
  process.env.IDF_PATH ??= join(output, "no-idf");
  try {
    const { objects } = await build(sdk, { platform, profile });
    await link(sdk, objects, shown.line);
    const archive = readFileSync(join(objects, "mc.xs.c"), "utf8");
    const makefile = readFileSync(join(objects, "makefile"), "utf8");
    const project = join(findHeader(objects), "../../..");
    const merged = readFileSync(join(project, "sdkconfig.mc"), "utf8").split("\n");
    const defaults = join(
      PROFILES[profile],
      profile === "hardened" ? "" : "manifests/esp32",
      "sdkconfig.defaults",
    );
    const wanted = readFileSync(join(root, defaults), "utf8").split("\n");
    const bound = natives(archive, makefile);
    const creation = /\t\d+,\n\t\{ ([\d, ]+)\},/.exec(archive)[1].split(", ").map(Number);
    const code = [...archive.matchAll(/^static const txU1 gxCode\d+\[(\d+)\];/gm)];
    return {
      target: platform,
      profile,
      natives: bound.bound,
      byteCodeBytes: code.reduce((sum, [, size]) => sum + Number(size), 0),
      preloadedSlots: define(archive, "mxHeapCount"),
      preloadedBytes: define(archive, "mxHeapCount") * SLOT,
      aliases: define(archive, "mxAliasCount"),
      stackSlots: creation[4],
      heapSlots: creation[2],
      chunkBytes: creation[0],
      staticBytes: creation[11],
      problems: [
        ...(bound.bound > 0 && code.length > 0 ? [] : ["nothing was seen in mc.xs.c: its form has changed"]),
        ...bound.missing.map((name) => `native without C: ${name}`),
        ...(/noble/.test(makefile) ? ["noble is in the build: a device has native cryptography"] : []),
        ...wanted.filter((line) => line && !isIn(merged, line)).map((line) => `sdkconfig lacks ${line}`),
        ...(/^vagus, /m.test(readFileSync(join(project, "partitions.csv"), "utf8"))
          ? []
          : ["no partition vagus"]),
      ],
      ...(profile === "hardened" && { differences: await hardening(sdk, platform) }),
    };
  } finally {
    shown.end();
    if (idf === undefined) delete process.env.IDF_PATH;
  }
}

await command(help, async (args) => {
  const named = args.filter((_, index) => args[index - 1] === "--target");
  const profile = args.includes("--profile") ? args[args.indexOf("--profile") + 1] : "development";
  if (!(profile in PROFILES)) {
    process.stderr.write(`--profile: expected ${Object.keys(PROFILES).join(" or ")}, came ${profile}\n`);
    return 2;
  }
  const sdk = findSdk();
  await ensurePackages();
  let failed = false;
  for (const target of named.length > 0 ? named : ["esp32/nodemcu", "esp32/esp32c3"]) {
    const result = await check(sdk, target, profile);
    failed ||= result.problems.length > 0;
    if (args.includes("--json")) {
      process.stdout.write(`${JSON.stringify(result)}\n`);
      continue;
    }
    const { problems, differences: changed = [], ...figures } = result;
    process.stdout.write(`${problems.length === 0 ? "✓" : "✗"} ${target}, ${profile}\n`);
    for (const [name, value] of Object.entries(figures)) {
      if (typeof value === "number")
        process.stdout.write(`    ${name.padEnd(16)} ${value.toLocaleString("en")}\n`);
    }
    for (const line of [...problems, ...changed]) process.stdout.write(`    ${line}\n`);
  }
  return failed ? 1 : 0;
});
