/**
 * Where the heart's signal comes from. `EcgSensor` is the port that the device reads, with the verbs of ECMA-419
 * sensors; `SampleSource` is anything that has samples by index; `PacedSensor` makes the one of the other.
 */
import { VagusError } from "../error/index.js";
import { MAX_CHANNELS, MAX_SAMPLES } from "./codec/index.js";

/** What never changes while a stream runs. */
export interface EcgFormat {
  readonly rateHz: number;
  /** Names of leads, such as "II" or "MLII". */
  readonly channels: readonly string[];
  readonly nanovoltsPerStep: number;
}

export interface EcgBlock {
  /** Index of the first sample since the sensor started; it only rises. */
  readonly firstSample: number;
  /** One array a channel, all equally long. */
  readonly channels: Int16Array[];
}

/** An ECG front end: `configure`, then `sample` whenever `dueInMs()` has passed, then `close`. */
export interface EcgSensor {
  readonly format: EcgFormat;
  /** Are samples due in real time? Otherwise as fast as they are asked for. */
  readonly paced: boolean;
  /** Index of the first sample of the next block. */
  readonly nextSample: number;
  /** Index of the first sample that can still be read: a reader who comes too late goes on with `live`. */
  readonly oldestSample: number;
  /** Samples a block, from the next block on. `live` first drops what has come and was not read. */
  configure(options: { blockSamples?: number; live?: boolean }): void;
  /** The next whole block if it is due. */
  sample(): EcgBlock | undefined;
  /** Milliseconds until the next block is due; 0 if it is, Infinity after `close`. */
  dueInMs(): number;
  close(): void;
}

export interface SampleSource {
  readonly format: EcgFormat;
  /** Samples a channel; Infinity where there is no end. */
  readonly length: number;
  /** The first sample that can be read, where a source does not keep all of them. */
  readonly oldestSample?: number;
  /** `count` samples a channel from index `first` on; `first + count` is at most `length`. */
  read(first: number, count: number): Int16Array[];
}

/**
 * A source as a sensor. A block is due when its last sample's time has come by the clock, counted from construction; a
 * reader that comes late gets every block, late. With `paced: false` every block is due at once. At its end a source
 * repeats from its start, while the index of samples goes on rising.
 */
export class PacedSensor implements EcgSensor {
  readonly format: EcgFormat;
  #source: SampleSource;
  #now: () => number;
  readonly paced: boolean;
  #start: number;
  #blockSamples: number;
  #next = 0;
  #closed = false;

  /** @param options.clock monotonic milliseconds */
  constructor(source: SampleSource, options: { clock: () => number; paced?: boolean }) {
    if (!(source.length >= 1) || source.format.channels.length > MAX_CHANNELS)
      throw new VagusError("cardiac/parameter", `expected samples of 1 to ${MAX_CHANNELS} channels`);
    this.format = source.format;
    this.#source = source;
    this.#now = options.clock;
    this.paced = options.paced ?? true;
    this.#start = options.clock();
    this.#blockSamples = Math.min(this.format.rateHz, MAX_SAMPLES);
  }

  get nextSample(): number {
    return this.#next;
  }

  get oldestSample(): number {
    return this.#source.oldestSample ?? 0;
  }

  configure(options: { blockSamples?: number; live?: boolean }): void {
    if (options.live) {
      const come = this.paced ? Math.floor(((this.#now() - this.#start) * this.format.rateHz) / 1000) : 0;
      this.#next = Math.max(this.#next, come, this.oldestSample);
    }
    const samples = options.blockSamples;
    if (samples === undefined) return;
    if (!Number.isInteger(samples) || samples < 1 || samples > MAX_SAMPLES)
      throw new VagusError(
        "cardiac/parameter",
        `expected 1 to ${MAX_SAMPLES} samples a block, came ${samples}`,
      );
    this.#blockSamples = samples;
  }

  sample(): EcgBlock | undefined {
    if (this.dueInMs() > 0) return undefined;
    const firstSample = this.#next;
    this.#next += this.#blockSamples;
    return { firstSample, channels: this.readNow(firstSample, this.#blockSamples) };
  }

  dueInMs(): number {
    if (this.#closed) return Infinity;
    if (!this.paced) return 0;
    const due = this.#start + ((this.#next + this.#blockSamples) * 1000) / this.format.rateHz;
    return Math.max(0, due - this.#now());
  }

  close(): void {
    this.#closed = true;
  }

  private readNow(first: number, count: number): Int16Array[] {
    const { length } = this.#source;
    const from = length === Infinity ? first : first % length;
    if (from + count <= length) return this.#source.read(from, count);
    const channels = this.format.channels.map(() => new Int16Array(count));
    for (let done = 0; done < count; ) {
      const at = (first + done) % length;
      const part = this.#source.read(at, Math.min(count - done, length - at));
      for (const [index, channel] of channels.entries()) channel.set(part[index]!, done);
      done += part[0]!.length;
    }
    return channels;
  }
}
