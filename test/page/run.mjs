/** npm run page:test: the page in Debian's Chromium. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../sim/build/bundle.mjs";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run page:test [-- OPTIONS]
The clinician's page in Debian's Chromium (apt-get install chromium), from the first connection on: over the bridge, with
devices on Node. A few minutes. npm test has the quickest of it.

  --only NAME    files whose name has this in it
  --pictures     makes the pictures of the docs anew (docs/pictures/page-*.png)
  --json         one JSON object: { passed, failed }
  --help

exit codes: 0 all passed; 1 something failed, or there is no Chromium; 2 wrong usage
`;

const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(help);
  process.exit(0);
}
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";
const unknown = args.filter((arg) => arg !== only && !["--only", "--pictures", "--json"].includes(arg));
if (unknown.length > 0) {
  process.stderr.write(`npm run page:test: cannot read ${unknown.join(" ")} (--help tells more)\n`);
  process.exit(2);
}
await ensurePackages();
if (!existsSync("/usr/bin/chromium")) {
  process.stderr.write("no /usr/bin/chromium: apt-get install chromium\n");
  process.exit(1);
}
process.chdir(root);
const files = (await readdir(join(root, "test/page"))).filter(
  (name) => name.endsWith(".e2e.ts") && name.includes(only),
);
const bundles = [];
for (const name of files.sort()) {
  const outfile = join(root, "build/test/page", name.replace(/\.ts$/, ".mjs"));
  await bundle({ entry: join(root, "test/page", name), engine: "node", outfile });
  bundles.push(outfile);
}
const json = args.includes("--json");
const mocha = join(root, "node_modules/mocha/bin/mocha.js");
const child = spawn(process.execPath, [mocha, "--reporter", json ? "json" : "spec", ...bundles], {
  cwd: root,
  stdio: ["ignore", json ? "pipe" : "inherit", "inherit"],
  env: { ...process.env, ...(args.includes("--pictures") && { VAGUS_PICTURES: "1" }) },
});
let text = "";
child.stdout?.on("data", (part) => (text += part));
child.on("close", (code) => {
  if (json) {
    const { passes, failures } = JSON.parse(text).stats;
    process.stdout.write(`${JSON.stringify({ passed: passes, failed: failures })}\n`);
  }
  process.exitCode = code === 0 ? 0 : 1;
});
