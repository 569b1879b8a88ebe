/** What is wrong with an input, and at which byte of it. */
import type { ErrorCode } from "../../modules/error/index.js";

/**
 * `malformed`: no CBOR, or not the COSE structure that its tag says; `invalid`: well-formed, but no valid CBOR
 * (RFC 8949 section 1.2); `encoding`: valid, but not deterministic (section 4.2.1).
 */
export type Severity = "malformed" | "invalid" | "encoding";

export interface Problem {
  readonly code: ErrorCode;
  /** Offset in the input. */
  readonly at: number;
  readonly message: string;
  readonly severity: Severity;
}

/** More are counted, not kept. */
const KEPT = 50;

export class Problems {
  readonly list: Problem[] = [];
  /** Those that were found, kept or not, by severity. */
  readonly count = { malformed: 0, invalid: 0, encoding: 0 };

  add(severity: Severity, code: ErrorCode, at: number, message: string): void {
    this.count[severity]++;
    if (this.list.length < KEPT || severity === "malformed") this.list.push({ code, at, message, severity });
  }

  merge(others: Problems): void {
    for (const { severity, code, at, message } of others.list) this.add(severity, code, at, message);
  }

  /** What stands at a byte of an item; where an item breaks off is not told here. */
  at(from: number, end: number): Problem[] {
    return this.list.filter(({ at, severity }) => at >= from && at < end && severity !== "malformed");
  }
}
