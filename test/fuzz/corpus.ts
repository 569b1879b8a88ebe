/** The kept corpus: inputs that once gave an outcome of their own, a line each, in hexadecimal, a file for each target. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fromHex, toHex } from "../../modules/bytes/index.js";

const KEPT_MAX = 300;
const LONGEST_KEPT = 512;

/** Relative to the checkout's root. */
function fileOf(target: string): string {
  return `test/fuzz/corpus/${target.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase()}.hex`;
}

export function readCorpus(target: string): Uint8Array[] {
  const file = fileOf(target);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").slice(0, -1).map(fromHex);
}

/** Adds inputs, small ones, up to a bound. */
export function keep(target: string, inputs: readonly Uint8Array[]): void {
  const lines = new Set(
    [...readCorpus(target), ...inputs.filter(({ length }) => length <= LONGEST_KEPT)].map(toHex),
  );
  if (lines.size > 0)
    writeFileSync(
      fileOf(target),
      [...lines]
        .slice(0, KEPT_MAX)
        .map((line) => `${line}\n`)
        .join(""),
    );
}
