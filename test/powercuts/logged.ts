/** The audit log, and programming of the pacer: what is done with them, and what the world holds against them. */
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
import type { Implant, Instruction } from "../../modules/cardiac/index.js";
import { NOMINAL, parametersToNumbers } from "../../modules/cardiac/pacer/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { DevicePorts } from "../../modules/device/index.js";
import { DEVICE_SECTOR } from "../../modules/device/layout.js";
import { EFFECT, Therapy } from "../../modules/device/therapy/index.js";
import { readParameters } from "../../modules/device/therapy/pacing-record.js";
import type { Flash } from "../../modules/flash/index.js";
import type { Ready } from "./acts.js";
import { type Image, NorFlash } from "./nor.js";

/** Where the device has them, but for a log of four sectors. */
export const LAID = {
  audit: DEVICE_SECTOR.audit,
  failures: DEVICE_SECTOR.audit + 2,
  outcomes: DEVICE_SECTOR.outcomes,
  pacing: DEVICE_SECTOR.pacing,
} as const;
export const CHIP_SECTORS = DEVICE_SECTOR.audit + 4;

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
  /** The last command: what the lower rate limit was before it, and what it sets; done when its reply is out. */
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

/** A patient who does nothing but hold what is programmed, and the device's therapy of it; what was begun is finished. */
export function openTherapy(crypto: Crypto, flash: Flash): { therapy: Therapy; implant: Implant } {
  let permanent = NOMINAL;
  const implant = {
    nowMs: 0,
    get therapy() {
      return { permanent };
    },
    liveUntil() {},
    instruct: (instruction: Instruction) => {
      if (instruction.type === "program") permanent = instruction.parameters;
    },
  } as unknown as Implant;
  const clock = { monotonicMs: () => 0, after: () => () => {} };
  const therapy = new Therapy({
    crypto,
    flash,
    clock,
    implant,
    sensor: { paced: true },
  } as unknown as DevicePorts);
  const failed = (error: unknown) => {
    throw error;
  };
  therapy.attend(
    () => {},
    failed,
    () => false,
  );
  const rate = rateOf(flash);
  if (permanent.lowerRateLimitPpm !== rate)
    throw new Error(`paced at ${permanent.lowerRateLimitPpm}, and ${rate} is programmed`);
  return { therapy, implant };
}

const rateOf = (flash: Flash) => (readParameters(flash) ?? NOMINAL).lowerRateLimitPpm;

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

export const programming: Ready = ({ therapy, implant }, { crypto }, told) => {
  const before = implant.therapy.permanent.lowerRateLimitPpm;
  const next = 51 + ((before - 50) % 39);
  const id = (told.logged.command?.id ?? 0) + 1;
  const numbers = parametersToNumbers({ ...NOMINAL, lowerRateLimitPpm: next });
  const request = { who: WHO, operation: id, hash: hashOf(crypto, next) };
  const asked = { id, before, rate: next };
  return [
    () => {
      told.logged.command = { ...asked, done: false };
      therapy.operations.once(request, () => [EFFECT.program, numbers]);
      told.logged.command = { ...asked, done: true };
    },
  ];
};

const hashOf = (crypto: Crypto, rate: number) => crypto.sha256(Uint8Array.of(rate)).slice(0, 16);

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
  if (new Outcomes(flash, LAID.outcomes).pending() !== undefined)
    return ["an effect was begun, and not finished at the start"];
  if (command === undefined) return [];
  const now = rateOf(flash);
  if (now !== command.rate && (command.done || now !== command.before)) {
    return [`the rate is ${now}, where command ${command.id} made ${command.rate} of ${command.before}`];
  }
  return [];
}

/** The outcome says what the rate is. */
export function outcomeProblems(crypto: Crypto, image: Image, { command }: ToldLog): string[] {
  if (command === undefined) return [];
  const flash = new NorFlash(image);
  const found = new Outcomes(flash, LAID.outcomes).find(WHO, command.id, hashOf(crypto, command.rate));
  const done = rateOf(flash) === command.rate;
  if (found === "other" || found === "begun" || (found !== undefined) !== done) {
    return [`command ${command.id} is ${done ? "" : "not "}done, and its outcome ${JSON.stringify(found)}`];
  }
  return [];
}
