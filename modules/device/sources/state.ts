import { batteryLeft, batteryStatus } from "../../cardiac/battery/index.js";
import type { Chamber, Implant } from "../../cardiac/index.js";
import type { Journal } from "../../journal/index.js";
import { type DeviceState, encodeDeviceState, type StreamFormat } from "../../reading/index.js";
import type { Clock } from "../ports.js";
import type { StreamSource } from "./source.js";

/** A step is a millisecond of the device's uptime. */
const FORMAT: StreamFormat = { rateHz: 1000, nanovoltsPerStep: 1, channels: ["state"] };
/** Told so often where nothing has changed. */
const REPORT_MS = 60_000;

export interface StateOptions {
  readonly clock: Clock;
  readonly implant: Implant | undefined;
  readonly journal: () => Journal;
  readonly boot: number;
  readonly epoch: () => number;
}

/** Stream 3: how the device is, at the start, when that changes, and each minute. */
export class StateSource implements StreamSource {
  readonly format = FORMAT;
  readonly paced = true;
  readonly late = false;
  next = 0;
  private options: StateOptions;
  private readingMs = 0;
  private reportAtMs = 0;
  private lookAtMs = 0;
  /** What would be worth a report, as it was told. */
  private told = "";

  constructor(options: StateOptions) {
    this.options = options;
  }

  begin(readingMs: number): void {
    this.readingMs = readingMs;
    this.next = this.nowMs;
    this.reportAtMs = this.next;
    this.lookAtMs = this.next;
  }

  dueInMs(): number {
    const { nowMs } = this;
    if (this.reportAtMs <= this.next) return nowMs > this.next ? 0 : 1;
    return Math.max(0, Math.min(this.reportAtMs, this.lookAtMs) - nowMs);
  }

  take(): Uint8Array | undefined {
    const { nowMs, next } = this;
    const worth = this.worth();
    this.lookAtMs = nowMs + this.readingMs;
    if (nowMs <= next || (worth === this.told && nowMs < this.reportAtMs)) return undefined;
    const block = encodeDeviceState(nowMs - next, this.state());
    this.told = worth;
    this.next = nowMs;
    this.reportAtMs = nowMs + REPORT_MS;
    return block;
  }

  private get nowMs(): number {
    return Math.floor(this.options.clock.monotonicMs());
  }

  private worth(): string {
    const { implant, epoch } = this.options;
    if (implant === undefined) return `${epoch()}`;
    const [atrium, ventricle] = [implant.lead("atrium"), implant.lead("ventricle")];
    const leads = [atrium.impedanceOhm, ventricle.impedanceOhm, atrium.signalUv, ventricle.signalUv];
    return `${epoch()} ${batteryStatus(implant.battery)} ${leads}`;
  }

  private state(): DeviceState {
    const { implant, journal, boot, epoch } = this.options;
    const { usedBytes, capacityBytes } = journal();
    const lead = (of: Implant, chamber: Chamber) => {
      const { impedanceOhm, signalUv } = of.lead(chamber);
      return { impedanceOhm: Math.round(impedanceOhm), signalUv: Math.round(signalUv) };
    };
    return {
      battery: implant && {
        status: batteryStatus(implant.battery),
        leftPermille: Math.round(1000 * batteryLeft(implant.battery)),
      },
      leads: implant && { atrium: lead(implant, "atrium"), ventricle: lead(implant, "ventricle") },
      journal: { usedBytes, capacityBytes },
      boot,
      epoch: epoch(),
    };
  }
}
