/** Logs for tests: facts by number, a chip that holds only a log, and what may lie in it. */
import { AUDIT, type AuditFact, AuditLog } from "../../../modules/audit/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import type { Flash } from "../../../modules/flash/index.js";

export const AT = 1_760_000_000;
export const SECTORS = 4;

export const kid = (n: number): Uint8Array => new Uint8Array(8).fill(n);

export function fact(n: number, at = AT + n): AuditFact {
  return { at, event: AUDIT.commandDone, who: kid(n % 3), detail: [n, 8] };
}

/** A handshake refused for `code`. */
export function refusal(at: number, code = 506, who: Uint8Array | null = null): AuditFact {
  return { at, event: AUDIT.handshakeRefused, who, detail: code };
}

export function open(crypto: Crypto, flash: Flash, boot = 1, sectors = SECTORS): AuditLog {
  return new AuditLog(crypto, flash, { firstSector: 0, sectors, boot });
}

/** All that is kept, in as many calls as it takes. */
export function readAll(log: AuditLog, kind: "events" | "failures", from = 1): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let next = from; ; ) {
    const some = log.read(kind, next, 1000);
    if (some.length === 0) return all;
    all.push(...some);
    next = numberIn(some[some.length - 1]!) + 1;
  }
}

/** An entry's number as the bytes say: an unsigned integer behind the array's head. */
export function numberIn(entry: Uint8Array): number {
  const info = entry[1]!;
  if (info < 24) return info;
  return entry.subarray(2, 2 + (1 << (info - 24))).reduce((value, byte) => value * 256 + byte, 0);
}
