/** The audit log and the outcomes of commands: what is done with them, and what the world holds against them. */
import {
  AUDIT,
  type AuditHead,
  AuditLog,
  Outcomes,
  RUN_S,
  SLOTS,
  verifyAudit,
} from "../../modules/audit/index.js";
import { toHex } from "../../modules/bytes/index.js";
import { CREDENTIAL_SECTORS } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { type Flash, FlashRecord } from "../../modules/flash/index.js";
import type { Ready } from "./acts.js";
import { type Image, NorFlash } from "./nor.js";

/** Behind the records of the credential: the log's four sectors, then two records. */
export const LAID = {
  audit: CREDENTIAL_SECTORS,
  failures: CREDENTIAL_SECTORS + 2,
  outcomes: CREDENTIAL_SECTORS + 4,
  rate: CREDENTIAL_SECTORS + 6,
} as const;
export const CHIP_SECTORS = CREDENTIAL_SECTORS + 8;

const AT = 1_760_000_000;
const DAY = 86_400;
const KINDS = ["events", "failures"] as const;
type Kind = (typeof KINDS)[number];
const WHO = new Uint8Array(8).fill(5);

/** What the world has heard of the log and of commands. */
export interface ToldLog {
  /** Numbers and hashes of entries that were written to their end. */
  readonly events: string[];
  readonly failures: string[];
  /** Refusals of the flood under way, and when it began. */
  flood: { readonly from: number; readonly count: number } | undefined;
  /** The last command: what the rate was before it, and what it sets; done when its reply is out. */
  command:
    | { readonly id: number; readonly before: number; readonly rate: number; readonly done: boolean }
    | undefined;
}

export const nothingLogged = (): ToldLog => ({
  events: [],
  failures: [],
  flood: undefined,
  command: undefined,
});

export const copyOfLogged = (told: ToldLog): ToldLog => ({
  ...told,
  events: [...told.events],
  failures: [...told.failures],
});

export function openLog(crypto: Crypto, flash: Flash, boot: number): AuditLog {
  return new AuditLog(crypto, flash, { firstSector: LAID.audit, sectors: 4, boot });
}

/** Outcomes, and a rate as a record of its own; what was begun is finished. */
export function openCommands(flash: Flash): { outcomes: Outcomes; rate: FlashRecord } {
  const outcomes = new Outcomes(flash, LAID.outcomes);
  const rate = new FlashRecord(flash, LAID.rate);
  const effect = outcomes.pending();
  if (effect !== undefined) apply(rate, outcomes, effect as number);
  return { outcomes, rate };
}

function apply(rate: FlashRecord, outcomes: Outcomes, effect: number): void {
  if (rate.value?.[0] !== effect) rate.write(Uint8Array.of(effect));
  outcomes.finish(0, effect);
}

export const auditAppend: Ready = ({ audit }, _, told) =>
  [1, 2, 3].map((n) => () => {
    audit.append({ at: AT + n, event: AUDIT.commandDone, who: WHO, detail: [n, 8] });
    hearHead(audit, "events", told.logged);
  });

/** A flood of one refusal, and others between. */
export const auditFailures: Ready = ({ audit }, _, told) => {
  const from = AT + (audit.head("failures").number + 1) * DAY;
  const flood = () => {
    for (let n = 0; n < 40; n++) {
      const code = n % 10 === 9 ? 500 + n : 506;
      told.logged.flood = { from, count: n };
      audit.fail({ at: from + n, event: AUDIT.handshakeRefused, who: null, detail: code });
      hearHead(audit, "failures", told.logged);
    }
    told.logged.flood = { from, count: 40 };
    audit.settle(from + 40);
    hearHead(audit, "failures", told.logged);
  };
  return [flood];
};

