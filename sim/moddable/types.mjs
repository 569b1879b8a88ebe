/**
 * Takes the types out of the firmware's TypeScript before a build. The SDK's makefile starts the TypeScript compiler once for each of some
 * 200 sources and asks it for nothing else (the manifests say `noCheck`, and `npm run check` looks at the types). What is made here, by
 * one esbuild, make finds up to date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const SUFFIX = "-tsconfig.json";

/**
 * @param {string} objects the folder of the makefile, which has a configuration for each source
 * @returns {Promise<number>} how many sources were not up to date
 */
export async function takeTypes(objects) {
  const { transform } = await import("esbuild");
  const modules = join(objects, "modules");
  const base = join(modules, "tsconfig-base.json");
  if (!existsSync(base)) return 0;
  const since = statSync(base).mtimeMs;
  let made = 0;
  for (const name of readdirSync(modules, { recursive: true })) {
    if (!name.endsWith(SUFFIX)) continue;
    const { compilerOptions, files } = JSON.parse(readFileSync(join(modules, name), "utf8"));
    if (!existsSync(files[0])) continue; // of a source that was there once
    const to = join(compilerOptions.outDir, relative(compilerOptions.rootDir, files[0])).replace(/ts$/, "js");
    const newest = Math.max(since, statSync(files[0]).mtimeMs);
    if (existsSync(to) && statSync(to).mtimeMs > newest) continue;
    const source = readFileSync(files[0], "utf8");
    const { code } = await transform(source, { loader: "ts", target: "es2024", sourcefile: files[0] });
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, code);
    made++;
  }
  return made;
}
