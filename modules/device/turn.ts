import type { Journal } from "../journal/index.js";

/** Who has a token made: a recorder. */
export interface Maker {
  readonly stream: number;
  /** It cannot go on. */
  abandon(): void;
}

/** What the journal is told of a token. */
export interface Entry {
  readonly sequence: number;
  /** With a header: what is kept of it. */
  readonly format?: Uint8Array | undefined;
}

export interface TurnOptions {
  readonly journal: () => Journal;
  /** There is a token more in the journal. */
  readonly appended: () => void;
  /** Recording has ended, for it failed. */
  readonly failed: (error: unknown) => void;
  /** It is another one's turn, if another one has something to make. */
  readonly made: (by: Maker) => void;
}

/**
 * One token is made at a time, whichever stream's it is: two would take the heap of two. What its promise calls is there
 * from the start, as on XS a function takes some ten slots.
 */
export class Turn {
  private options: TurnOptions;
  private maker: Maker | undefined;
  private entry: Entry = { sequence: 0 };
  private waitedFor = false;
  private token: Promise<Uint8Array | undefined> | undefined;

  constructor(options: TurnOptions) {
    this.options = options;
  }

  /** The token that is being made, if one is. It may fail. */
  get making(): Promise<Uint8Array | undefined> | undefined {
    return this.token;
  }

  /**
   * Keeps the token in the journal once it is signed.
   * @param waitedFor whoever waits for the promise hears of a failure; of others `failed` does
   */
  take(
    maker: Maker,
    entry: Entry,
    signed: Promise<Uint8Array>,
    waitedFor = false,
  ): Promise<Uint8Array | undefined> {
    this.maker = maker;
    this.entry = entry;
    this.waitedFor = waitedFor;
    this.token = signed.then(this.kept, this.lost);
    return this.token;
  }

  private kept = (token: Uint8Array): Uint8Array | undefined => {
    const { journal, appended } = this.options;
    try {
      const { sequence, format } = this.entry;
      journal().append((this.maker as Maker).stream, sequence, token, format);
      appended();
    } catch (error) {
      return this.lost(error);
    }
    this.end();
    return token;
  };

  private lost = (error: unknown): undefined => {
    const { maker, waitedFor } = this;
    maker?.abandon();
    if (!waitedFor) this.options.failed(error);
    this.end();
    if (waitedFor) throw error;
  };

  private end(): void {
    const maker = this.maker as Maker;
    this.token = undefined;
    this.maker = undefined;
    this.options.made(maker);
  }
}
