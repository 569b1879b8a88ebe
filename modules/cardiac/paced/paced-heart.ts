/**
 * A patient with a pacemaker, as a source of samples that goes on living: the heart, the leads that sense it and pulse it,
 * the pacer, the battery, and the ECG of all that. What is paced depends on these and on nothing else; no credential,
 * link, flash or clock is known here.
 *
 *              sense                          what happened
 *   Heart ───> leads ───> pacer        Heart ──────────────┐
 *     ^                     │                              v
 *     └─ captured? ─ leads ─┴─ pulse ─ battery     spike  ECG ──> samples
 */
import { VagusError } from "../../error/index.js";
import { type Battery, batteryStatus, createBattery, drainByPulse, drainByTime } from "../battery/index.js";
import { Ecg, type EcgOptions } from "../ecg/ecg.js";
import { checkRead, readOn } from "../ecg/live.js";
import { Random } from "../exact.js";
import { Heart } from "../heart/heart.js";
import type { Depolarisation, HeartOptions } from "../heart/types.js";
import type { Observation } from "../leads/index.js";
import { captures, HEALTHY, isSensed, type Lead, noiseIntervalMs, signalUv } from "../leads/index.js";
import {
  type Chamber,
  createPacer,
  type Marker,
  NOMINAL,
  type Pace,
  type PacerEvent,
  type PacerState,
  type PacingParameters,
  pacerStep,
  parametersInForce,
} from "../pacer/index.js";
import type { EcgFormat, SampleSource } from "../sensor.js";

export interface PacedHeartOptions extends HeartOptions, EcgOptions {
  /** As programmed; nominal where not given. */
  readonly parameters?: PacingParameters;
  readonly leads?: Readonly<Record<Chamber, Lead>>;
  readonly battery?: Battery;
  /** Told of every pulse and every wave that a lead measures: what follow-up tests look at. */
  readonly observe?: (observation: Observation, atMs: number) => void;
}

/** What may be told to the pacer from outside: everything but what the leads and the clock tell it. */
export type Instruction = Exclude<PacerEvent, { type: "sense" | "tick" | "battery" }>;

/** Markers kept for whoever takes them; then the oldest go. */
const MOST_MARKERS = 256;

/** How large an electrode's signal is beside that of a conducted beat. */
const SIGNAL: Partial<Record<Depolarisation["origin"], number>> = {
  fibrillation: 0.35,
  retrograde: 0.8,
  ectopic: 0.9,
};

export class PacedHeart implements SampleSource {
  readonly format: EcgFormat;
  readonly length = Infinity;
  #heart: Heart;
  #ecg: Ecg;
  #pacer: PacerState;
  #deadlineMs: number;
  #leads: Record<Chamber, Lead>;
  #battery: Battery;
  #random: Random;
  #observe: PacedHeartOptions["observe"];
  #markers: Marker[] = [];
  /** When each lead's noise is taken for a signal next. */
  #noiseMs: Record<Chamber, number> = { atrium: Infinity, ventricle: Infinity };
  #nowMs = 0;

  /** @throws VagusError `cardiac/parameter` */
  constructor(options: PacedHeartOptions = {}) {
    const { parameters = NOMINAL, leads = HEALTHY, battery = createBattery(), seed = 1, observe } = options;
    this.#heart = new Heart(options);
    this.#ecg = new Ecg(options);
    this.format = this.#ecg.format;
    this.#pacer = createPacer(parameters, 0, batteryStatus(battery));
    this.#deadlineMs = 0;
    this.#leads = { ...leads };
    this.#battery = battery;
    this.#random = new Random(Math.imul(seed, 0x85ebca6b));
    this.#observe = observe;
    this.#listenToNoise();
  }

