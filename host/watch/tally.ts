import { type AcceptedToken, STREAM, type StreamFormat } from "../../modules/reading/index.js";
import { QrsDetector } from "../ecg/qrs.js";
import type { MonitorEvent } from "../programmer/monitor.js";

/** What has come of the ECG, counted and measured; what is missing is counted apart. */
export class WatchTally {
  #qrs: QrsDetector | undefined;
  format: StreamFormat | undefined;
  samples = 0;
  readings = 0;
  gaps = 0;
  holes = 0;
  lostLinks = 0;
  sessions = 0;
  last: AcceptedToken | undefined;

  event(event: MonitorEvent): void {
    if (event.kind === "link" && event.event.kind === "lost") this.lostLinks++;
    if (event.kind === "authenticated") this.sessions++;
    if (event.kind === "token") this.#token(event);
  }

  /** Beats a minute of what came last; undefined where there is none to be told. */
  get heartRate(): number | undefined {
    return this.#qrs?.heartRate;
  }

  /** That came and were verified. */
  get seconds(): number {
    return this.format === undefined ? 0 : this.samples / this.format.rateHz;
  }

  #token({ token, stream, format }: Extract<MonitorEvent, { kind: "token" }>): void {
    if (token.kind === "gap") this.gaps++;
    if ("hole" in token && token.hole !== undefined) this.holes++;
    if (token.kind === "reading") this.readings++;
    if (stream !== STREAM.ecg || format === undefined) return;
    this.last = token;
    if (this.#qrs === undefined || token.kind === "header" || token.kind === "gap") {
      this.format = format;
      this.#qrs = new QrsDetector(format);
    }
    if (token.kind !== "reading" || token.stream !== STREAM.ecg) return;
    this.samples += token.channels[0]!.length;
    this.#qrs.push(token.channels[0]!);
  }
}
