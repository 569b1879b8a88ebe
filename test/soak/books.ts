/** What was kept, and what came of it: every token that the device kept is received, or declared to be gone, in the end. */
import { toUint } from "../../modules/bytes/index.js";
import type { RecordedSource } from "../../modules/cardiac/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { Journal } from "../../modules/journal/index.js";
import { type AcceptedToken, type Cti, STREAM } from "../../modules/reading/index.js";
import { Ledger } from "./ledger.js";
import type { Person } from "./people.js";

/** The streams that are recorded. */
export const STREAMS: readonly number[] = [STREAM.ecg, STREAM.pacing];

export class Books {
  readonly #crypto: Crypto;
  readonly #heart: RecordedSource;
  /** By stream: tokens that the device kept, and that the person who accounts for them has not received yet. */
  readonly #pending = STREAMS.map(() => new Ledger());
  kept = 0;
  received = 0;
  samples = 0;
  declared = 0;
  gaps = 0;
  readonly problems: string[] = [];

  constructor(crypto: Crypto, heart: RecordedSource) {
    this.#crypto = crypto;
    this.#heart = heart;
  }

  /** Tokens that are neither received nor declared to be gone. */
  get pending(): number {
    return this.#pending.reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes note of whatever any journal of this process keeps. */
  watch(boot: () => number): void {
    const books = this;
    const { append } = Journal.prototype;
    Journal.prototype.append = function (this: Journal, stream, sequence, token, format) {
      append.call(this, stream, sequence, token, format);
      books.kept++;
      books.#pendingOf(stream).add(boot(), sequence, books.#check(token));
    };
  }

  /** What came to one of them; of all that comes to the person who accounts for it. */
  take(person: Person, token: AcceptedToken): void {
    if (token.kind === "boot" || token.kind === "tip") return;
    if (token.kind === "gap") {
      if (!person.accounts) return;
      this.gaps++;
      this.declared += this.#pendingOf(token.stream).drop(token.first, token.last);
      return;
    }
    const { stream } = token.cti;
    person.received++;
    person.last.set(stream, { ...token.cti, hash: this.#crypto.sha256(token.token).slice(0, 16) });
    if (person.accounts) this.#account(token.cti, token.token);
    if (token.kind === "reading" && token.stream === STREAM.ecg)
      this.#samples(token.cti, token.firstSample, token.channels[0] as Int16Array);
  }

  /** One that the power went in the midst of may come, though nobody knew that it was kept. */
  #account({ stream, boot, sequence }: Cti, token: Uint8Array): void {
    const known = this.#pendingOf(stream).take(boot, sequence);
    this.received++;
    if (known !== undefined && known !== this.#check(token))
      this.problems.push(`${stream}/${boot}/${sequence} came as another than it was kept`);
  }

  #samples({ boot, sequence }: Cti, first: number, samples: Int16Array): void {
    this.samples += samples.length;
    const { length } = this.#heart;
    const at = first % length;
    if (at + samples.length > length) return;
    const [drawn] = this.#heart.read(at, samples.length);
    if (samples.some((value, i) => value !== drawn?.[i]))
      this.problems.push(`${boot}/${sequence}: samples that the heart never had`);
  }

  #pendingOf(stream: number): Ledger {
    return this.#pending[STREAMS.indexOf(stream)] as Ledger;
  }

  #check(token: Uint8Array): number {
    return toUint(this.#crypto.sha256(token).subarray(0, 6));
  }
}
