/** A journal as a list: what was appended, what is gone, and what the world was told of it. */
import { compare } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { Journal } from "../../modules/journal/index.js";
import type { Cursor } from "../../modules/reading/index.js";

export interface Token extends Cursor {
  readonly stream: number;
}

const START: Cursor = { boot: 0, sequence: 0 };
const STREAMS = [1, 2];

export class Model {
  readonly appended: Token[] = [];
  /** Up to which token each stream was released, and told to be lost. */
  readonly released = new Map<number, Cursor>();
  readonly told = new Map<number, Cursor>();
  /** What the journal showed last: the tokens of a stream, and the last one that it had lost. */
  readonly lastSeen = new Map<number, Cursor[]>();
  readonly lastLost = new Map<number, Cursor>();
  readonly mayLose: boolean;

  constructor(mayLose: boolean) {
    this.mayLose = mayLose;
  }

  next(stream: number, boot: number): number {
    return this.appended.filter((each) => each.stream === stream && each.boot === boot).length;
  }

  see(journal: Journal): void {
    for (const stream of STREAMS) {
      this.lastSeen.set(stream, cursors(journal, stream));
      const lost = journal.lost(stream)?.last;
      if (lost === undefined) this.lastLost.delete(stream);
      else this.lastLost.set(stream, lost);
    }
  }
}

export const nothingKept = (mayLose: boolean): Model => new Model(mayLose);

export function copyOf(model: Model): Model {
  const copy = new Model(model.mayLose);
  copy.appended.push(...model.appended);
  for (const name of ["released", "told", "lastLost"] as const) {
    for (const [stream, cursor] of model[name]) copy[name].set(stream, cursor);
  }
  for (const [stream, seen] of model.lastSeen) copy.lastSeen.set(stream, seen);
  return copy;
}

/** Bytes that only this token has. */
export function tokenOf({ stream, boot, sequence }: Token, length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill((stream * 83 + boot * 29 + sequence * 5) & 0xff);
  bytes.set([stream, boot, sequence], 0);
  return bytes;
}

export const atMost = (a: Cursor, b: Cursor | undefined): boolean =>
  b !== undefined && (a.boot < b.boot || (a.boot === b.boot && a.sequence <= b.sequence));

const name = ({ boot, sequence }: Cursor): string => `${boot}.${sequence}`;

function cursors(journal: Journal, stream: number): Cursor[] {
  const seen: Cursor[] = [];
  for (let next = START; ; ) {
    const reading = journal.read(stream, next);
    if (reading === undefined) return seen;
    seen.push({ boot: reading.boot, sequence: reading.sequence });
    next = reading.next;
  }
}

/**
 * Every token is there, or released, or among what is said to be lost, or was told to be; what is there is whole, in order,
 * and nothing else.
 */
export function problemsOf(crypto: Crypto, journal: Journal, model: Model, length: number): string[] {
  const problems: string[] = [];
  for (const stream of STREAMS) {
    const appended = model.appended.filter((each) => each.stream === stream);
    const [released, told] = [model.released.get(stream), model.told.get(stream)];
    const lost = journal.lost(stream);
    const there = new Set<string>();
    let before: Cursor | undefined;
    for (let next = START; ; ) {
      const reading = journal.read(stream, next);
      if (reading === undefined) break;
      next = reading.next;
      there.add(name(reading));
      if (before !== undefined && atMost(reading, before)) problems.push(`${name(reading)} out of order`);
      before = reading;
      if (compare(reading.token, tokenOf({ ...reading, stream }, length)) !== 0)
        problems.push(`${name(reading)} altered`);
    }
    for (const token of appended) {
      const gone =
        atMost(token, released) ||
        atMost(token, told) ||
        (lost !== undefined && atMost(token, lost.last) && atMost(lost.first, token));
      if (there.delete(name(token)) === gone) {
        problems.push(
          `stream ${stream}: ${name(token)} is ${gone ? "there again" : "gone and nobody says so"}`,
        );
      }
    }
    for (const other of there) problems.push(`stream ${stream}: ${other} was never appended`);
    if (lost !== undefined) {
      if (!model.mayLose) problems.push(`stream ${stream}: lost, with room`);
      const hash = crypto.sha256(tokenOf({ stream, ...lost.last }, length)).subarray(0, 16);
      if (compare(lost.lastHash, hash) !== 0)
        problems.push(`stream ${stream}: another hash of ${name(lost.last)}`);
      if (atMost(lost.first, told)) problems.push(`stream ${stream}: ${name(lost.first)} was told`);
    }
    const last = appended.at(-1);
    const newest = journal.last(stream);
    if ((last && name(last)) !== (newest && name(newest))) {
      problems.push(`stream ${stream}: the newest is ${newest && name(newest)}, not ${last && name(last)}`);
    }
  }
  return problems;
}
