/** The device's audit log, read to its end and verified. */

import { AUDIT_HASH, type AuditHead, auditHash, decodeEntry } from "../../modules/audit/entry.js";
import { type VerifiedAudit, verifyAudit } from "../../modules/audit/verify.js";
import { equal } from "../../modules/bytes/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import type { Managed } from "./manage.js";

export const AUDIT_KINDS = ["events", "failures"] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Entries that one command asks for; the device gives as many as fit. */
const PAGE = 64;
const MALFORMED = "session/malformed";

/**
 * All entries that the device has kept, verified up to the newest, whose number and hash it says. Reading is itself an
 * entry: what it adds is read too.
 * @param known the end of it, as it was read before: it has to be in there still, unless it is older than what is kept
 * @throws VagusError `session/scope`; `audit/…` for a log that is not whole, or is not the one of before
 */
export async function readAudit(
  session: Managed,
  crypto: Crypto,
  kind: AuditKind,
  known?: AuditHead,
): Promise<VerifiedAudit> {
  const encoded: Uint8Array[] = [];
  for (let from = 1; ; ) {
    const { entries, head } = await page(session, kind, from);
    encoded.push(...entries);
    const last = entries[entries.length - 1];
    const reached = last === undefined ? from - 1 : decodeEntry(last).number;
    if (last !== undefined && reached < head.number) {
      from = reached + 1;
      continue;
    }
    if (known !== undefined) goesOn(crypto, encoded, known, head);
    return verifyAudit(crypto, encoded, { head });
  }
}

async function page(session: Managed, kind: AuditKind, from: number) {
  const reply = await session.command("audit", [AUDIT_KINDS.indexOf(kind), from, PAGE]);
  const [entries, number, hash] = asArray(reply, MALFORMED, "audit", 3);
  return {
    entries: asArray(entries, MALFORMED, "entries").map((entry) =>
      asBytes(entry, MALFORMED, "entry").slice(),
    ),
    head: {
      number: asUint(number, MALFORMED, "number"),
      hash: asBytes(hash, MALFORMED, "hash", AUDIT_HASH).slice(),
    },
  };
}

/** The entry at which it ended before is there, and is the same, or the first that is kept names it. */
function goesOn(crypto: Crypto, encoded: readonly Uint8Array[], known: AuditHead, head: AuditHead): void {
  if (head.number < known.number) {
    throw new VagusError(
      "audit/head",
      `expected a log that goes on behind ${known.number}, came ${head.number}`,
    );
  }
  for (const bytes of encoded) {
    const { number, prev } = decodeEntry(bytes);
    const here = number === known.number ? auditHash(crypto, bytes) : undefined;
    const hash = here ?? (number === known.number + 1 ? prev : undefined);
    if (hash === undefined) continue;
    if (equal(hash, known.hash)) return;
    throw new VagusError("audit/chain", `expected entry ${known.number} as it was before, came another`);
  }
}
