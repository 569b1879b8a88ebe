import type { VagusError } from "../../modules/error/index.js";
import { type AcceptedToken, STREAM } from "../../modules/reading/index.js";
import type { TelemetryFigures } from "../programmer/telemetry.js";
import { LiveTrace } from "../trace/live-trace.js";
import { Screen } from "../trace/screen.js";
import type { DemoResult } from "./result.js";

export type DemoEvent =
  | { readonly kind: "connected"; readonly engine: string; readonly mtu: number; readonly source: string }
  | {
      readonly kind: "token";
      readonly token: AcceptedToken;
      readonly figures: TelemetryFigures | undefined;
      readonly heartRate: number | undefined;
      readonly seconds: number;
    }
  | { readonly kind: "refused"; readonly error: VagusError };

/** What shows a demo while it runs, and sums it up. `end` may come without a result, and twice. */
export interface View {
  event(event: DemoEvent): void;
  end(result?: DemoResult): void;
}

const FRAME_MS = 50;

/** The trace and its figures: a moving picture on a terminal, a line a second in a pipe. */
export class LiveView implements View {
  readonly #screen = new Screen(process.stdout);
  readonly #moving = process.stdout.isTTY === true;
  readonly #options: { ascii: boolean; fast: boolean };
  #trace: LiveTrace | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: Extract<DemoEvent, { kind: "token" }> | undefined;
  #about = "";
  #complaint = "";

  constructor(options: { ascii: boolean; fast: boolean }) {
    this.#options = options;
  }

  event(event: DemoEvent): void {
    if (event.kind === "connected") {
      this.#about = `device on ${event.engine} · ${event.source} · MTU ${event.mtu}`;
    } else if (event.kind === "refused") {
      this.#complaint = `refused: ${event.error.message}`;
    } else {
      this.#state = event;
      this.#token(event.token);
    }
  }

  end(result?: DemoResult): void {
    if (this.#timer !== undefined) clearInterval(this.#timer);
    this.#timer = undefined;
    this.#screen.end();
    if (result !== undefined) process.stdout.write(`${summaryOf(result).join("\n")}\n`);
  }

  #token(token: AcceptedToken): void {
    if (token.kind === "header") {
      const { rateHz, nanovoltsPerStep } = token.format;
      this.#trace = new LiveTrace({ rateHz, nanovoltsPerStep, seconds: 6, ascii: this.#options.ascii });
      if (this.#moving) this.#timer ??= setInterval(() => this.#frame(), FRAME_MS);
    }
    if (token.kind !== "reading" || token.stream !== STREAM.ecg) return;
    if (this.#moving) this.#trace?.push(token.channels[0]);
    else if (!this.#options.fast) process.stdout.write(`${this.#status().join("  ")}\n`);
  }

  #frame(): void {
    this.#trace?.frame(FRAME_MS, true);
    const { columns = 80, rows = 24 } = process.stdout;
    const above = [` Vagus · ${this.#about}`];
    const below = [
      ` ${this.#status().join("  ")}`,
      ` ${this.#complaint || "Ctrl-C ends · not a medical device"}`,
    ];
    const height = Math.max(4, Math.min(rows - above.length - below.length - 1, 18));
    this.#screen.draw([...above, ...(this.#trace?.lines(columns, height) ?? []), ...below]);
  }

  #status(): string[] {
    const narrow = (process.stdout.columns ?? 80) < 72;
    const { heartRate, seconds = 0, figures, token } = this.#state ?? {};
    const { airBytes = 0, verified = 0, refused = 0 } = figures ?? {};
    const rate = heartRate === undefined ? "--" : String(Math.round(heartRate));
    return [
      `HR ${rate}/min`,
      `seq ${token?.cti.sequence ?? "-"}`,
      `${seconds.toFixed(0)} s`,
      `air ${airBytes} B (${seconds > 0 ? Math.round(airBytes / seconds) : 0} B/s)`,
      `verified ${verified}`,
      `refused ${refused}`,
    ].filter((text) => !narrow || !text.startsWith("air"));
  }
}

function summaryOf(result: DemoResult): string[] {
  const percent = Math.round((100 * result.airBytesPerSecond) / result.rawBytesPerSecond);
  return [
    "",
    `  engine     ${result.engine}`,
    `  heart      ${result.source}, ${result.seconds.toFixed(1)} s, ${result.samples} samples, ${result.heartRate?.toFixed(0) ?? "--"} beats a minute`,
    `  air        ${result.airBytes} bytes in ${result.airPackets} packets: ${result.airBytesPerSecond} a second of readings, ${percent} % of the raw samples`,
    `  tokens     ${result.verified} verified (a header, ${result.verified - 2} readings, a head), ${result.refused} refused, last sequence ${result.lastSequence}`,
    `  in         SHA-256 ${result.sha256In}`,
    `  out        SHA-256 ${result.sha256Out}`,
    `  lossless   ${result.lossless ? "yes: what came out is what went in, sample for sample" : "NO"}`,
    `  recording  ${result.recording} (${result.recordingBytes} bytes), with the device's key in ${result.recording}.key`,
    "",
  ];
}
