/** What was kept, and what came of it: every token that the device kept is received, or declared to be gone, in the end. */
import type { RecordedSource } from "../../modules/cardiac/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { Journal } from "../../modules/journal/index.js";
import type { AcceptedToken } from "../../modules/reading/index.js";

const ECG = 1;

export class Books {
  readonly #crypto: Crypto;
  readonly #heart: RecordedSource;
  /** Tokens that the device kept and nobody has received yet: their hashes. */
  readonly pending = new Map<string, string>();
  kept = 0;
  received = 0;
  samples = 0;
  declared = 0;
  gaps = 0;
  /** Received though the power went while they were kept. */
  justInTime = 0;
  readonly problems: string[] = [];
  /** The newest token that was verified, and its hash: what may be released. */
  last: { boot: number; sequence: number; hash: Uint8Array } | undefined;

  constructor(crypto: Crypto, heart: RecordedSource) {
    this.#crypto = crypto;
    this.#heart = heart;
  }

  /** Takes note of whatever any journal of this process keeps. */
  watch(boot: () => number): void {
    const books = this;
    const { append } = Journal.prototype;
    Journal.prototype.append = function (this: Journal, stream, sequence, token) {
      append.call(this, stream, sequence, token);
      if (stream !== ECG) return;
      books.kept++;
      books.pending.set(`${boot()}/${sequence}`, books.#hash(token));
    };
  }

  take(token: AcceptedToken): void {
    if (token.kind === "boot") return;
    if (token.kind === "gap") {
      this.#gone(token.first, token.last);
      return;
    }
    const { boot, sequence } = token.cti;
    const name = `${boot}/${sequence}`;
    const hash = this.#hash(token.token);
    const known = this.pending.get(name);
    if (known === undefined) this.justInTime++;
    else if (known !== hash) this.problems.push(`${name} came as another than it was kept`);
    this.pending.delete(name);
    this.received++;
    this.last = { boot, sequence, hash: this.#crypto.sha256(token.token).slice(0, 16) };
    if (token.kind === "reading" && "channels" in token)
      this.#samples(name, token.firstSample, token.channels[0] as Int16Array);
  }

  #samples(name: string, first: number, samples: Int16Array): void {
    this.samples += samples.length;
    const { length } = this.#heart;
    const at = first % length;
    if (at + samples.length > length) return;
    const [drawn] = this.#heart.read(at, samples.length);
    if (samples.some((value, i) => value !== drawn?.[i]))
      this.problems.push(`${name}: samples that the heart never had`);
  }

  #gone(first: { boot: number; sequence: number }, last: { boot: number; sequence: number }): void {
    this.gaps++;
    for (const name of this.pending.keys()) {
      const [boot, sequence] = name.split("/").map(Number) as [number, number];
      const behind = boot > first.boot || (boot === first.boot && sequence >= first.sequence);
      const before = boot < last.boot || (boot === last.boot && sequence <= last.sequence);
      if (!behind || !before) continue;
      this.pending.delete(name);
      this.declared++;
    }
  }

  #hash(token: Uint8Array): string {
    return Buffer.from(this.#crypto.sha256(token)).toString("hex", 0, 16);
  }
}
