/** Voltages from what happens in a heart: the leads' samples, drawn in order. */
import { VagusError } from "../../error/index.js";
import { Random } from "../exact.js";
import type { Chamber, Depolarisation } from "../heart/types.js";
import type { EcgFormat } from "../sensor.js";
import { CommonMode, checkDisturbances, type Disturbances, QUIET } from "./disturbance.js";
import { ECG_LEADS, type EcgLead, isSurface, ownLead } from "./leads.js";
import { columnOf, type Kernel, shapeOf } from "./shapes.js";
import { draw, type Wave, wave } from "./wave.js";

export interface EcgOptions {
  /** 100 to 1,000; 250 where not given. */
  readonly rateHz?: number;
  /** One to four different ones; `II` where not given. */
  readonly channels?: readonly EcgLead[];
  readonly seed?: number;
  /** `QUIET` where not given. */
  readonly disturbances?: Partial<Disturbances>;
}

/** The earliest that any wave begins before its event: how far ahead events must be known. */
export const LEAD_MS = 100;

const NANOVOLTS_PER_STEP = 5000;
const STEPS_PER_UV = 1000 / NANOVOLTS_PER_STEP;
/** A pulse of 3.5 V stands 0.9 mV high in lead II; in its own chamber's electrogram it is as high as the amplifier goes. */
const SPIKE: Readonly<Record<EcgLead, number>> = { I: 0.16, II: 0.26, "EGM-A": 4, "EGM-V": 4 };
const FAR_FIELD = 0.25;
const SPIKE_MS = 2;

export class Ecg {
  readonly format: EcgFormat;
  private leads: readonly EcgLead[];
  private columns: readonly number[];
  private rateHz: number;
  private disturbances: Disturbances;
  private common: CommonMode;
  private random: Random;
  /** The noise of each lead. */
  private noise: number[];
  /** Steps a microvolt, of each lead. */
  private gains: number[];
  private waves: Wave[] = [];
  private spikes: { at: number; heights: readonly number[] }[] = [];
  private ventricularMs: number | undefined;
  private next = 0;

  /** @throws VagusError `cardiac/parameter` */
  constructor({ rateHz = 250, channels: leads = ["II"], seed = 1, disturbances }: EcgOptions = {}) {
    if (!Number.isInteger(rateHz) || rateHz < 100 || rateHz > 1000)
      throw new VagusError("cardiac/parameter", `expected a rate of 100 to 1,000 Hz, came ${rateHz}`);
    const known = leads.filter((lead, index) => ECG_LEADS.includes(lead) && leads.indexOf(lead) === index);
    if (leads.length === 0 || known.length < leads.length)
      throw new VagusError(
        "cardiac/parameter",
        `expected some of ${ECG_LEADS.join(", ")}, came ${leads.join(", ")}`,
      );
    this.format = { rateHz, channels: leads, nanovoltsPerStep: NANOVOLTS_PER_STEP };
    this.leads = leads;
    this.columns = leads.map(columnOf);
    this.rateHz = rateHz;
    this.disturbances = QUIET;
    if (disturbances) this.disturb(disturbances);
    this.common = new CommonMode(rateHz);
    this.random = new Random(Math.imul(~seed, 0x9e3779b1));
    this.noise = leads.map(() => this.random.next());
    this.gains = leads.map(() => STEPS_PER_UV);
  }

  /** Index of the sample that `draw` gives next. */
  get nextSample(): number {
    return this.next;
  }

  /** Until when everything must have been added before `draw(count)`, in ms. */
  knownMs(count: number): number {
    return Math.ceil(((this.next + count) * 1000) / this.rateHz) + LEAD_MS;
  }

  /** Switches disturbances on and off; what is not named stays. @throws VagusError `cardiac/parameter` */
  disturb(disturbances: Partial<Disturbances>): void {
    const wanted = { ...this.disturbances, ...disturbances };
    checkDisturbances(wanted);
    this.disturbances = wanted;
  }

  /** How much of a chamber's waves its electrogram sees from now on: 1 with a good lead. */
  tune(chamber: Chamber, part: number): void {
    const index = this.leads.indexOf(ownLead(chamber));
    if (index >= 0) this.gains[index] = part * STEPS_PER_UV;
  }

