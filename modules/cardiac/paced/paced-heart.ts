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
import {
  type Battery,
  batteryStatus,
  createBattery,
  drainByPulse,
  drainByRadio,
  drainByTime,
} from "../battery/index.js";
import type { InForce } from "../codec/index.js";
import { Ecg, type EcgOptions, LEAD_MS } from "../ecg/ecg.js";
import { checkRead, readOn } from "../ecg/live.js";
import { Random } from "../exact.js";
import { Heart } from "../heart/heart.js";
import type { Depolarisation, HeartOptions } from "../heart/types.js";
import type { Implant, Instruction, Observer } from "../implant.js";
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
import type { Therapy } from "../pacer/therapy.js";
import type { EcgFormat, SampleSource } from "../sensor.js";
import { Kept } from "./kept.js";
import { Markers } from "./markers.js";

/** Changes that wait for whoever takes them; then the oldest go. */
const MOST_CHANGES = 7;

export interface PacedHeartOptions extends HeartOptions, EcgOptions {
  /** As programmed; nominal where not given. */
  readonly parameters?: PacingParameters;
  readonly leads?: Readonly<Record<Chamber, Lead>>;
  readonly battery?: Battery;
  /** Told of every pulse and every wave that a lead measures: what follow-up tests look at. */
  readonly observe?: Observer;
}

/** Samples that nobody has read wait so long: the longest reading, and two seconds for whoever comes late. */
const KEPT_MS = 6000;
/** How far it lives at a stroke where nobody reads, and how much is drawn then. */
const STROKE_MS = 250;

/** How large an electrode's signal is beside that of a conducted beat. */
const SIGNAL: Partial<Record<Depolarisation["origin"], number>> = {
  fibrillation: 0.35,
  retrograde: 0.8,
  ectopic: 0.9,
};

export class PacedHeart implements SampleSource, Implant {
  readonly format: EcgFormat;
  readonly length = Infinity;
  private heart: Heart;
  private ecg: Ecg;
  private state: PacerState;
  private deadlineMs: number;
  private leads: Record<Chamber, Lead>;
  private charge: Battery;
  private random: Random;
  private observe: Observer | undefined;
  private markers = new Markers();
  private kept: Kept;
  /** Does somebody look on? Then what is read is kept as well. */
  private lookedAt = false;
  /** When each lead's noise is taken for a signal next. */
  private noiseMs: Record<Chamber, number> = { atrium: Infinity, ventricle: Infinity };
  private livedMs = 0;
  /** Since when what is in force is. */
  private sinceMs = 0;
  private changes: InForce[] = [];
  /** Told of each marker as it is made, some 100 ms before the samples of its time. */
  marked: (marker: Marker) => void = () => {};

  /** @throws VagusError `cardiac/parameter` */
  constructor(options: PacedHeartOptions = {}) {
    const { parameters = NOMINAL, leads = HEALTHY, battery = createBattery(), seed = 1, observe } = options;
    this.heart = new Heart(options);
    this.ecg = new Ecg(options);
    this.format = this.ecg.format;
    const { channels, rateHz } = this.format;
    this.kept = new Kept(channels.length, Math.ceil((KEPT_MS * rateHz) / 1000));
    this.state = createPacer(parameters, 0, batteryStatus(battery));
    this.deadlineMs = 0;
    this.leads = { ...leads };
    this.charge = battery;
    this.random = new Random(Math.imul(seed, 0x85ebca6b));
    this.observe = observe;
    for (const lead of Object.values(leads)) this.setLead(lead);
  }

  get nowMs(): number {
    return this.livedMs;
  }

  get battery(): Battery {
    return this.charge;
  }

  get parameters(): PacingParameters {
    return parametersInForce(this.state);
  }

  get therapy(): Therapy {
    return this.state;
  }

  get pacer(): PacerState {
    return this.state;
  }

  /** The first sample that is not drawn yet. */
  get end(): number {
    return this.ecg.nextSample;
  }

