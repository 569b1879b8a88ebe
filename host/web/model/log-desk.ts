/** The device's audit log, read to its end and verified against it. */

import { type AuditEntry, type AuditHead, noHead } from "../../../modules/audit/entry.js";
import { type AUDIT, auditEvent } from "../../../modules/audit/events.js";
import { type AuditGap, verifyAudit } from "../../../modules/audit/verify.js";
import { asArray, asBytes, asUint } from "../../../modules/cbor/shape.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { errorCode } from "../../../modules/error/index.js";
import { COMMAND } from "../../../modules/session/index.js";
import type { Managed } from "../../programmer/manage.js";
import type { Bedside } from "./bedside.js";
import { kidText } from "./time.js";

export const LOGS = ["events", "failures"] as const;
export type LogName = (typeof LOGS)[number];

export interface ReadLog {
  readonly entries: readonly AuditEntry[];
  readonly missing: readonly AuditGap[];
  /** When it was read, ms since 1970. */
  readonly at: number;
}

const COUNT = 32;
const MALFORMED = "audit/malformed";

/** @throws VagusError `audit/…` where the log is not whole, `session/scope` */
export async function readLog(session: Managed, crypto: Crypto, name: LogName): Promise<ReadLog> {
  const encoded: Uint8Array[] = [];
  let head: AuditHead = noHead();
  for (let from = 1; ; ) {
    const reply = await session.command("audit", [LOGS.indexOf(name), from, COUNT]);
    const [entries, number, hash] = asArray(reply, MALFORMED, "log", 3);
    const part = asArray(entries, MALFORMED, "entries").map((it) => asBytes(it, MALFORMED, "entry").slice());
    head = { number: asUint(number, MALFORMED, "number"), hash: asBytes(hash, MALFORMED, "hash").slice() };
    encoded.push(...part);
    if (part.length === 0) break;
    const last = verifyAudit(crypto, part, { after: noHead() }).end.number;
    if (last >= head.number) break;
    from = last + 1;
  }
  // The device may have written on while it was read: what came has to reach the last head that it named.
  const { entries, missing } = verifyAudit(crypto, encoded, { head });
  return { entries, missing, at: Date.now() };
}

export class LogDesk {
  readonly #bedside: Bedside;
  readonly #crypto: Crypto;
  readonly #changed: () => void;
  name: LogName = "events";
  busy = false;
  readonly read: Partial<Record<LogName, ReadLog>> = {};

  constructor(bedside: Bedside, crypto: Crypto, changed: () => void) {
    this.#bedside = bedside;
    this.#crypto = crypto;
    this.#changed = changed;
  }

  show(name: LogName): void {
    this.name = name;
    this.#changed();
    if (this.read[name] === undefined) void this.refresh();
  }

  async refresh(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.#changed();
    const { name } = this;
    await this.#bedside.attempt("reading the device's log", async (session) => {
      this.read[name] = await readLog(session, this.#crypto, name);
    });
    this.busy = false;
    this.#changed();
  }
}

const EVENTS: Partial<Record<keyof typeof AUDIT, string>> = {
  started: "Power came on",
  provisioned: "Provisioned",
  sessionOpened: "Session opened",
  sessionClosed: "Session closed",
  commandDone: "Command done",
  commandRefused: "Command refused",
  credentialRotated: "Device credential renewed",
  anchorRotated: "Handed over to another Authority",
  listTaken: "Revocation list taken",
  timeReset: "Clock set by the Authority",
  selfRevoked: "Device gave up its key",
  factoryReset: "Factory reset",
  buttonWindow: "Button pressed: open for a minute",
  buttonProvisioning: "Button held: may be provisioned",
  handshakeRefused: "Refused or failed",
  rationEmpty: "Asked too often",
  magnet: "Magnet",
  paceNow: "Pace-Now",
  parametersProgrammed: "Parameters programmed",
  parametersReverted: "Temporary parameters ended",
  journalReleased: "Readings released",
  logRead: "Log read",
  fault: "Fault",
  unlisted: "Refusals that were only counted",
  messageRefused: "Message refused",
};

export interface LogRow {
  readonly number: number;
  readonly at: number;
  readonly what: string;
  readonly detail: string;
  readonly who: string;
  readonly own: boolean;
}

/** @param own the reader's own kid */
export function rowOf({ number, at, event, who, detail, times }: AuditEntry, own: Uint8Array): LogRow {
  const name = auditEvent(event);
  const text = name === undefined ? `Event ${event}` : (EVENTS[name] ?? name);
  const isOwn = who !== null && kidText(who) === kidText(own);
  return {
    number,
    at: at * 1000,
    what: times > 1 ? `${text} (${times} times)` : text,
    detail: detailOf(name, detail),
    who: who === null ? "the device" : isOwn ? "you" : kidText(who),
    own: isOwn,
  };
}

function detailOf(name: keyof typeof AUDIT | undefined, detail: unknown): string {
  if (detail === null || detail === undefined) return "";
  if (name === "commandDone" && Array.isArray(detail)) {
    const number = Number(detail[1]);
    return Object.entries(COMMAND).find(([, value]) => value === number)?.[0] ?? `command ${number}`;
  }
  const refused = name === "commandRefused" || name === "handshakeRefused" || name === "fault";
  if (refused && typeof detail === "number") return errorCode(detail) ?? `error ${detail}`;
  if (name === "magnet") return detail === true ? "came" : "went";
  if (name === "listTaken") return `epoch ${String(detail)}`;
  if (detail instanceof Uint8Array) return kidText(detail.subarray(0, 8));
  return Array.isArray(detail) ? detail.map((part) => String(part)).join(", ") : String(detail);
}
