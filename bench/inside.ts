import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a bundle of `bench/xs` on the engine and reads the figures that it prints. @throws Error where it fails */
export async function inside<T = Record<string, number>>(
  runner: string,
  bundle: string,
  args: readonly (string | number)[],
): Promise<T> {
  const { stdout } = await run(runner, [bundle, ...args.map(String)]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as T;
}
