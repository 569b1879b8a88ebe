/** A made-up heart without a pacer as a source of samples: without end, the same on every engine. */
import { Heart } from "../heart/heart.js";
import type { HeartOptions } from "../heart/types.js";
import type { EcgFormat, SampleSource } from "../sensor.js";
import { Ecg, type EcgOptions } from "./ecg.js";
import { checkRead, readOn } from "./live.js";

export type SyntheticOptions = HeartOptions & EcgOptions;

export class SyntheticSource implements SampleSource {
  readonly format: EcgFormat;
  readonly length = Infinity;
  #options: SyntheticOptions;
  #heart!: Heart;
  #ecg!: Ecg;

  /** @throws VagusError `cardiac/parameter` */
  constructor(options: SyntheticOptions = {}) {
    this.#options = options;
    this.#restart();
    this.format = this.#ecg.format;
  }

  /** Cheap going forwards; a read of what has passed draws again from the start. */
  read(first: number, count: number): Int16Array[] {
    checkRead(first, count);
    if (first < this.#ecg.nextSample) this.#restart();
    return readOn(this.#ecg, (untilMs) => this.#feed(untilMs), first, count);
  }

  #restart(): void {
    this.#heart = new Heart(this.#options);
    this.#ecg = new Ecg(this.#options);
  }

  #feed(untilMs: number): void {
    for (const event of this.#heart.advance(untilMs)) this.#ecg.add(event);
  }
}
