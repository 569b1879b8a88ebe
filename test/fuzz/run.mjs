/** npm run fuzz: the decoders, for longer than in npm test; --help tells the rest. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../../sim/build/ensure.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const help = `npm run fuzz -- [OPTIONS]
Mutates inputs for every TypeScript decoder on Node, or with --c for the C of modules/crypto/native, and tells what breaks.

  --minutes N     how long (default 1)
  --seed S        for the same run again (default: another each time; it is printed)
  --target TEXT   only decoders whose name has this in it
  --keep          adds inputs with new outcomes to the corpus in test/fuzz/corpus
  --c             libFuzzer with the address and undefined-behaviour sanitizers; needs Debian's clang-14 and libclang-rt-14-dev
  --help

The exit code is 0 only if nothing was found.
`;

function run(command, args) {
  return new Promise((resolve) =>
    spawn(command, args, { cwd: root, stdio: "inherit" })
      .on("error", (error) => {
        process.stderr.write(`${error.message}\n`);
        resolve(1);
      })
      .on("close", (code) => resolve(code ?? 1)),
  );
}

/** Builds test/fuzz/c/fuzz_crypto.c with the module's C, and runs it. */
async function fuzzC(args) {
  if (spawnSync("clang-14", ["--version"]).status !== 0) {
    process.stderr.write("expected clang-14: apt-get install clang-14 libclang-rt-14-dev\n");
    return 1;
  }
  const option = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const folder = join(root, "build/fuzz");
  mkdirSync(join(folder, "corpus"), { recursive: true });
  const native = join(root, "modules/crypto/native");
  const { readdirSync } = await import("node:fs");
  const sources = readdirSync(native)
    .filter((name) => /^vagus_.*\.c$/.test(name))
    .map((name) => join(native, name));
  const binary = join(folder, "fuzz_crypto");
  const built = await run("clang-14", [
    ...["-g", "-O1", "-std=gnu11", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=undefined"],
    ...[
      `-I${native}`,
      join(root, "test/fuzz/c/fuzz_crypto.c"),
      ...sources,
      "-lmbedcrypto",
      "-lsodium",
      "-o",
      binary,
    ],
  ]);
  if (built !== 0) return built;
  const seconds = Math.round(Number(option("--minutes", "1")) * 60);
  const limits = [
    `-max_total_time=${seconds}`,
    `-seed=${option("--seed", "1")}`,
    "-max_len=1024",
    "-timeout=5",
  ];
  return run(binary, [
    ...limits,
    "-print_final_stats=1",
    `-artifact_prefix=${folder}/`,
    join(folder, "corpus"),
  ]);
}

const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(help);
} else if (args.includes("--c")) {
  process.exitCode = await fuzzC(args);
} else {
  await ensurePackages();
  const { bundle } = await import("../../sim/build/bundle.mjs");
  const outfile = join(root, "build/test/node/fuzz-main.mjs");
  await bundle({ entry: join(root, "test/fuzz/main.ts"), engine: "node", outfile });
  process.exitCode = await run(process.execPath, ["--enable-source-maps", outfile, ...args]);
}
