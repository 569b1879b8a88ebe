import { parseArgs } from "node:util";
import type { AuditEntry } from "../../modules/audit/entry.js";
import { auditEvent } from "../../modules/audit/events.js";
import type { VerifiedAudit } from "../../modules/audit/verify.js";
import { toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { AUDIT_KINDS, type AuditKind, readAudit } from "../programmer/audit-log.js";
import { keepAudit, keptAudit } from "../store/kept-audit.js";
import { eventInWords, gapInWords } from "./audit-words.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { LINK_HELP, LINK_OPTIONS, PAIR_HELP, PAIR_OPTION } from "./radios.js";
import { count, JSON_HELP, JSON_OPTION } from "./report.js";
import { openSession, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { nothing, number } from "./usage.js";

export const summary = "reads a device's audit log: who did what, and what was refused";

export const help = `vagus audit: what a device has written down of what was done to it, verified from entry to entry

usage: vagus audit --programmer FOLDER (--device FOLDER | --port P) [options]

${sessionHelp("audit:read")}
${LINK_HELP}
${PAIR_HELP}
  --failures            only what was refused; --events: only what was done (default: both)
  --last N              only the last so many of each; all are read and verified
${PASSPHRASE_HELP}
${JSON_HELP}

Each entry names the one before it by its hash, and the device says which is the newest. Where the log ended is kept in the
programmer's folder: a log that was cut or changed since is refused the next time. Entries that are older than what the
device keeps (the last 153 at least) are said to be.

exit codes: 0 the log is whole; 1 it is not, entries are lost, or it could not be read; 2 wrong usage
`;

type Logs = Readonly<Record<AuditKind, VerifiedAudit>>;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      events: { type: "boolean", default: false },
      failures: { type: "boolean", default: false },
      last: { type: "string" },
      ...SESSION_OPTIONS,
      ...LINK_OPTIONS,
      ...PAIR_OPTION,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const last = values.last === undefined ? Number.POSITIVE_INFINITY : number("last", values.last, 1, 1e6);
  const both = values.events === values.failures;
  const shown = AUDIT_KINDS.filter((kind) => both || values[kind]);
  const crypto = createPortableCrypto();
  const { programmer, holding, close } = await openSession(crypto, values);
  const { subject } = programmer.device;
  try {
    const known = keptAudit(values.programmer, subject);
    const events = await readAudit(programmer, crypto, "events", known[0]);
    const failures = await readAudit(programmer, crypto, "failures", known[1]);
    const logs: Logs = { events, failures };
    keepAudit(
      values.programmer,
      subject,
      AUDIT_KINDS.map((kind) => logs[kind].end),
    );
    const own = toHex(holding.credential.kid);
    if (values.json) sayJson(subject, logs, shown, last);
    else for (const kind of shown) say(kind, logs[kind], last, own);
    return AUDIT_KINDS.some((kind) => logs[kind].missing.some(({ why }) => why === "lost")) ? 1 : 0;
  } finally {
    await close();
  }
}

function say(kind: AuditKind, { entries, missing, end }: VerifiedAudit, last: number, own: string): void {
  const lines = entries.slice(-last).map((entry) => line(entry, own));
  const about = `${kind}: ${count(entries.length, "entr").replace(/entrs?$/, entries.length === 1 ? "entry" : "entries")}, verified up to ${end.number}`;
  process.stdout.write(
    `${[about, ...lines, ...missing.map((gap) => `  ${gapInWords(gap)}`), ""].join("\n")}\n`,
  );
}

/** `  12  2026-11-28 19:12:14  boot 2  a921496fd280b6ff (this programmer)  session opened  ×4` */
function line(entry: AuditEntry, own: string): string {
  const at = new Date(entry.at * 1000).toISOString().slice(0, 19).replace("T", " ");
  const kid = entry.who === null ? "-" : toHex(entry.who);
  const who = kid === own ? `${kid} (you)` : kid;
  const times = entry.times > 1 ? `  ×${entry.times}` : "";
  return `${`${entry.number}`.padStart(6)}  ${at}  boot ${entry.boot}  ${who.padEnd(22)}  ${eventInWords(entry)}${times}`;
}

function sayJson(device: string, logs: Logs, shown: readonly AuditKind[], last: number): void {
  const plain = (entry: AuditEntry) => ({
    number: entry.number,
    at: entry.at,
    boot: entry.boot,
    event: auditEvent(entry.event) ?? entry.event,
    who: entry.who && toHex(entry.who),
    words: eventInWords(entry),
    times: entry.times,
  });
  const result = shown.map((kind) => {
    const { entries, missing, end } = logs[kind];
    return [kind, { end: end.number, missing, entries: entries.slice(-last).map(plain) }];
  });
  process.stdout.write(`${JSON.stringify({ device, ...Object.fromEntries(result) })}\n`);
}