  /** All of an event's waves, the earliest of which begins `LEAD_MS` before it. */
  add(event: Depolarisation): void {
    const { kernels, repolarisation } = shapeOf(event);
    const fibrillates = event.origin === "fibrillation";
    const gain = fibrillates ? this.random.between(0.3, 1.2) * (this.random.next() < 0 ? -1 : 1) : 1;
    this.addWaves(kernels, event.atMs, 1, gain);
    if (event.chamber === "atrium") return;
    const intervalMs = event.atMs - (this.ventricularMs ?? event.atMs - 700);
    this.ventricularMs = event.atMs;
    const stretch = Math.sqrt(Math.max(0.35, Math.min(1.5, intervalMs / 1000)));
    if (repolarisation !== undefined) this.addWaves(repolarisation, event.atMs, stretch, 1);
  }

  /** A pacing pulse, whether or not it captures. */
  addSpike(chamber: Chamber, atMs: number, amplitudeMv: number): void {
    const own = ownLead(chamber);
    const heights = this.leads.map((lead) => {
      const field = isSurface(lead) || lead === own ? 1 : FAR_FIELD;
      return SPIKE[lead] * field * amplitudeMv * STEPS_PER_UV;
    });
    this.addPulse(atMs, heights);
  }

  /** What a broken lead picks up: a pulse in its own electrogram alone, upwards or downwards. */
  addArtefact(chamber: Chamber, atMs: number, amplitudeUv: number): void {
    const own = ownLead(chamber);
    if (!this.leads.includes(own)) return;
    const height = Math.sign(this.random.next()) * amplitudeUv * STEPS_PER_UV;
    this.addPulse(
      atMs,
      this.leads.map((lead) => (lead === own ? height : 0)),
    );
  }

  /** The next samples, an array for each lead. */
  draw(count: number): Int16Array[] {
    const common = this.common.draw(count, this.disturbances, STEPS_PER_UV);
    const sums = this.leads.map((lead) =>
      common !== undefined && isSurface(lead) ? common.slice() : new Float64Array(count),
    );
    const first = this.next;
    this.waves = this.waves.filter((it) => draw(it, sums, first));
    if (this.spikes.length > 0) this.drawSpikes(sums, count);
    this.next += count;
    return sums.map((lead, index) => this.round(index, lead));
  }

  private addPulse(atMs: number, heights: readonly number[]): void {
    this.spikes.push({ at: Math.ceil((atMs * this.rateHz) / 1000), heights });
  }

  private addWaves(kernels: readonly Kernel[], atMs: number, stretch: number, gain: number): void {
    const waves = this.waves;
    const columns = this.columns;
    const gains = this.gains;
    const samplesPerMs = this.rateHz / 1000;
    for (let index = 0; index < kernels.length; index++) {
      const kernel = kernels[index]!;
      const middle = (atMs + kernel[0] * stretch) * samplesPerMs;
      const sigma = kernel[1] * stretch * samplesPerMs;
      let waiting = -1;
      let waitingHeight = 0;
      for (let lead = 0; lead < columns.length; lead++) {
        const uv = kernel[columns[lead]!]!;
        if (uv === 0) continue;
        const height = uv * gain * gains[lead]!;
        if (waiting < 0) {
          waiting = lead;
          waitingHeight = height;
        } else {
          waves.push(wave(middle, sigma, waiting, waitingHeight, lead, height));
          waiting = -1;
        }
      }
      if (waiting >= 0) waves.push(wave(middle, sigma, waiting, waitingHeight, -1, 0));
    }
  }

  private drawSpikes(sums: readonly Float64Array[], count: number): void {
    const wide = Math.max(1, Math.round((SPIKE_MS * this.rateHz) / 1000));
    const end = this.next + count;
    for (const { at, heights } of this.spikes)
      for (let n = Math.max(at, this.next); n < Math.min(at + wide, end); n++)
        for (const [lead, height] of heights.entries()) sums[lead]![n - this.next]! += height;
    this.spikes = this.spikes.filter(({ at }) => at + wide > end);
  }

  /** To whole steps, with the muscles' noise, which each lead has of its own. */
  private round(lead: number, sums: Float64Array): Int16Array {
    const count = sums.length;
    const samples = new Int16Array(count);
    const spread = 2 * this.disturbances.muscleUv * STEPS_PER_UV;
    const scale = spread / 65536;
    // Above 0, the conversion to 16 bits, which cuts off what is behind the point, rounds to the nearest step.
    const bias = 65536.5 - spread / 2;
    let noise = this.noise[lead]!;
    if (count === 0) return samples;
    let i = 0;
    do {
      samples[i] = sums[i]! + (noise >>> 16) * scale + bias;
      // Marsaglia's congruential generator; the product has less than 53 bits, so it is exact.
      noise = (noise * 69069 + 1) | 0;
    } while (++i < count);
    this.noise[lead] = noise;
    return samples;
  }
}