export const commandOutcome: Ready = ({ outcomes, rate }, { crypto }, told) => {
  const before = rate.value?.[0] ?? 0;
  const next = (before % 100) + 1;
  const id = (told.logged.command?.id ?? 0) + 1;
  const request = crypto.sha256(Uint8Array.of(next));
  const asked = { id, before, rate: next };
  return [
    () => {
      told.logged.command = { ...asked, done: false };
      outcomes.begin(WHO, id, request, next);
      apply(rate, outcomes, next);
      told.logged.command = { ...asked, done: true };
    },
  ];
};

function hearHead(log: AuditLog, kind: Kind, told: ToldLog): void {
  const { number, hash } = log.head(kind);
  const name = `${number}.${toHex(hash)}`;
  const heard = told[kind];
  if (heard[heard.length - 1] !== name) heard.push(name);
}

/** Fills the rings that are in use, to the last slot of a sector behind a sector full of old ones: what was told is gone. */
export function fillLog(log: AuditLog, told: ToldLog): void {
  told.events.length = 0;
  told.failures.length = 0;
  told.flood = undefined;
  const events = log.head("events").number;
  const failures = log.head("failures").number;
  for (let n = events; n > 0 && n < 3 * SLOTS; n++) {
    log.append({ at: AT, event: AUDIT.commandDone, who: WHO, detail: n });
  }
  for (let n = failures; n > 0 && n < 3 * SLOTS; n++) {
    log.fail({ at: AT + n * RUN_S, event: AUDIT.rationEmpty, who: null, detail: n });
  }
}

/** Whatever was written is there, but for the sector that was erased for it; flood and command are told as they were. */
export function logProblems(crypto: Crypto, image: Image, told: ToldLog): string[] {
  const problems: string[] = [];
  const flash = new NorFlash(image);
  const log = openLog(crypto, flash, 0);
  for (const kind of KINDS) {
    const there = new Set<string>();
    let times = 0;
    let end: AuditHead = { number: 0, hash: new Uint8Array(16) };
    for (let some = log.read(kind, 1, 99); some.length > 0; some = log.read(kind, end.number + 1, 99)) {
      for (const entry of some) {
        const verified = verifyAudit(crypto, [entry], { after: end });
        end = verified.end;
        there.add(`${end.number}.${toHex(end.hash)}`);
        if (told.flood !== undefined && verified.entries[0]!.at >= told.flood.from)
          times += verified.entries[0]!.times;
      }
    }
    for (const name of told[kind].slice(-SLOTS)) {
      if (!there.has(name)) problems.push(`${kind}: entry ${name} was written, and is not there`);
    }
    const { count } = told.flood ?? { count: 0 };
    if (kind === "failures" && (times * 4 < count || times > count + 1)) {
      problems.push(`${times} of ${count} refusals are told`);
    }
  }
  return [...problems, ...commandProblems(flash, told)];
}

function commandProblems(flash: Flash, { command }: ToldLog): string[] {
  const { outcomes, rate } = {
    outcomes: new Outcomes(flash, LAID.outcomes),
    rate: new FlashRecord(flash, LAID.rate),
  };
  if (outcomes.pending() !== undefined) return ["an effect was begun, and not finished at the start"];
  if (command === undefined) return [];
  const now = rate.value?.[0] ?? 0;
  if (now !== command.rate && (command.done || now !== command.before)) {
    return [`the rate is ${now}, where command ${command.id} made ${command.rate} of ${command.before}`];
  }
  return [];
}

/** The outcome says what the rate is. */
export function outcomeProblems(crypto: Crypto, image: Image, { command }: ToldLog): string[] {
  if (command === undefined) return [];
  const flash = new NorFlash(image);
  const found = new Outcomes(flash, LAID.outcomes).find(
    WHO,
    command.id,
    crypto.sha256(Uint8Array.of(command.rate)),
  );
  const done = new FlashRecord(flash, LAID.rate).value?.[0] === command.rate;
  if (found === "other" || found === "begun" || (found !== undefined) !== done) {
    return [`command ${command.id} is ${done ? "" : "not "}done, and its outcome ${JSON.stringify(found)}`];
  }
  return [];
}