  /** Until when this patient has lived, in ms since the start; some 100 ms ahead of the samples that were read. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get battery(): Battery {
    return this.#battery;
  }

  /** Those in force, whatever set them. */
  get parameters(): PacingParameters {
    return parametersInForce(this.#pacer);
  }

  get pacer(): PacerState {
    return this.#pacer;
  }

  /**
   * Samples as they come; those between the last read and `first` are lived through and dropped.
   *
   * @throws VagusError `cardiac/parameter` for samples that have been read: a life is not lived twice
   */
  read(first: number, count: number): Int16Array[] {
    checkRead(first, count);
    if (first < this.#ecg.nextSample)
      throw new VagusError(
        "cardiac/parameter",
        `expected samples from ${this.#ecg.nextSample}, came ${first}`,
      );
    return readOn(this.#ecg, (untilMs) => this.#live(untilMs), first, count);
  }

  /** The markers before sample `end`, in order; each is given once. */
  takeMarkers(end: number): Marker[] {
    const endMs = (end * 1000) / this.format.rateHz;
    const taken = this.#markers.filter(({ atMs }) => atMs < endMs);
    this.#markers = this.#markers.filter(({ atMs }) => atMs >= endMs);
    return taken;
  }

  /** @throws VagusError as `pacerStep`; then nothing has changed */
  instruct(instruction: Instruction): void {
    this.#step(instruction);
  }

  /** Another rhythm from now on. @throws VagusError `cardiac/parameter` */
  become(rhythm: string, bpm?: number): void {
    this.#heart.become(rhythm, bpm);
  }

  /** @throws VagusError `cardiac/parameter` */
  disturb(disturbances: Parameters<Ecg["disturb"]>[0]): void {
    this.#ecg.disturb(disturbances);
  }

  lead(chamber: Chamber): Lead {
    return this.#leads[chamber];
  }

  setLead(lead: Lead): void {
    this.#leads[lead.chamber] = lead;
    this.#listenToNoise();
  }

  /** The radio took this much: `drainByRadio` tells how much is left. */
  setBattery(battery: Battery): void {
    this.#battery = battery;
  }

  #live(untilMs: number): void {
    this.#battery = drainByTime(this.#battery, untilMs - this.#nowMs);
    for (;;) {
      const { atrium, ventricle } = this.#noiseMs;
      const heartMs = this.#heart.nextMs;
      const nextMs = Math.min(heartMs, this.#deadlineMs, atrium, ventricle);
      if (nextMs > untilMs) break;
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      // What the heart does in the same ms comes first, as a sense may inhibit the pace.
      if (heartMs === nextMs) for (const event of this.#heart.advance(nextMs)) this.#happen(event);
      else if (this.#deadlineMs === nextMs) this.#step({ type: "tick" });
      else this.#hearNoise(atrium === nextMs ? "atrium" : "ventricle");
    }
    this.#heart.advance(untilMs);
    this.#nowMs = untilMs;
    this.#tellBattery();
  }

  #happen(event: Depolarisation): void {
    this.#ecg.add(event);
    const { chamber, origin } = event;
    const amplitudeUv = signalUv(this.#leads[chamber], this.#random.between(-1, 1)) * (SIGNAL[origin] ?? 1);
    this.#observe?.({ type: "signal", chamber, amplitudeUv }, this.#nowMs);
    if (isSensed(amplitudeUv, this.#sensitivityUv(chamber))) this.#step({ type: "sense", chamber });
  }

  #hearNoise(chamber: Chamber): void {
    this.#step({ type: "sense", chamber });
    this.#noiseMs[chamber] += noiseIntervalMs(this.#leads[chamber], this.#sensitivityUv(chamber));
  }

  #listenToNoise(): void {
    for (const chamber of ["atrium", "ventricle"] as const)
      this.#noiseMs[chamber] =
        this.#nowMs + noiseIntervalMs(this.#leads[chamber], this.#sensitivityUv(chamber));
  }

  #sensitivityUv(chamber: Chamber): number {
    const { atrialSensitivityUv, ventricularSensitivityUv } = this.parameters;
    return chamber === "atrium" ? atrialSensitivityUv : ventricularSensitivityUv;
  }

  #step(event: PacerEvent): void {
    const before = this.parameters;
    const { state, outputs, deadlineMs } = pacerStep(this.#pacer, event, this.#nowMs);
    this.#pacer = state;
    this.#deadlineMs = deadlineMs;
    for (const output of outputs) {
      if (output.type === "pace") this.#pulse(output);
      else this.#markers.push(output);
    }
    if (this.#markers.length > MOST_MARKERS) this.#markers.shift();
    if (this.parameters !== before) this.#listenToNoise();
  }

  #pulse({ chamber, amplitudeMv, widthUs }: Pace): void {
    if (amplitudeMv === 0 || widthUs === 0) return;
    const lead = this.#leads[chamber];
    const pulse = { amplitudeMv, widthUs };
    this.#battery = drainByPulse(this.#battery, pulse, lead.impedanceOhm);
    this.#ecg.addSpike(chamber, this.#nowMs, amplitudeMv);
    const captured = captures(lead, pulse) && this.#heart.stimulate(chamber, this.#nowMs);
    if (captured) this.#ecg.add({ chamber, atMs: this.#nowMs, origin: "paced" });
    const { impedanceOhm } = lead;
    this.#observe?.({ type: "pulse", chamber, amplitudeMv, captured, impedanceOhm }, this.#nowMs);
  }

  #tellBattery(): void {
    const status = batteryStatus(this.#battery);
    if (status !== this.#pacer.battery) this.#step({ type: "battery", status });
  }
}
