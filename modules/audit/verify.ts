/** The reader's side of the audit log. */
import { equal } from "../bytes/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { type AuditEntry, type AuditHead, auditHash, decodeEntry, noHead } from "./entry.js";

/** Numbers that are not there. */
export interface AuditGap {
  readonly first: number;
  readonly last: number;
  /**
   * `torn`: the chain goes on across it, so whatever was cut off there had never come to its end, or had rotted before the
   * device wrote on. `lost`: an entry that the device had written whole is missing. `dropped`: the same, before the first
   * entry that came: older than what is kept or was asked for, or withheld.
   */
  readonly why: "torn" | "lost" | "dropped";
}

export interface VerifiedAudit {
  readonly entries: readonly AuditEntry[];
  readonly missing: readonly AuditGap[];
  /** What the next entries are verified after. */
  readonly end: AuditHead;
}

export interface AuditExpectation {
  /** What the reader has verified before; by default it knows nothing. */
  readonly after?: AuditHead;
  /** What the device has signed: the log has to come at least as far, and be the same there. */
  readonly head?: AuditHead;
}

/**
 * Checks entries in the order of their numbers. What is missing is told; what cannot be is refused.
 * @throws VagusError `audit/malformed`, `cbor/…`; `audit/order` for numbers that do not rise; `audit/chain` where an
 *   entry does not name the one before it; `audit/head` where the log ends before the signed head, or has another entry there
 */
export function verifyAudit(
  crypto: Crypto,
  encoded: readonly Uint8Array[],
  { after = noHead(), head }: AuditExpectation = {},
): VerifiedAudit {
  const entries: AuditEntry[] = [];
  const missing: AuditGap[] = [];
  let end = after;
  let reached = head === undefined || isSame(after, head);
  for (const bytes of encoded) {
    const { prev, ...entry } = decodeEntry(bytes);
    const { number } = entry;
    if (number <= end.number) {
      throw new VagusError("audit/order", `expected an entry above ${end.number}, came ${number}`);
    }
    const linked = equal(prev, end.hash);
    if (number === end.number + 1 && !linked) {
      throw new VagusError(
        "audit/chain",
        `expected entry ${number} to name the one before, came another hash`,
      );
    }
    if (number > end.number + 1) {
      const why = linked ? "torn" : entries.length === 0 ? "dropped" : "lost";
      missing.push({ first: end.number + 1, last: number - 1, why });
    }
    end = { number, hash: auditHash(crypto, bytes) };
    entries.push(entry);
    reached ||= isSame(end, head!);
  }
  if (reached) return { entries, missing, end };
  throw new VagusError(
    "audit/head",
    `expected entry ${head!.number} as it was signed, came an end at ${end.number}`,
  );
}

function isSame(a: AuditHead, b: AuditHead): boolean {
  return a.number === b.number && equal(a.hash, b.hash);
}
