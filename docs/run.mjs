// npm run docs: makes the examples of PROTOCOL.md anew. With --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../sim/build/ensure.mjs";

const help = `usage: npm run docs [-- --check]

  makes the examples in docs/PROTOCOL.md anew, by the code that sends such messages
  --check   changes nothing; exit code 1 if the page is not up to date
`;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

if (process.argv.includes("--help")) process.stdout.write(help);
else {
  await ensurePackages();
  const { bundle } = await import("../sim/build/bundle.mjs");
  const outfile = join(root, "build/docs/examples.mjs");
  await bundle({ entry: join(root, "docs/examples.ts"), engine: "node", outfile });
  const { examples, withExamples } = await import(outfile);
  const path = join(root, "docs/PROTOCOL.md");
  const page = readFileSync(path, "utf8");
  const made = withExamples(page, await examples());
  if (made === page) console.log("docs/PROTOCOL.md is up to date");
  else if (process.argv.includes("--check")) {
    console.error("docs/PROTOCOL.md is not what the code makes: npm run docs");
    process.exitCode = 1;
  } else {
    writeFileSync(path, made);
    console.log("docs/PROTOCOL.md: examples made anew");
  }
}
