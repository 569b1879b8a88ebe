import { createHash } from "node:crypto";
import type { SampleSource } from "../../modules/cardiac/index.js";
import { type AcceptedToken, STREAM } from "../../modules/reading/index.js";

function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(2 * i, samples[i], true);
  return bytes;
}

/** Reads `count` samples from `first` on, as a sensor plays them: from the start again at the end. */
function played(source: SampleSource, first: number, count: number): Int16Array[] {
  const channels = source.format.channels.map(() => new Int16Array(count));
  for (let done = 0; done < count; ) {
    const at = Number.isFinite(source.length) ? (first + done) % source.length : first + done;
    const part = source.read(at, Math.min(count - done, source.length - at, 4096));
    for (const [index, channel] of channels.entries()) channel.set(part[index], done);
    done += part[0].length;
  }
  return channels;
}

/**
 * Holds what came out against what went in: one SHA-256 over the int16 samples received and verified, one over the
 * same stretch of the source, which this side reads for itself.
 */
export class Tally {
  readonly #source: SampleSource;
  readonly #in = createHash("sha256");
  readonly #out = createHash("sha256");
  samples = 0;
  tokens = 0;
  closed = false;
  lastSequence = 0;

  constructor(source: SampleSource) {
    this.#source = source;
  }

  add(token: AcceptedToken): void {
    this.tokens++;
    this.lastSequence = token.cti.sequence;
    if (token.kind === "head") this.closed = true;
    if (token.kind !== "reading" || token.stream !== STREAM.ecg) return;
    const { length } = token.channels[0];
    for (const channel of token.channels) this.#out.update(littleEndian(channel));
    for (const channel of played(this.#source, token.firstSample, length))
      this.#in.update(littleEndian(channel));
    this.samples += length;
  }

  /** Once, at the end. */
  digests(): { sha256In: string; sha256Out: string } {
    return { sha256In: this.#in.digest("hex"), sha256Out: this.#out.digest("hex") };
  }
}
