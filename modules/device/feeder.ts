import type { EcgFormat } from "../cardiac/index.js";
import type { Journal } from "../journal/index.js";
import {
  type ChainMark,
  type Cursor,
  type DeviceTime,
  type Signer,
  signBoot,
  signGap,
} from "../reading/index.js";

/** What a feeder works with as long as the device runs. */
export interface FeederOptions {
  readonly journal: () => Journal;
  readonly boot: number;
  /** How far the stream had come in the boot before, as that one wrote it down. */
  readonly before: ChainMark | undefined;
  readonly format: EcgFormat;
  readonly time: () => DeviceTime;
  readonly signer: () => Signer;
}

const NOTHING = () => Promise.resolve(undefined);

/**
 * What the session is to hear of a stream: from a cursor on, in order, everything that the journal has, up to what is
 * recorded now. What the journal has lost, and where a boot took over, is declared and signed on the way.
 */
export class Feeder {
  readonly #options: FeederOptions;
  #stream: number | undefined;
  #cursor: Cursor = { boot: 0, sequence: 0 };
  /** Is it to be said where this boot took over? Only to someone who asks for what was before. */
  #tellBoot = false;
  #declared = 0;

  constructor(options: FeederOptions) {
    this.#options = options;
  }

  get stream(): number | undefined {
    return this.#stream;
  }

  /** From this token on. */
  follow(stream: number, from: Cursor): void {
    const { boot, before } = this.#options;
    this.#stream = stream;
    this.#cursor = from;
    this.#tellBoot = before !== undefined && before.stream === stream && from.boot < boot;
  }

  forget(): void {
    this.#stream = undefined;
  }

  /** How many tokens of this boot are waiting; 1 where there are older ones. */
  get waiting(): number {
    if (this.#stream === undefined) return 0;
    const last = this.#options.journal().last(this.#stream);
    if (last === undefined) return 0;
    const { boot, sequence } = this.#cursor;
    if (last.boot !== boot) return last.boot > boot ? 1 : 0;
    return Math.max(0, last.sequence + 1 - sequence);
  }

  /** The next token, if there is one. @throws VagusError what signing a declaration refuses */
  next(): Promise<Uint8Array | undefined> {
    const stream = this.#stream;
    if (stream === undefined) return NOTHING();
    if (this.#tellBoot) return this.#boot(stream);
    const { journal } = this.#options;
    const lost = journal().lost(stream);
    if (lost !== undefined && !isBehind(this.#cursor, lost.last)) {
      const first = isBehind(lost.first, this.#cursor) ? lost.first : this.#cursor;
      this.#cursor = { boot: lost.last.boot, sequence: lost.last.sequence + 1 };
      return this.#gap(stream, first, lost.last, lost.lastHash);
    }
    const reading = journal().read(stream, this.#cursor);
    if (reading === undefined) return NOTHING();
    this.#cursor = reading.next;
    return Promise.resolve(reading.token);
  }

  #boot(stream: number): Promise<Uint8Array> {
    this.#tellBoot = false;
    const { signer, time, before } = this.#options;
    const { boot, ceiling, last } = before as ChainMark;
    return signBoot(signer(), this.#cti(), time(), { stream, before: boot, ceiling, last });
  }

  #gap(stream: number, first: Cursor, last: Cursor, lastHash: Uint8Array | undefined): Promise<Uint8Array> {
    const { signer, time, format } = this.#options;
    return signGap(signer(), this.#cti(), time(), { stream, first, last, lastHash, format });
  }

  #cti(): Cursor {
    return { boot: this.#options.boot, sequence: this.#declared++ };
  }
}

/** Is `a` behind `b`? */
function isBehind(a: Cursor, b: Cursor): boolean {
  return a.boot === b.boot ? a.sequence > b.sequence : a.boot > b.boot;
}
