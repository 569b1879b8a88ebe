/** A made-up heart as a source of samples: one channel, lead II, without end, the same on every engine. */
import { VagusError } from "../../error/index.js";
import type { EcgFormat, SampleSource } from "../sensor.js";
import { Random, sinTurns } from "./exact.js";
import { kernelsOf, LEAD_MS } from "./morphology.js";
import { type HeartEvent, type Rhythm, SinusRhythm } from "./rhythm.js";
import { Wave } from "./wave.js";

export interface SyntheticOptions {
  /** 1 where not given; same seed, same samples. */
  seed?: number;
  /** Mean heart rate, 20 to 220, 60 where not given. */
  bpm?: number;
  /** 100 to 1,000, 250 where not given. */
  rateHz?: number;
  /** Called whenever the samples start from the beginning; sinus rhythm where not given. */
  rhythm?: () => Rhythm;
  /** An electrode's noise, in steps to either side; 2 where not given. */
  noiseSteps?: number;
}

const NANOVOLTS_PER_STEP = 5000;
const STEPS_PER_MICROVOLT = 1000 / NANOVOLTS_PER_STEP;
const WANDER_MS = 3700;
const WANDER_STEPS = 60 * STEPS_PER_MICROVOLT;
/** Most samples drawn at once, which bounds the memory of a long read. */
const CHUNK = 512;

export class SyntheticSource implements SampleSource {
  readonly format: EcgFormat;
  readonly length = Infinity;
  #options: Required<SyntheticOptions>;
  #rhythm!: Rhythm;
  #noise = 0;
  // A sine by its recurrence, s(n + 1) = 2 cos(w) s(n) - s(n - 1): one multiplication a sample.
  #wander = 0;
  #wanderBefore = 0;
  #wanderTurn = 0;
  #coming!: HeartEvent;
  #waves!: Wave[];
  #at = 0;

  constructor(options: SyntheticOptions = {}) {
    const { seed = 1, bpm = 60, rateHz = 250, noiseSteps = 2 } = options;
    const { rhythm = () => new SinusRhythm({ seed, bpm }) } = options;
    if (!Number.isInteger(rateHz) || rateHz < 100 || rateHz > 1000)
      throw new VagusError("cardiac/parameter", `expected a rate of 100 to 1,000 Hz, came ${rateHz}`);
    this.#options = { seed, bpm, rateHz, rhythm, noiseSteps };
    this.format = { rateHz, channels: ["II"], nanovoltsPerStep: NANOVOLTS_PER_STEP };
    this.#restart();
  }

  /** Cheap going forwards; a read of what has passed draws again from the start. */
  read(first: number, count: number): Int16Array[] {
    if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 0)
      throw new VagusError("cardiac/parameter", `expected whole samples, came ${first} + ${count}`);
    if (first < this.#at) this.#restart();
    while (this.#at < first) this.#draw(Math.min(CHUNK, first - this.#at));
    const samples = new Int16Array(count);
    for (let done = 0; done < count; ) {
      const part = this.#draw(Math.min(CHUNK, count - done));
      samples.set(part, done);
      done += part.length;
    }
    return [samples];
  }

  #restart(): void {
    this.#rhythm = this.#options.rhythm();
    this.#noise = new Random(~this.#options.seed).next();
    const turns = 1000 / this.#options.rateHz / WANDER_MS;
    this.#wander = 0;
    this.#wanderBefore = -WANDER_STEPS * sinTurns(turns);
    this.#wanderTurn = 2 * sinTurns(turns + 0.25);
    this.#coming = this.#rhythm.next();
    this.#waves = [];
    this.#at = 0;
  }

  #draw(count: number): Int16Array {
    const first = this.#at;
    const { rateHz } = this.#options;
    const untilMs = ((first + count) * 1000) / rateHz + LEAD_MS;
    while (this.#coming.atMs <= untilMs) {
      for (const kernel of kernelsOf(this.#coming))
        this.#waves.push(new Wave(kernel, (this.#coming.atMs * rateHz) / 1000, rateHz, STEPS_PER_MICROVOLT));
      this.#coming = this.#rhythm.next();
    }
    const sums = new Float64Array(count);
    this.#waves = this.#waves.filter((wave) => wave.draw(sums, first));
    this.#at += count;
    return this.#disturb(sums);
  }

  /** Adds the baseline's wander and an electrode's noise, and rounds. */
  #disturb(sums: Float64Array): Int16Array {
    const count = sums.length;
    const samples = new Int16Array(count);
    const spread = 2 * this.#options.noiseSteps + 1;
    const least = this.#options.noiseSteps - 0.5;
    const turn = this.#wanderTurn;
    let wander = this.#wander;
    let before = this.#wanderBefore;
    let noise = this.#noise;
    for (let i = 0; i < count; i++) {
      samples[i] = Math.floor(sums[i]! + wander - least) + (((noise & 0xff) * spread) >> 8);
      const next = turn * wander - before;
      before = wander;
      wander = next;
      // xorshift32 (Marsaglia, 2003), written out: a call costs more than the three steps.
      noise ^= noise << 13;
      noise ^= noise >>> 17;
      noise ^= noise << 5;
    }
    this.#wander = wander;
    this.#wanderBefore = before;
    this.#noise = noise;
    return samples;
  }
}
