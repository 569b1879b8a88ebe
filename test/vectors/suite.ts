/** What a suite of published vectors is, and how its cases are counted. Tests and the table of vectors run the same ones. */

import { fromHex } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { ErrorCode } from "../../modules/error/codes.js";
import { VagusError } from "../../modules/error/index.js";
import { show } from "../support/assert.js";

export interface SuiteResult {
  /** Passed, skipped and failed together. */
  readonly cases: number;
  readonly passed: number;
  readonly skipped: readonly (readonly [reason: string, count: number])[];
  readonly failures: readonly string[];
}

export interface Suite {
  readonly suite: string;
  /** Who published the vectors, and where in it. */
  readonly source: string;
  /** How many cases the source has: a run that saw another number did not run the suite. */
  readonly expected: number;
  run(crypto: Crypto): Promise<SuiteResult>;
}

export const MISSING = "the vectors' folder is missing";

export class Tally implements SuiteResult {
  passed = 0;
  readonly failures: string[] = [];
  readonly #skipped = new Map<string, number>();

  get skipped(): [string, number][] {
    return [...this.#skipped];
  }

  get cases(): number {
    return this.passed + this.failures.length + this.skipped.reduce((sum, [, count]) => sum + count, 0);
  }

  skip(reason: string, count = 1): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  /** One case: it passes where `action` returns nothing, and fails with the text that it returns or throws. */
  async case(name: string, action: () => Promise<string | undefined> | string | undefined): Promise<void> {
    let failure: string | undefined;
    try {
      failure = await action();
    } catch (error) {
      failure = `threw ${show(error)}`;
    }
    if (failure === undefined) this.passed++;
    else this.failures.push(`${name}: ${failure}`);
  }
}

/** What is wrong with `actual`, in hexadecimal; nothing where it is what was published. */
export function differs(actual: Uint8Array | boolean, expected: string | boolean): string | undefined {
  const wanted = show(typeof expected === "string" ? fromHex(expected) : expected);
  return show(actual) === wanted ? undefined : `expected ${wanted}, came ${show(actual)}`;
}

/** What is wrong where `action` should be refused with one of these codes. */
export async function refused(
  codes: readonly ErrorCode[],
  action: () => unknown,
): Promise<string | undefined> {
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    if (error instanceof VagusError && codes.includes(error.code)) return undefined;
    return `expected ${codes.join(" or ")}, came ${show(error)}`;
  }
  return `expected ${codes.join(" or ")}, came ${show(result)}`;
}
