import type { Crypto } from "../crypto/port.js";
import type { Flash } from "../flash/index.js";
import type { AuditFact, AuditHead } from "./entry.js";
import { Failures } from "./failures.js";
import { Ring } from "./ring.js";

export type AuditKind = "events" | "failures";

/** Bytes of entries that one call reads at the most. */
export const READ_MAX = 1024;
/** Events and failures need two sectors each. */
export const AUDIT_SECTORS_MIN = 4;

export interface AuditPlace {
  readonly firstSector: number;
  /** Half of them are for events, half for failures. */
  readonly sectors: number;
  readonly boot: number;
}

/**
 * Who did what, hash-chained; failures in a chain of their own, so that a flood of them pushes no command out. What has
 * rotted in flash, or was cut off, is missing from the chain, and is no reason to fail.
 */
export class AuditLog {
  readonly #boot: number;
  readonly #events: Ring;
  readonly #refusals: Ring;
  readonly #failures: Failures;

  constructor(crypto: Crypto, flash: Flash, { firstSector, sectors, boot }: AuditPlace) {
    const half = sectors >> 1;
    this.#boot = boot;
    this.#events = new Ring(crypto, flash, firstSector, half);
    this.#refusals = new Ring(crypto, flash, firstSector + half, half);
    this.#failures = new Failures(crypto, this.#refusals, boot);
  }

  /** Writes what was done, by one program. @throws VagusError `audit/entry`, `flash/program` */
  append({ at, event, who, detail }: AuditFact): void {
    this.#events.append({ at, boot: this.#boot, event, who, detail, times: 1 });
  }

  /** Counts what was refused, and writes at most 32 entries an hour. @throws VagusError `audit/entry`, `flash/program` */
  fail(fact: AuditFact): void {
    this.#failures.add(fact);
  }

  /** Writes what was counted so far, as far as the hour allows: before the log is read, and now and then. */
  settle(at: number): void {
    this.#failures.settle(at);
  }

  /** Entries as they lie in flash, from number `from` on: at most `count`, and at most 1,024 bytes. */
  read(kind: AuditKind, from: number, count: number): Uint8Array[] {
    const ring = this.ring(kind);
    const entries: Uint8Array[] = [];
    let room = READ_MAX;
    for (let n = Math.max(from, ring.oldest); n <= ring.head.number && entries.length < count; n++) {
      const entry = ring.read(n);
      if (entry === undefined) continue;
      room -= entry.length;
      if (room < 0) break;
      entries.push(entry);
    }
    return entries;
  }

  /** The newest entry's number and hash: what the device signs when a session reads the log. */
  head(kind: AuditKind): AuditHead {
    return this.ring(kind).head;
  }

  private ring(kind: AuditKind): Ring {
    return kind === "events" ? this.#events : this.#refusals;
  }
}
