import type { Marker } from "../../modules/cardiac/pacer/index.js";
import { type DeviceState, STREAM } from "../../modules/reading/index.js";
import type { Clock } from "../link/radio.js";
import type { MonitorEvent } from "../programmer/monitor.js";
import type { Staleness } from "../programmer/staleness.js";
import { cells, paint, Screen, type ScreenStream } from "../trace/index.js";
import { markerLane } from "../trace/lane.js";
import { LiveTrace } from "../trace/live-trace.js";
import type { WatchTally } from "./tally.js";
import { inWords, told, type Watched, type WatchView } from "./view.js";

const FRAME_MS = 50;
const SECONDS = 6;
const LEAST_ROWS = 4;
const MOST_ROWS = 18;
/** More than there can be on the paper, and on their way. */
const MARKERS_MAX = 200;
const COLORS = { live: 32, backfilling: 33, stale: 31, gone: 31 } as const;

export interface PictureOptions {
  readonly stream: ScreenStream;
  readonly clock: Clock;
  readonly watched: () => Watched | undefined;
  readonly tally: WatchTally;
  readonly about: () => string;
  readonly hint: string;
  readonly ascii: boolean;
  readonly color: boolean;
}

/** On a terminal: the trace, how old it is, and what happened last. */
export class PictureView implements WatchView {
  readonly #options: PictureOptions;
  readonly #screen: Screen;
  readonly #stopTimer: () => void;
  #trace: LiveTrace | undefined;
  /** The paper has moved on white while nothing came: what comes next begins on a new one. */
  #white = false;
  #message = "";
  #rateHz = 250;
  /** Their times begin anew with each boot of the device. */
  #markers: { readonly boot: number; readonly marker: Marker }[] = [];
  /** The boot whose trace is drawn. */
  #boot: number | undefined;
  /** The device's, as it said last. */
  #state: DeviceState | undefined;

  constructor(options: PictureOptions) {
    this.#options = options;
    this.#screen = new Screen(options.stream);
    const timer = setInterval(() => this.#frame(), FRAME_MS);
    this.#stopTimer = () => clearInterval(timer);
  }

  event(event: MonitorEvent): void {
    const text = told(event);
    if (text !== undefined) this.#message = text;
    if (event.kind !== "token") return;
    const { token, format } = event;
    if (event.stream === STREAM.ecg) this.#token(event);
    else if (token.kind === "reading" && token.stream === STREAM.pacing) {
      const { boot } = token.cti;
      const came = token.markers.map((marker) => ({ boot, marker }));
      this.#markers = [...this.#markers, ...came].slice(-MARKERS_MAX);
    } else if (token.kind === "reading" && token.stream === STREAM.state) this.#state = token.state;
    if (event.stream === STREAM.ecg && format !== undefined) this.#rateHz = format.rateHz;
  }

  note(text: string): void {
    this.#message = text;
  }

  end(): void {
    this.#stopTimer();
    this.#screen.end();
  }

  #token({ token, format }: Extract<MonitorEvent, { kind: "token" }>): void {
    if (format === undefined) return;
    if (this.#trace === undefined || this.#white || token.kind === "header") {
      const { rateHz, nanovoltsPerStep } = format;
      this.#trace = new LiveTrace({ rateHz, nanovoltsPerStep, seconds: SECONDS, ascii: this.#options.ascii });
      this.#white = false;
    }
    if (token.kind === "gap") this.#trace.gap(format.rateHz);
    if (token.kind === "reading" && token.stream === STREAM.ecg) {
      this.#boot = token.cti.boot;
      this.#trace.push(token.channels[0]!, token.firstSample);
    }
  }

  #frame(): void {
    const { stream, clock, watched, color, about, hint } = this.#options;
    const state: Staleness = watched()?.staleness(STREAM.ecg) ?? { kind: "gone", sinceMs: undefined };
    const old = state.kind === "stale" || state.kind === "gone";
    if (old) this.#white = true;
    this.#trace?.frame(FRAME_MS, !old);
    const { columns = 80, rows = 24 } = stream;
    const above = [paint(` Vagus · ${about()}`, 1, color)];
    const below = [
      this.#status(state, clock.nowMs(), columns),
      ` ${this.#message || " "}`,
      paint(` ${hint}`, 2, color),
    ];
    const lane = this.#lane(columns);
    const room = rows - 1 - above.length - below.length;
    const height = Math.min(room - lane.length, MOST_ROWS);
    const drawn = height >= LEAST_ROWS ? [...(this.#trace?.lines(columns, height) ?? []), ...lane] : [];
    this.#screen.draw([...above, ...drawn.map((line) => paint(line, COLORS[state.kind], color)), ...below]);
  }

  /** The pacer's markers, where they belong under the trace; none where it says none. */
  #lane(columns: number): string[] {
    if (this.#trace === undefined || this.#markers.length === 0) return [];
    const markers = this.#markers.filter(({ boot }) => boot === this.#boot).map(({ marker }) => marker);
    const { from, to } = this.#trace.window;
    const ms = (sample: number) => (sample * 1000) / this.#rateHz;
    return markerLane(markers, { fromMs: ms(from), toMs: ms(to) }, columns, this.#options.ascii);
  }

  /** What fits, what matters most first. */
  #status(state: Staleness, nowMs: number, columns: number): string {
    const { tally, watched, color } = this.#options;
    const rate = state.kind === "live" ? tally.heartRate : undefined;
    const { airBytes = 0, refused = 0 } = watched()?.figures ?? {};
    const cti = tally.last?.cti;
    const parts = [
      `HR ${rate === undefined ? "--" : Math.round(rate)}/min`,
      cti === undefined ? "" : `${cti.boot}/${cti.sequence}`,
      ...deviceInWords(this.#state),
      `stored ${tally.readings}`,
      `lost links ${tally.lostLinks}`,
      `air ${airBytes} B`,
      refused > 0 ? `refused ${refused}` : "",
    ];
    const words = inWords(state, nowMs);
    let line = ` ${paint(words, COLORS[state.kind], color)}`;
    for (const part of parts.filter((one) => one !== "")) {
      if (cells(line) + 2 + part.length <= columns) line += `  ${part}`;
    }
    return line;
  }
}

function deviceInWords(state: DeviceState | undefined): string[] {
  if (state === undefined) return [];
  const { battery, journal } = state;
  const percent = Math.round((100 * journal.usedBytes) / Math.max(1, journal.capacityBytes));
  const charge = battery && `battery ${battery.status} ${Math.round(battery.leftPermille / 10)} %`;
  return [...(charge === undefined ? [] : [charge]), `journal ${percent} % full`];
}
