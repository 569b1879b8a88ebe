/** What has come of the device: its heart, its state, and how much that was. */
import {
  type AcceptedReading,
  type AcceptedToken,
  type DeviceState,
  STREAM,
} from "../../../modules/reading/index.js";
import type { Clock } from "../../link/radio.js";
import type { Chart } from "./chart.js";
import type { Following } from "./following.js";
import { HeartTrace } from "./heart-trace.js";

export interface Counts {
  readings: number;
  refused: number;
  /** Readings that are known to be gone for good. */
  gone: number;
  reconnections: number;
}

export interface ReceivedOptions {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly chart: Chart;
  readonly following: Following;
  /** Other parameters have come into force on the device. */
  readonly reprogrammed?: () => void;
}

export class Received {
  readonly #options: ReceivedOptions;
  readonly counts: Counts = { readings: 0, refused: 0, gone: 0, reconnections: 0 };
  heart: HeartTrace | undefined;
  state: DeviceState | undefined;
  lastReadingAt: number | undefined;

  constructor(options: ReceivedOptions) {
    this.#options = options;
  }

  take(token: AcceptedToken): void {
    if ("hole" in token && token.hole !== undefined)
      this.#gap("Readings are missing that nobody accounted for");
    if (token.kind === "gap") this.#gap("Readings that the device no longer has");
    else if (token.kind === "reading") this.#read(token);
    else if (token.kind === "header" && token.cti.stream === STREAM.ecg)
      this.heart = this.#continued(token.format);
  }

  #read(reading: AcceptedReading): void {
    const { clock, now, following, reprogrammed } = this.#options;
    this.counts.readings++;
    if (reading.stream === STREAM.ecg) {
      this.lastReadingAt = now();
      const { rateHz } = this.heart?.format ?? { rateHz: 1000 };
      following.heard(reading.cti, ((reading.nextSample - reading.firstSample) * 1000) / rateHz);
      this.heart?.read(reading.firstSample, reading.channels, clock.nowMs());
    } else if (reading.stream === STREAM.pacing) {
      this.heart?.mark(reading.markers);
      if (reading.inForce.length > 0) reprogrammed?.();
    } else this.state = reading.state;
  }

  /** The same trace goes on where the format is the same and time does. */
  #continued(format: HeartTrace["format"] & { readonly firstSample: number }): HeartTrace {
    const { heart } = this;
    const { rateHz, nanovoltsPerStep, channels, firstSample } = format;
    const same =
      heart?.format.rateHz === rateHz &&
      heart.format.nanovoltsPerStep === nanovoltsPerStep &&
      heart.format.channels.join() === channels.join() &&
      firstSample >= heart.buffer.end;
    return same ? heart : new HeartTrace({ rateHz, nanovoltsPerStep, channels });
  }

  #gap(text: string): void {
    this.counts.gone++;
    this.#options.chart.note("reading", text);
  }
}
