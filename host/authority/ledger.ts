/**
 * The Authority's ledger: what it did, a line of JSON each, written before it is handed out and never changed.
 *
 *   {"issued":7,"kind":"device","sub":"…","kid":"…","aud":["ward-3"],"iat":…,"exp":…}     "key" too, of a programmer
 *   {"revoked":7,"at":…}                                  the credential with this number
 *   {"hub":"…","aud":["ward-3"],"exp":…,"at":…}           the key of a hub, which a programmer let in
 *   {"ended":"…","at":…}                                  the kid of a device's key: the device revoked itself, and signed it
 *   {"list":"ward-3","epoch":3,"at":…,"kids":["…"]}       a revocation list for devices
 *   {"statusList":…}                                      the iat of a status list
 *
 * The number of a credential is its index in the status list; they count up from 0. Times in seconds since 1970; kids and
 * keys in base64url.
 */
import type { CredentialKind } from "../../modules/credential/index.js";
import { VagusError } from "../../modules/error/index.js";

export interface IssuedEvent {
  readonly issued: number;
  readonly kind: Exclude<CredentialKind, "hub">;
  readonly sub: string;
  readonly kid: string;
  readonly aud: readonly string[];
  readonly iat: number;
  readonly exp: number;
  /** The public key, which requests of a programmer are verified by. */
  readonly key?: string;
}
export interface RevokedEvent {
  readonly revoked: number;
  readonly at: number;
}
export interface HubRevokedEvent {
  readonly hub: string;
  readonly aud: readonly string[];
  readonly exp: number;
  readonly at: number;
}
export interface EndedEvent {
  readonly ended: string;
  readonly at: number;
}
export interface ListEvent {
  readonly list: string;
  readonly epoch: number;
  readonly at: number;
  readonly kids: readonly string[];
}
export interface StatusListEvent {
  readonly statusList: number;
}
export type LedgerEvent =
  | IssuedEvent
  | RevokedEvent
  | HubRevokedEvent
  | EndedEvent
  | ListEvent
  | StatusListEvent;

export function encodeEvents(events: readonly LedgerEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

export interface LedgerText {
  /** How many bytes of it hold whole lines. */
  readonly length: number;
  /** The last line, where the power was cut while it was written: nothing that was handed out rests on it. */
  readonly cut: string | undefined;
}

/**
 * Reads a ledger from its beginning, an event at a time.
 * @throws VagusError `host/ledger` for a line that is no event, and what `each` throws, with the number of the line
 */
export function readLedger(bytes: Uint8Array, each: (event: LedgerEvent) => void): LedgerText {
  const whole = bytes.lastIndexOf(10) + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, whole));
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    line++;
    try {
      each(decodeEvent(text.slice(start, end)));
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      throw new VagusError("host/ledger", `line ${line}: ${error.message.replace(/^host\/ledger: /, "")}`);
    }
    start = end + 1;
  }
  const cut = whole === bytes.length ? undefined : new TextDecoder().decode(bytes.subarray(whole));
  return { length: whole, cut };
}

/** @throws VagusError `host/ledger` */
export function decodeEvent(line: string): LedgerEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw broken(line);
  }
  if (typeof event !== "object" || event === null || !isEvent(event as Fields)) throw broken(line);
  return event as LedgerEvent;
}

type Fields = Record<string, unknown>;

function isEvent(event: Fields): boolean {
  if (event.issued !== undefined) {
    const { kind, key } = event;
    const known = (kind === "device" || kind === "programmer") && (key === undefined || isText(key));
    const named = isText(event.sub) && isText(event.kid) && areTexts(event.aud);
    return known && named && isCount(event.issued) && isCount(event.iat) && isCount(event.exp);
  }
  if (event.revoked !== undefined) return isCount(event.revoked) && isCount(event.at);
  if (event.hub !== undefined)
    return isText(event.hub) && areTexts(event.aud) && isCount(event.exp) && isCount(event.at);
  if (event.ended !== undefined) return isText(event.ended) && isCount(event.at);
  if (event.list !== undefined) {
    const { list, epoch, at, kids } = event;
    return isText(list) && isCount(epoch) && isCount(at) && Array.isArray(kids) && kids.every(isText);
  }
  return isCount(event.statusList);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0;
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function broken(line: string): VagusError {
  const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
  return new VagusError("host/ledger", `expected an event of the ledger, came ${shown || "nothing"}`);
}
