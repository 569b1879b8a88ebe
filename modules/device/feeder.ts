import type { Journal, Lost } from "../journal/index.js";
import {
  type ChainMark,
  type Cursor,
  type DeviceTime,
  type Signer,
  type StreamFormat,
  signBoot,
  signGap,
  signTip,
} from "../reading/index.js";
import { formatOf } from "./format.js";

/** What a feeder works with as long as the device runs. */
export interface FeederOptions {
  readonly journal: () => Journal;
  readonly boot: number;
  /** How far the streams had come in the boots before, as those wrote it down. */
  readonly before: readonly ChainMark[];
  /** Of this boot: it is the same as long as the power is on. */
  readonly format: (stream: number) => StreamFormat | undefined;
  readonly time: () => DeviceTime;
  readonly signer: () => Signer;
}

/** A stream that the session hears, and from where on. */
interface Followed {
  readonly stream: number;
  cursor: Cursor;
  /** It is to be said where this boot took over: to someone who asks for what was before. */
  before: ChainMark | undefined;
}

/** Up to so many tokens behind, a stream is live. */
const LIVE_MAX = 4;

/**
 * What the session is to hear of its streams: of each from a cursor on, in order, everything that the journal has, up to
 * what is recorded now. What the journal has lost, and where a boot took over, is declared and signed on the way.
 *
 * Streams take turns. One that is live goes before those that are being caught up with: what is fetched never holds up what
 * is heard.
 */
export class Feeder {
  private options: FeederOptions;
  /** Whoever was fed last is the last. */
  private followed: Followed[] = [];
  private declared = 0;

  constructor(options: FeederOptions) {
    this.options = options;
  }

  follows(stream: number): boolean {
    return this.followed.some((each) => each.stream === stream);
  }

  /** From this token on. */
  follow(stream: number, from: Cursor): void {
    const { boot, before } = this.options;
    const known = before.find((mark) => mark.stream === stream);
    this.followed = this.followed.filter((each) => each.stream !== stream);
    this.followed.push({ stream, cursor: from, before: from.boot < boot ? known : undefined });
  }

  forget(): void {
    this.followed = [];
  }

  get waiting(): boolean {
    return this.followed.some((each) => this.backlog(each) > 0);
  }

  /** Is the session so many tokens behind in a stream that it follows? */
  isBehind(stream: number, tokens: number): boolean {
    const followed = this.followed.find((each) => each.stream === stream);
    return followed !== undefined && this.backlog(followed) >= tokens;
  }

  /** How far a stream has come, signed. */
  tip(stream: number, recording: boolean): Promise<Uint8Array> {
    const { journal, signer, time } = this.options;
    return signTip(signer(), this.cti(), time(), { stream, recording, last: journal().last(stream) });
  }

  /** The next token, if there is one; a promise only of what has to be signed first. @throws VagusError what signing a declaration refuses */
  next(): Uint8Array | undefined | Promise<Uint8Array> {
    const index = this.turn();
    if (index < 0) return undefined;
    const [followed] = this.followed.splice(index, 1);
    this.followed.push(followed);
    const { stream, before, cursor } = followed;
    if (before !== undefined) {
      followed.before = undefined;
      return this.boot(stream, before);
    }
    const { journal } = this.options;
    const lost = journal().lost(stream);
    if (lost !== undefined && !isAfter(cursor, lost.last)) {
      const first = isAfter(lost.first, cursor) ? lost.first : cursor;
      followed.cursor = { boot: lost.last.boot, sequence: lost.last.sequence + 1 };
      return this.gap(stream, first, lost);
    }
    const reading = journal().read(stream, cursor);
    followed.cursor = reading?.next ?? behind(journal(), stream, cursor);
    return reading?.token;
  }

  /** Whose it is; -1 where nobody waits. */
  private turn(): number {
    let late = -1;
    for (let index = 0; index < this.followed.length; index++) {
      const backlog = this.backlog(this.followed[index]);
      if (backlog > 0 && backlog <= LIVE_MAX) return index;
      if (backlog > 0 && late < 0) late = index;
    }
    return late;
  }

  /** Tokens of this boot that wait; where there are older ones, nobody counts. */
  private backlog({ stream, cursor, before }: Followed): number {
    const last = this.options.journal().last(stream);
    if (last === undefined) return before === undefined ? 0 : 1;
    if (last.boot > cursor.boot) return Number.POSITIVE_INFINITY;
    const waiting = last.boot < cursor.boot ? 0 : last.sequence + 1 - cursor.sequence;
    return Math.max(before === undefined ? 0 : 1, waiting);
  }

  private boot(stream: number, { boot, ceiling, last }: ChainMark): Promise<Uint8Array> {
    const { signer, time } = this.options;
    return signBoot(signer(), this.cti(), time(), { stream, before: boot, ceiling, last });
  }

  /** With the format that the last of them had, as the journal knows it; this boot's own where it could not keep that. */
  private gap(stream: number, first: Cursor, { last, lastHash, format: kept }: Lost): Promise<Uint8Array> {
    const { signer, time, boot } = this.options;
    const mixed = kept !== undefined && isAfter(kept.since, first);
    const known = kept && formatOf(kept);
    const format = known ?? (last.boot === boot ? this.options.format(stream) : undefined);
    const gap = { stream, first, last, lastHash, format, mixed };
    return signGap(signer(), this.cti(), time(), gap);
  }

  private cti(): Cursor {
    return { boot: this.options.boot, sequence: this.declared++ };
  }
}

/** Where to go on when the journal has nothing more from `cursor` on: what it may have there has rotted. */
function behind(journal: Journal, stream: number, cursor: Cursor): Cursor {
  const last = journal.last(stream);
  return last === undefined || isAfter(cursor, last)
    ? cursor
    : { boot: last.boot, sequence: last.sequence + 1 };
}

function isAfter(a: Cursor, b: Cursor): boolean {
  return a.boot === b.boot ? a.sequence > b.sequence : a.boot > b.boot;
}
