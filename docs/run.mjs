// npm run docs: makes anew what the pages show that the code makes. With --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../sim/build/ensure.mjs";

const help = `usage: npm run docs [-- --check]

  makes the examples in docs/PROTOCOL.md anew, by the code that sends such messages, the table and the strips in
  docs/PACING.md, by the pacer, and the tables in docs/ATTACKS.md, by the attacks
  --check   changes nothing; exit code 1 if a page is not up to date
`;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

async function load(name) {
  const { bundle } = await import("../sim/build/bundle.mjs");
  const outfile = join(root, `build/docs/${name}.mjs`);
  await bundle({ entry: join(root, `docs/${name}.ts`), engine: "node", outfile });
  return import(outfile);
}

const pages = {
  "docs/PROTOCOL.md": async (page) => {
    const { examples, withExamples } = await load("examples/index");
    return withExamples(page, await examples());
  },
  "docs/ATTACKS.md": async (page) => (await load("attacks")).withAttacks(page),
  "docs/PACING.md": async (page) => (await load("pacing")).withPacing(page),
};

if (process.argv.includes("--help")) process.stdout.write(help);
else {
  await ensurePackages();
  for (const [name, make] of Object.entries(pages)) {
    const path = join(root, name);
    const page = readFileSync(path, "utf8");
    const made = await make(page);
    if (made === page) console.log(`${name} is up to date`);
    else if (process.argv.includes("--check")) {
      console.error(`${name} is not what the code makes: npm run docs`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, made);
      console.log(`${name}: made anew`);
    }
  }
}
