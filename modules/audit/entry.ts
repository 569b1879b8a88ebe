/**
 * An entry of the audit log, one CBOR array:
 *
 *   [ number, at, boot, event, who, detail, times, prev ]
 *
 *   number   from 1, rising by one; a number that is not there was cut off by the power, or has rotted
 *   at       seconds since 1970, the device's own
 *   boot     the boot count
 *   event    see events.ts
 *   who      the kid (8 bytes) of the key that did it, or null
 *   detail   what the event says, small
 *   times    how often it happened that no entry before it has told: 1, and for failures more
 *   prev     the first 16 bytes of the SHA-256 of the entry before; zeros in the first of all
 */
import { type CborValue, decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";

export interface AuditEntry {
  readonly number: number;
  /** Seconds since 1970 by the device's clock. */
  readonly at: number;
  readonly boot: number;
  /** A number of `AUDIT`, or one that is newer. */
  readonly event: number;
  /** The kid of the key that did it. */
  readonly who: Uint8Array | null;
  readonly detail: CborValue;
  /** For how many of its kind it stands. */
  readonly times: number;
}

/** What happened; the log adds the rest. */
export type AuditFact = Omit<AuditEntry, "number" | "boot" | "times">;

/** The end of a log: what its device signs for a reader. */
export interface AuditHead {
  /** 0 while nothing was written. */
  readonly number: number;
  /** The first 16 bytes of the SHA-256 of that entry. */
  readonly hash: Uint8Array;
}

export const AUDIT_HASH = 16;
/** Bytes of an entry at most: what its slot in flash has room for. Details may take 26 at the least. */
export const ENTRY_MAX = 75;
const KID = 8;
const UINT32 = 0xffffffff;
const MALFORMED = "audit/malformed";

export function auditHash(crypto: Crypto, encoded: Uint8Array): Uint8Array {
  return crypto.sha256(encoded).slice(0, AUDIT_HASH);
}

/** The head of a log without entries: what the first entry names. */
export function noHead(): AuditHead {
  return { number: 0, hash: new Uint8Array(AUDIT_HASH) };
}

/** @throws VagusError `audit/entry` for what no slot has room for, or a reader would refuse */
export function encodeEntry(entry: AuditEntry, prev: Uint8Array): Uint8Array {
  const { number, at, boot, event, who, detail, times } = entry;
  for (const value of [number, at, boot, event, times]) asUint(value, "audit/entry", "entry", UINT32);
  if (who !== null) asBytes(who, "audit/entry", "who", KID);
  const encoded = encode([number, at, boot, event, who, detail, times, prev]);
  if (encoded.length <= ENTRY_MAX) return encoded;
  throw new VagusError("audit/entry", `expected at most ${ENTRY_MAX} bytes, came ${encoded.length}`);
}

/** @throws VagusError `audit/malformed`, `cbor/…` */
export function decodeEntry(encoded: Uint8Array): AuditEntry & { readonly prev: Uint8Array } {
  const [number, at, boot, event, who, detail, times, prev] = asArray(
    decode(encoded, { maxSize: ENTRY_MAX }),
    MALFORMED,
    "entry",
    8,
  );
  return {
    number: asUint(number, MALFORMED, "number", UINT32),
    at: asUint(at, MALFORMED, "at", UINT32),
    boot: asUint(boot, MALFORMED, "boot count", UINT32),
    event: asUint(event, MALFORMED, "event", UINT32),
    who: who === null ? null : asBytes(who, MALFORMED, "who", KID).slice(),
    detail,
    times: asUint(times, MALFORMED, "times", UINT32),
    prev: asBytes(prev, MALFORMED, "prev", AUDIT_HASH).slice(),
  };
}
