/** Entries of the audit log as people read them. */
import type { AuditEntry } from "../../modules/audit/entry.js";
import { type AuditEvent, auditEvent } from "../../modules/audit/events.js";
import type { AuditGap } from "../../modules/audit/verify.js";
import { toHex } from "../../modules/bytes/index.js";
import type { CborValue } from "../../modules/cbor/index.js";
import { errorCode } from "../../modules/error/index.js";
import { COMMAND } from "../../modules/session/index.js";

const WORDS: Partial<Record<AuditEvent, string>> = {
  started: "the power came on",
  provisioned: "it was given its credential",
  sessionOpened: "session opened",
  sessionClosed: "session closed",
  credentialRotated: "a new credential",
  anchorRotated: "went over to another Authority",
  listTaken: "took a revocation list",
  timeReset: "its time was set",
  selfRevoked: "revoked itself",
  factoryReset: "factory reset",
  buttonWindow: "the button was pressed",
  buttonProvisioning: "the button was held: provisioning open",
  handshakeRefused: "refused without a command",
  rationEmpty: "too many handshakes",
  paceNow: "Pace-Now",
  parametersProgrammed: "pacing parameters programmed",
  parametersReverted: "temporary parameters ended",
  journalReleased: "readings released",
  logRead: "this log was read",
  fault: "a fault",
  unlisted: "refusals of which no entry tells more",
  messageRefused: "refused a message of its session",
};

/** What happened, with its detail. */
export function eventInWords({ event, detail }: Pick<AuditEntry, "event" | "detail">): string {
  const name = auditEvent(event);
  if (name === undefined) return `event ${event}, of a newer device: ${show(detail)}`;
  switch (name) {
    case "commandDone":
      return `did ${Array.isArray(detail) ? commandName(detail[1]) : show(detail)}`;
    case "commandRefused":
    case "handshakeRefused":
    case "rationEmpty":
    case "messageRefused":
    case "fault":
      return `${name === "commandRefused" ? "refused a command" : WORDS[name]}: ${codeName(detail)}`;
    case "magnet":
      return detail === true ? "the magnet came" : "the magnet went";
    case "timeReset":
      return Array.isArray(detail)
        ? `${WORDS[name]}, from ${timeOf(detail[0])} to ${timeOf(detail[1])}`
        : `${WORDS[name]}`;
    case "parametersProgrammed":
      return Array.isArray(detail)
        ? `temporary ${WORDS[name]}: ${show(detail[0])}`
        : `${WORDS[name]}: ${show(detail)}`;
    case "listTaken":
      return `${WORDS[name]}, epoch ${show(detail)}`;
    case "journalReleased":
      return `${WORDS[name]}: ${Array.isArray(detail) ? `stream ${show(detail[0])} up to ${show(detail[1])}` : show(detail)}`;
    default:
      return detail === null ? (WORDS[name] ?? name) : `${WORDS[name] ?? name}: ${show(detail)}`;
  }
}

export function gapInWords({ first, last, why }: AuditGap): string {
  const which = first === last ? `entry ${first}` : `entries ${first} to ${last}`;
  if (why === "torn") return `${which}: torn by the power, or rotted`;
  return why === "dropped"
    ? `${which}: older than what is kept`
    : `${which}: LOST, though they were written whole`;
}

function commandName(number: CborValue): string {
  return Object.entries(COMMAND).find(([, known]) => known === number)?.[0] ?? `command ${show(number)}`;
}

function codeName(number: CborValue): string {
  return (typeof number === "number" && errorCode(number)) || `error ${show(number)}`;
}

function timeOf(seconds: CborValue): string {
  return typeof seconds === "number" ? new Date(seconds * 1000).toISOString().slice(0, 19) : show(seconds);
}

function show(value: CborValue): string {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(show).join(" ");
  return `${value}`;
}
