/** Runs every suite on the engine that this is, and prints one JSON object a line for each suite and implementation. */
import { cryptos, engine } from "engine";
import type { Zlib } from "../../modules/cwt/index.js";
import { show } from "../support/assert.js";
import { allSuites } from "./all.js";

/** A line of the table. */
export interface Row {
  readonly engine: string;
  readonly implementation: string;
  readonly suite: string;
  readonly source: string;
  readonly cases: number;
  readonly passed: number;
  readonly skipped: readonly (readonly [reason: string, count: number])[];
  readonly failures: readonly string[];
}

export async function printTable(print: (line: string) => void, zlib?: Zlib): Promise<void> {
  for (const crypto of cryptos) {
    for (const { suite, source, expected, run } of allSuites(zlib)) {
      const about = { engine, implementation: crypto.name, suite, source };
      let row: Row;
      try {
        const { cases, passed, skipped, failures } = await run(crypto);
        const wrong = cases === expected ? [] : [`expected ${expected} cases, came ${cases}`];
        row = { ...about, cases, passed, skipped, failures: [...failures, ...wrong] };
      } catch (error) {
        row = { ...about, cases: expected, passed: 0, skipped: [], failures: [show(error)] };
      }
      print(JSON.stringify(row));
    }
  }
  print(JSON.stringify({ end: true }));
}
