/** npm run powercuts: the power goes everywhere, and ten years of wear; --help tells the rest. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run powercuts [-- OPTIONS]
Takes the power from the device at every program and erase call of every operation that changes flash, in every half-done
way; restarts it from what the chip then holds; takes the power again at every call of that restart; and prints a table.

  --only TEXT     only operations whose name has this in it
  --seed S        for other torn words and other bits in disorder (default 1)
  --every N       every N-th chip that stands for its kind is cut again in its restart, and every N-th device does the
                  operation once more (default 6; 1 takes ten minutes). The first cuts are always all there
  --wear          instead: erases of the most worn sector of each record in ten years of the use that is stated, and the
                  years until a journal's sectors have been erased 100,000 times, for partitions of 1, 2 and 4 MB
  --json          one JSON object on standard output: { seed, points, again, failed, rows: [{ operation, sectors, calls,
                  points, again, failures }] }, or with --wear
                  { years, budget, worst, rows: [{ record, use, days, writes, erases }],
                  journal: [{ megabytes, sectors, readings, erasesAYear, years, hours }] }
  --help

The exit code is 0 only if nothing failed.
`;

const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(help);
  process.exit(0);
}
process.chdir(root);
await ensurePackages();
const { bundle } = await import("../../sim/build/bundle.mjs");
const outfile = join(root, "build/test/node/powercuts-main.mjs");
await bundle({ entry: join(root, "test/powercuts/main.ts"), engine: "node", outfile });
process.exitCode = await new Promise((resolve) =>
  spawn(process.execPath, ["--enable-source-maps", outfile, ...args], { stdio: "inherit" }).on(
    "close",
    (code) => resolve(code ?? 1),
  ),
);
