/**
 * Bundles TypeScript for one of the two engines.
 * As a command: node sim/build/bundle.mjs xs|node ENTRY OUTFILE
 */
import { existsSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What the bare specifiers of the project mean on an engine. */
function aliases(engine) {
  return {
    platform: join(root, `modules/platform/${engine}/index.ts`),
    engine: join(root, `test/support/engine/${engine}.ts`),
  };
}

/** XS: everything in one file, packages too, as ES2021, and never a package's Node build. */
const forXs = {
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["default"],
  target: "es2021",
};
const prelude = [join(root, "sim/xs/prelude.ts")];

/** Node: the project's own files; packages are imported from node_modules when it runs. */
const forNode = { platform: "node", packages: "external", target: "node20", sourcemap: "inline" };

let drafts = 0;

/**
 * Makes one ES module of an entry and all that it imports; under another name first, so that a command that is started at
 * the same time never reads half of it.
 * @param {object} options
 * @param {string} [options.entry] a file
 * @param {string} [options.source] or TypeScript itself, with imports relative to the checkout's root
 * @param {"xs" | "node"} options.engine
 * @param {string} options.outfile on Node it must be below the checkout, so that packages are found
 * @param {boolean} [options.minify] without names and comments
 * @param {string} [options.platform] what `platform` means in place of the engine's own
 * @param {boolean} [options.bare] on XS without the prelude: with nothing but what a device has
 * @throws Error with esbuild's messages
 */
export async function bundle({ entry, source, engine, outfile, minify = false, bare = false, platform }) {
  const { build } = await import("esbuild");
  if (engine !== "xs" && engine !== "node") throw new Error(`expected the engine xs or node, got ${engine}`);
  const from =
    source === undefined
      ? { entryPoints: [entry] }
      : { stdin: { contents: source, resolveDir: root, loader: "ts" } };
  if (entry !== undefined && !existsSync(entry)) throw new Error(`no such file: ${entry}`);
  const draft = `${outfile}.${process.pid}.${++drafts}`;
  await build({
    ...from,
    ...(engine === "xs" ? forXs : forNode),
    inject: engine === "xs" && !bare ? prelude : [],
    absWorkingDir: root,
    alias: { ...aliases(engine), ...(platform && { platform }) },
    bundle: true,
    format: "esm",
    logLevel: "silent",
    minify,
    outfile: draft,
    tsconfigRaw: { compilerOptions: { target: "es2021", useDefineForClassFields: true } },
  });
  renameSync(draft, outfile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [engine, entry, outfile] = process.argv.slice(2);
  if (!outfile) {
    console.error("usage: node sim/build/bundle.mjs xs|node ENTRY OUTFILE");
    process.exitCode = 2;
  } else
    await bundle({ engine, entry, outfile }).catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