  /** The first sample that can still be read. */
  get oldestSample(): number {
    return this.ecg.nextSample - this.kept.count;
  }

  /**
   * Samples as they come; those between the last read and `first` are lived through and dropped.
   *
   * @throws VagusError `cardiac/parameter` for samples that have been read, or that nobody read for 6 s: a life is not
   *   lived twice
   */
  read(first: number, count: number): Int16Array[] {
    checkRead(first, count);
    if (first < this.oldestSample)
      throw new VagusError("cardiac/parameter", `expected samples from ${this.oldestSample}, came ${first}`);
    const on = (from: number, samples: number) => {
      const drawn = readOn(this.ecg, (untilMs) => this.live(untilMs), from, samples);
      if (this.lookedAt) this.kept.pass(from, drawn);
      return drawn;
    };
    if (this.kept.count === 0) return on(first, count);
    const whole = this.format.channels.map(() => new Int16Array(count));
    const taken = this.kept.take(first, whole);
    if (taken < count)
      for (const [lead, rest] of on(first + taken, count - taken).entries()) whole[lead]!.set(rest, taken);
    return whole;
  }

  /**
   * For whoever only looks on: copies the samples from `first` on into these, as many as have been drawn in the last seconds.
   * Whoever reads has them all the same.
   * @returns how many; 0 where the first of them is not there, and before anybody has looked
   */
  look(first: number, channels: readonly Int16Array[]): number {
    this.lookedAt = true;
    return this.kept.look(first, channels);
  }

  liveUntil(ms: number): void {
    const until = Math.floor(ms);
    if (until === Infinity) return;
    while (this.livedMs < until) {
      this.live(Math.min(until, this.livedMs + STROKE_MS));
      const { nextSample, format } = this.ecg;
      const { rateHz } = format;
      const count = Math.floor(((this.livedMs - LEAD_MS) * rateHz) / 1000) - nextSample;
      if (count * 1000 >= STROKE_MS * rateHz) this.kept.add(nextSample, this.ecg.draw(count));
    }
  }

  get lostMs(): number {
    return this.markers.lostMs;
  }

  takeMarkers(untilMs: number): Marker[] {
    return this.markers.take(untilMs);
  }

  get inForce(): InForce {
    const { temporary, paceNow, magnet } = this.therapy;
    const { sinceMs, parameters } = this;
    return { atMs: sinceMs, parameters, temporary: temporary !== undefined, paceNow, magnet };
  }

  takeChanges(untilMs: number): InForce[] {
    const later = this.changes.findIndex(({ atMs }) => atMs >= untilMs);
    return this.changes.splice(0, later < 0 ? this.changes.length : later);
  }

  watch(observer: Observer | undefined): void {
    this.observe = observer;
  }

  radiated(octets: number): void {
    this.charge = drainByRadio(this.charge, octets);
  }

  /** What is programmed before it lives is in force from the start. */
  instruct(instruction: Instruction): void {
    const { magnet, paceNow } = this.state;
    const begins = this.livedMs === 0 && !magnet && !paceNow;
    if (begins && instruction.type === "program" && !instruction.temporary) {
      this.state = createPacer(instruction.parameters, 0, this.state.battery);
      this.listenToNoise();
    } else this.step(instruction);
  }

  /** Another rhythm from now on. @throws VagusError `cardiac/parameter` */
  become(rhythm: string, bpm?: number): void {
    this.heart.become(rhythm, bpm);
  }

  /** @throws VagusError `cardiac/parameter` */
  disturb(disturbances: Parameters<Ecg["disturb"]>[0]): void {
    this.ecg.disturb(disturbances);
  }

  lead(chamber: Chamber): Lead {
    return this.leads[chamber];
  }

  /** Another lead, or the same with a fault: sensing, capture and its electrogram follow. */
  setLead(lead: Lead): void {
    this.leads[lead.chamber] = lead;
    this.ecg.tune(lead.chamber, lead.signalUv / HEALTHY[lead.chamber].signalUv);
    this.listenToNoise();
  }

