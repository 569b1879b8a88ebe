/**
 * Finds the heart's beats as the samples come: J. Pan and W. J. Tompkins, "A real-time QRS detection algorithm",
 * IEEE Transactions on Biomedical Engineering 32(3), 1985, on the integrated waveform, with the filters remade for any
 * rate. Pacing pulses are taken out before. Memory does not grow. Made for showing a rate, not for diagnosis.
 */
import { QrsFilter } from "./filter.js";
import { SpikeFilter } from "./spikes.js";

/** A summit of the integrated waveform. */
interface Peak {
  readonly value: number;
  /** The sample at which it stood, and where the R that it belongs to is. */
  readonly at: number;
  readonly r: number;
  /** The steepest slope of the band-passed signal on the way up. */
  readonly slope: number;
}

const LEARNING_S = 2;
const REFRACTORY_S = 0.2;
const T_WAVE_S = 0.36;
/** Both biquads together, from an R of the made-up heart to its summit in the band. */
const DELAY_S = 0.042;
/** What stays below 40 µV in the band is an electrode's noise, however regular. */
const LEAST_NV = 40_000;
const INTERVALS = 8;
/** A rate is shown no longer than this after the last beat, or for two and a half of its intervals. */
const STALE_S = 3;

export class QrsDetector {
  #rateHz: number;
  /** In steps of the band-passed signal. */
  #least: number;
  #spikes: SpikeFilter;
  #filter: QrsFilter;
  #index = 0;

  // The summit that is being climbed.
  #rising = false;
  #summit = 0;
  #summitAt = 0;
  #slope = 0;
  #bandMost = 0;
  #bandAt = 0;

  // Section II.F: running estimates of signal and noise peaks.
  #signal = 0;
  #noise = 0;
  #learning: Peak[] | undefined = [];
  #missed: Peak | undefined;
  #last: Peak | undefined;
  #intervals: number[] = [];

  /** @param options.rateHz samples a second, 100 or more */
  constructor(options: { rateHz: number; nanovoltsPerStep: number }) {
    this.#rateHz = options.rateHz;
    this.#least = LEAST_NV / options.nanovoltsPerStep;
    this.#spikes = new SpikeFilter(options.rateHz);
    this.#filter = new QrsFilter(options.rateHz);
  }

  /**
   * Takes samples in and gives the indices of the R peaks found, rising, counted from the first sample ever pushed.
   * A beat is found some 0.2 s after it happened, the first ones after 2 s, one that was nearly missed later.
   */
  push(samples: Int16Array): number[] {
    const found: number[] = [];
    for (const sample of samples) {
      this.#climb(this.#filter.next(this.#spikes.next(sample)), found);
      this.#index++;
    }
    return found;
  }

  /** `count` samples are missing: what was being measured is void, the thresholds stay. */
  gap(count: number): void {
    this.#index += count;
    this.#spikes = new SpikeFilter(this.#rateHz);
    this.#filter = new QrsFilter(this.#rateHz);
    this.#rising = false;
    this.#summit = 0;
    this.#slope = 0;
    this.#bandMost = 0;
    this.#missed = undefined;
    this.#last = undefined;
    this.#intervals = [];
  }

  /** Beats a minute from the median of the last intervals; undefined before the third beat and when stale. */
  get heartRate(): number | undefined {
    if (this.#intervals.length < 2 || this.#last === undefined) return undefined;
    const median = this.#median();
    const silence = this.#index - this.#last.r;
    if (silence > Math.max(STALE_S * this.#rateHz, 2.5 * median)) return undefined;
    return (60 * this.#rateHz) / median;
  }

  #median(): number {
    const sorted = [...this.#intervals].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  }

  #climb(value: number, found: number[]): void {
    const { band, slope } = this.#filter;
    if (value > this.#summit) {
      this.#rising = true;
      this.#summit = value;
      this.#summitAt = this.#index;
    }
    this.#slope = Math.max(this.#slope, Math.abs(slope));
    if (Math.abs(band) > this.#bandMost) {
      this.#bandMost = Math.abs(band);
      this.#bandAt = this.#index;
    }
    const past = this.#index - this.#summitAt > 0.15 * this.#rateHz;
    if (this.#rising && (past || value < this.#summit / 2)) {
      this.#rising = false;
      const r = this.#bandAt - Math.round(DELAY_S * this.#rateHz) - this.#spikes.delay;
      const peak = { value: this.#summit, at: this.#summitAt, r, slope: this.#slope };
      if (this.#bandMost >= this.#least) this.#judge(peak, found);
    }
    if (!this.#rising) {
      this.#summit = Math.min(this.#summit, value);
      this.#slope = 0;
      this.#bandMost = 0;
    }
    this.#searchBack(found);
  }

  #judge(peak: Peak, found: number[]): void {
    if (this.#learning !== undefined) {
      this.#learning.push(peak);
      if (this.#index >= LEARNING_S * this.#rateHz) this.#learn(found);
      return;
    }
    const since = this.#last === undefined ? Infinity : (peak.at - this.#last.at) / this.#rateHz;
    if (since < REFRACTORY_S) return;
    const tWave = since < T_WAVE_S && this.#last !== undefined && peak.slope < this.#last.slope / 2;
    if (peak.value > this.#threshold() && !tWave) {
      this.#signal = 0.125 * peak.value + 0.875 * this.#signal;
      this.#accept(peak, found);
      return;
    }
    this.#noise = 0.125 * peak.value + 0.875 * this.#noise;
    if (!tWave && peak.value > (this.#missed?.value ?? 0)) this.#missed = peak;
  }

  #learn(found: number[]): void {
    const peaks = this.#learning!;
    const most = Math.max(...peaks.map((peak) => peak.value));
    this.#signal = most / 2;
    this.#noise = most / 50;
    this.#learning = undefined;
    for (const peak of peaks) this.#judge(peak, found);
  }

  #threshold(): number {
    return this.#noise + 0.25 * (this.#signal - this.#noise);
  }

  /** Section II.G: nothing for 166 % of the usual interval, so half the threshold for what was seen meanwhile. */
  #searchBack(found: number[]): void {
    const { at } = this.#last ?? {};
    const missed = this.#missed;
    if (at === undefined || missed === undefined || this.#intervals.length < 2) return;
    if (this.#index - at < 1.66 * this.#median()) return;
    this.#missed = undefined;
    if (missed.value <= this.#threshold() / 2) return;
    this.#signal = 0.25 * missed.value + 0.75 * this.#signal;
    this.#accept(missed, found);
  }

  #accept(peak: Peak, found: number[]): void {
    if (this.#last !== undefined && peak.r > this.#last.r) {
      this.#intervals.push(peak.r - this.#last.r);
      if (this.#intervals.length > INTERVALS) this.#intervals.shift();
    }
    this.#last = peak;
    this.#missed = undefined;
    found.push(peak.r);
  }
}
