/** A journal as a list: what was appended, what is gone, and what the world was told of it. */
import { compare } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { Journal, KeptFormat } from "../../modules/journal/index.js";
import type { Cursor } from "../../modules/reading/index.js";

export interface Token extends Cursor {
  readonly stream: number;
}

const START: Cursor = { boot: 0, sequence: 0 };
/** A token in so many brings another format. */
const RUN = 4;

/** What a token is made of, and since when its stream is. */
export function formatOf({ stream, boot, sequence }: Token): KeptFormat {
  const since = { boot, sequence: sequence - (sequence % RUN) };
  return { bytes: new Uint8Array(3 + stream + boot).fill(since.sequence), since };
}

/** The format that a token brings, where it brings one. */
export function brings(token: Token): Uint8Array | undefined {
  return token.sequence % RUN === 0 ? formatOf(token).bytes : undefined;
}

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

  /** Those that anything was appended to, and two that may be there. */
  get streams(): number[] {
    return [...new Set([1, 2, ...this.appended.map(({ stream }) => stream)])];
  }

  see(journal: Journal): void {
    for (const stream of this.streams) {
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

const shown = (format: KeptFormat | undefined): string =>
  format === undefined ? "no format" : `format ${format.bytes} since ${name(format.since)}`;
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
 * @param formats do tokens bring what `brings` says?
 */
export function problemsOf(
  crypto: Crypto,
  journal: Journal,
  model: Model,
  length: number,
  formats = false,
): string[] {
  const problems: string[] = [];
  for (const stream of model.streams) {
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
      const format = formats ? formatOf({ stream, ...lost.last }) : undefined;
      if (shown(lost.format) !== shown(format))
        problems.push(`stream ${stream}: of ${shown(lost.format)}, not ${shown(format)}`);
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