  /** Another battery. */
  setBattery(battery: Battery): void {
    this.charge = battery;
  }

  private live(untilMs: number): void {
    if (untilMs <= this.livedMs) return;
    this.charge = drainByTime(this.charge, untilMs - this.livedMs);
    for (;;) {
      const { atrium, ventricle } = this.noiseMs;
      const heartMs = this.heart.nextMs;
      const nextMs = Math.min(heartMs, this.deadlineMs, atrium, ventricle);
      if (nextMs > untilMs) break;
      this.livedMs = Math.max(this.livedMs, Math.ceil(nextMs));
      // What the heart does in the same ms comes first, as a sense may inhibit the pace.
      if (heartMs === nextMs) for (const event of this.heart.advance(nextMs)) this.happen(event);
      else if (this.deadlineMs === nextMs) this.step({ type: "tick" });
      else this.hearNoise(atrium === nextMs ? "atrium" : "ventricle");
    }
    this.heart.advance(untilMs);
    this.livedMs = untilMs;
    this.tellBattery();
  }

  private happen(event: Depolarisation): void {
    this.ecg.add(event);
    const { chamber, origin } = event;
    const amplitudeUv = signalUv(this.leads[chamber], this.random.between(-1, 1)) * (SIGNAL[origin] ?? 1);
    this.observe?.({ type: "signal", chamber, amplitudeUv }, this.livedMs);
    if (isSensed(amplitudeUv, this.sensitivityUv(chamber))) this.step({ type: "sense", chamber });
  }

  private hearNoise(chamber: Chamber): void {
    const lead = this.leads[chamber];
    this.ecg.addArtefact(chamber, this.livedMs, lead.noiseUv);
    this.noiseMs[chamber] += Math.max(1, noiseIntervalMs(lead, this.sensitivityUv(chamber)));
    this.step({ type: "sense", chamber });
  }

  private listenToNoise(): void {
    for (const chamber of ["atrium", "ventricle"] as const)
      this.noiseMs[chamber] =
        this.livedMs + noiseIntervalMs(this.leads[chamber], this.sensitivityUv(chamber));
  }

  private sensitivityUv(chamber: Chamber): number {
    const { atrialSensitivityUv, ventricularSensitivityUv } = this.parameters;
    return chamber === "atrium" ? atrialSensitivityUv : ventricularSensitivityUv;
  }

  private step(event: PacerEvent): void {
    const before = this.parameters;
    const { state, outputs, deadlineMs } = pacerStep(this.state, event, this.livedMs);
    this.state = state;
    this.deadlineMs = deadlineMs;
    for (const output of outputs) {
      if (output.type === "pace") this.pulse(output);
      else {
        this.markers.add(output);
        this.marked(output);
      }
    }
    if (this.parameters === before) return;
    this.listenToNoise();
    this.sinceMs = this.livedMs;
    this.changes.push(this.inForce);
    if (this.changes.length <= MOST_CHANGES) return;
    this.changes.shift();
    this.markers.lostMs = Math.max(this.markers.lostMs, this.changes[0]!.atMs - 1); // from there it is known again
  }

  private pulse({ chamber, amplitudeMv, widthUs }: Pace): void {
    if (amplitudeMv === 0 || widthUs === 0) return;
    const lead = this.leads[chamber];
    const pulse = { amplitudeMv, widthUs };
    this.charge = drainByPulse(this.charge, pulse, lead.impedanceOhm);
    this.ecg.addSpike(chamber, this.livedMs, amplitudeMv);
    const captured = captures(lead, pulse) && this.heart.stimulate(chamber, this.livedMs);
    if (captured) this.ecg.add({ chamber, atMs: this.livedMs, origin: "paced" });
    const { impedanceOhm } = lead;
    this.observe?.({ type: "pulse", chamber, amplitudeMv, captured, impedanceOhm }, this.livedMs);
  }

  private tellBattery(): void {
    const status = batteryStatus(this.charge);
    if (status !== this.state.battery) this.step({ type: "battery", status });
  }
}
