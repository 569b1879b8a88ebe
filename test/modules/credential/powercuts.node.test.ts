/** Mutants of the real code: the power cuts find every one. */
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { MUTANTS, type Mutant } from "../../powercuts/mutants.js";
import { ok, same } from "../../support/assert.js";

type Run = (operation: string, full: boolean, sparing: number) => Promise<readonly string[]>;

const ENTRY = `
  import { createPortableCrypto } from "./modules/crypto/portable/index.ts";
  import { cheap } from "./test/powercuts/cheap-crypto.ts";
  import { cutEverywhere } from "./test/powercuts/cuts.ts";
  import { OPERATIONS } from "./test/powercuts/operations.ts";
  export async function run(name, full, sparing) {
    const crypto = cheap(createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(0x5e) }));
    const operation = OPERATIONS.find((each) => each.name === name);
    return (await cutEverywhere(operation, crypto, { seed: 7, full, sparing, enough: 200 })).failures;
  }`;

/** The harness with the mistake in it; without one, as it is. */
async function harness(mutant: Mutant | undefined, name: string): Promise<Run> {
  const file = mutant && resolve("modules", mutant.file);
  const outfile = resolve(`build/test/node/mutants/${name}.mjs`);
  mkdirSync(resolve("build/test/node/mutants"), { recursive: true });
  let met = false;
  await build({
    stdin: { contents: ENTRY, resolveDir: resolve("."), loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "silent",
    outfile,
    plugins: [
      {
        name: "mutant",
        setup(it) {
          it.onLoad({ filter: /modules\/.*\.ts$/ }, ({ path }) => {
            if (mutant === undefined || path !== file) return undefined;
            const source = readFileSync(path, "utf8");
            met = source.split(mutant.text).length === 2;
            return { contents: source.replace(mutant.text, () => mutant.instead), loader: "ts" };
          });
        },
      },
    ],
  });
  ok(mutant === undefined || met, `expected once in ${mutant?.file}: ${mutant?.text}`);
  return ((await import(pathToFileURL(outfile).href)) as { run: Run }).run;
}

describe("Power cuts: mistakes in the code itself", () => {
  const places = new Set(MUTANTS.map(({ operation, full = false }) => `${operation}${full ? "|full" : ""}`));
  for (const place of places) {
    it(`without a mistake nothing is found in ${place}`, async () => {
      const [operation, full] = place.split("|") as [string, string?];
      const failures = await (await harness(undefined, "none"))(operation, full !== undefined, 40);
      same(failures.length, 0, failures[0]);
    });
  }

  for (const [index, mutant] of MUTANTS.entries()) {
    const { mistake, operation, full = false, every = 20, found } = mutant;
    it(`${mistake}: found in ${operation}`, async () => {
      const failures = await (await harness(mutant, `${index}`))(operation, full, every);
      ok(
        failures.some((failure) => found.test(failure)),
        `expected ${found}, came ${failures.length}: ${failures.slice(0, 3).join("\n")}`,
      );
    });
  }
});
