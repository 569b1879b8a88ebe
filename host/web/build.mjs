/** npm run page: builds the clinician's page into build/web, for the bridge or any server of plain files. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
export const output = join(root, "build/web");

const help = `npm run page [-- OPTIONS]
Builds the clinician's page into build/web: plain files, which work from any server and, once loaded, without one.

  --force   also when nothing has changed since the last time
  --help
`;

/** Builds it where a source is newer than what was built. @returns {Promise<string>} the folder */
export async function buildPage({ force = false } = {}) {
  await ensurePackages();
  const made = join(output, "worker.js");
  if (!force && existsSync(made) && newest() < statSync(made).mtimeMs) return output;
  const { build } = await import("vite");
  await build({
    root: here,
    base: "/",
    configFile: false,
    logLevel: "warn",
    plugins: [withoutEval],
    build: {
      outDir: output,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  });
  writeWorker();
  return output;
}

/** cbor-x tries whether it may make code out of strings, and goes without where not. Here nothing may, nor tries. */
const withoutEval = {
  name: "without-eval",
  transform(code, id) {
    if (!/cbor-x\/decode\.js$/.test(id)) return undefined;
    const probe = "new Function('')";
    if (code.split(probe).length !== 2)
      throw new Error(`expected one ${probe} in cbor-x, came another number`);
    return { code: code.replace(probe, "throw new Error('no')"), map: null };
  },
};

/** Names to the service worker what there is to keep. */
function writeWorker() {
  const files = filesIn(output).filter((path) => path !== "/worker.js");
  const hash = createHash("sha256");
  for (const path of files) hash.update(path).update(readFileSync(join(output, path)));
  const kept = files.map((path) => (path === "/index.html" ? "/" : path));
  const text = readFileSync(join(here, "worker.js"), "utf8")
    .replace("__VERSION__", hash.digest("hex").slice(0, 16))
    .replace('["__FILES__"]', JSON.stringify(kept));
  writeFileSync(join(output, "worker.js"), text);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")}`)
    .sort();
}

/** When a source was changed last. */
function newest() {
  const folders = ["host", "modules", "package-lock.json"].map((name) => join(root, name));
  const times = folders.flatMap((path) =>
    statSync(path).isFile()
      ? [statSync(path).mtimeMs]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  return Math.max(...times);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  if (args.includes("--help")) process.stdout.write(help);
  else if (args.some((arg) => arg !== "--force")) {
    process.stderr.write(`npm run page: cannot read ${args.join(" ")} (--help tells more)\n`);
    process.exitCode = 2;
  } else console.log(relative(process.cwd(), await buildPage({ force: args.includes("--force") })));
}
