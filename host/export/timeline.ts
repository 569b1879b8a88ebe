/**
 * A stored ECG as one line of time, counted in samples from its first: runs of samples without a break, and what is missing
 * between them. Within one boot of the device the sensor's own count of samples says how long a break was. From boot to boot
 * only its clock does, in whole seconds, and where that has fallen back nothing does: between boots there is always a break.
 */
import type { Marker } from "../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../modules/error/index.js";
import {
  type AcceptedToken,
  STREAM,
  type StreamFormat,
  type Uncertainty,
} from "../../modules/reading/index.js";

/** What exporters need of a stream's format. */
export type Format = Pick<StreamFormat, "rateHz" | "nanovoltsPerStep" | "channels">;

export interface Run {
  /** On the line. */
  readonly at: number;
  readonly samples: number;
}

/** Nothing between two runs, and why. */
export interface Break {
  readonly at: number;
  readonly samples: number;
  /** The device declared that it no longer has it; otherwise it was not recorded, or did not come. */
  readonly declared: boolean;
  /** The device was restarted: how long the break was is not known but by its clock, which may have fallen back. */
  readonly restarted?: boolean;
}

/** A restart is drawn so long at the least, in seconds: beats before and behind it are not neighbours. */
const RESTART_S = 1;

/** Samples of one reading. */
export interface Piece {
  readonly at: number;
  readonly channels: readonly Int16Array[];
}

export interface Placed {
  /** On the line, in samples; may lie within one. */
  readonly at: number;
  readonly marker: Marker;
}

/** The first and the last readings' places, and what the device's boots had counted when the line began. */
export class Timeline {
  format: Format | undefined;
  /** Seconds since 1970 of the first sample, by the device's clock, and how much later it may truly have been. */
  startedAt = 0;
  uncertainty: Uncertainty = 0;
  readonly runs: Run[] = [];
  readonly breaks: Break[] = [];
  readings = 0;
  /** For each boot: what has to be added to its count of samples. */
  readonly #offsets = new Map<number, number>();
  #next = 0;
  #pending: Format | undefined;
  #declared = false;
  #restarted = false;

  /** Where a sample that a boot counted so is on the line; undefined for a boot without ECG. */
  place(boot: number, sample: number): number | undefined {
    const offset = this.#offsets.get(boot);
    return offset === undefined ? undefined : sample + offset;
  }

  /**
   * The samples of a token, where it has any.
   * @throws VagusError `host/export` where the format changes: one file has one
   */
  add(token: AcceptedToken): Piece | undefined {
    if (token.kind === "gap") {
      this.#declared = true;
      if (token.format !== undefined) this.#pending = token.format;
    }
    if (token.kind === "header") this.#pending = token.format;
    if (token.kind !== "reading" || token.stream !== STREAM.ecg) return undefined;
    const { cti, iat, uncertainty, firstSample, channels } = token;
    const samples = channels[0]!.length;
    this.#formatted();
    const { rateHz } = this.format!;
    if (this.readings === 0) {
      this.startedAt = iat - Math.round(samples / rateHz);
      this.uncertainty = uncertainty;
      this.#offsets.set(cti.boot, -firstSample);
    } else if (!this.#offsets.has(cti.boot)) {
      const byClock = Math.round((iat - this.startedAt) * rateHz - samples);
      this.#offsets.set(cti.boot, Math.max(this.#next + RESTART_S * rateHz, byClock) - firstSample);
      this.#restarted = true;
    }
    const at = this.place(cti.boot, firstSample)!;
    if (at < this.#next) {
      throw new VagusError("host/export", `expected samples from ${this.#next} on, came ${at}`);
    }
    this.#append(at, samples);
    return { at, channels };
  }

  /** Samples from the first to the last, breaks among them. */
  get length(): number {
    return this.#next;
  }

  #append(at: number, samples: number): void {
    const last = this.runs.at(-1);
    if (last !== undefined && last.at + last.samples === at) {
      this.runs[this.runs.length - 1] = { at: last.at, samples: last.samples + samples };
    } else {
      if (last !== undefined) {
        const restarted = this.#restarted && { restarted: true };
        this.breaks.push({
          at: this.#next,
          samples: at - this.#next,
          declared: this.#declared,
          ...restarted,
        });
      }
      this.runs.push({ at, samples });
    }
    this.#declared = false;
    this.#restarted = false;
    this.#next = at + samples;
    this.readings++;
  }

  #formatted(): void {
    const came = this.#pending;
    if (came === undefined) return;
    this.#pending = undefined;
    const before = this.format;
    const { rateHz, nanovoltsPerStep, channels } = came;
    this.format ??= { rateHz, nanovoltsPerStep, channels };
    if (before === undefined || inWords(before) === inWords(came)) return;
    throw new VagusError(
      "host/export",
      `expected ${inWords(before)} throughout, came ${inWords(came)} after ${(this.#next / before.rateHz).toFixed(0)} s: --from and --to choose a part`,
    );
  }
}

export function inWords({ rateHz, nanovoltsPerStep, channels }: Format): string {
  return `${channels.join(", ")} at ${rateHz} Hz, ${nanovoltsPerStep} nV a step`;
}
