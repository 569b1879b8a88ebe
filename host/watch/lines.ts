import { STREAM } from "../../modules/reading/index.js";
import type { Clock } from "../link/radio.js";
import type { MonitorEvent } from "../programmer/monitor.js";
import type { Staleness } from "../programmer/staleness.js";
import type { WatchTally } from "./tally.js";
import { inWords, told, type Watched, type WatchView } from "./view.js";

export interface LinesOptions {
  readonly write: (line: string) => void;
  readonly clock: Clock;
  readonly watched: () => Watched | undefined;
  readonly tally: WatchTally;
  /** What is looked at for how old it is. */
  readonly streams: readonly number[];
}

const EVERY_MS = 1000;

/** Into a pipe: what happens, and once a second how things stand. */
export class PlainView implements WatchView {
  readonly #options: LinesOptions;
  readonly #stopTimer: () => void;

  constructor(options: LinesOptions) {
    this.#options = options;
    const timer = setInterval(() => this.#stand(), EVERY_MS);
    this.#stopTimer = () => clearInterval(timer);
  }

  event(event: MonitorEvent): void {
    const text = told(event);
    if (text !== undefined) this.note(text);
  }

  note(text: string): void {
    this.#options.write(`${time()}  ${text}`);
  }

  end(): void {
    this.#stopTimer();
  }

  #stand(): void {
    const { watched, tally, clock, streams } = this.#options;
    const state = watched()?.staleness(streams[0] ?? STREAM.ecg);
    if (state === undefined || tally.readings === 0) return;
    const rate = state.kind === "live" ? tally.heartRate : undefined;
    const at = tally.last === undefined ? "" : `  ${tally.last.cti.boot}/${tally.last.cti.sequence}`;
    const heart = `HR ${rate === undefined ? "--" : Math.round(rate)}/min`;
    this.note(`${inWords(state, clock.nowMs())}  ${heart}${at}  stored ${tally.readings}`);
  }
}

/** Each event as a line of JSON, and a line whenever a stream becomes live, stale, backfilling or gone. */
export class JsonView implements WatchView {
  readonly #options: LinesOptions;
  readonly #names: (stream: number) => string;
  readonly #stopTimer: () => void;
  readonly #was = new Map<number, Staleness["kind"]>();

  constructor(options: LinesOptions, names: (stream: number) => string) {
    this.#options = options;
    this.#names = names;
    const timer = setInterval(() => this.#look(), EVERY_MS / 4);
    this.#stopTimer = () => clearInterval(timer);
  }

  event(event: MonitorEvent): void {
    this.#look();
    if (event.kind === "link") {
      const { kind, ...rest } = event.event;
      const error = "error" in event.event ? { error: event.event.error?.message } : {};
      this.#say("link", { link: kind, ...rest, ...error });
    } else if (event.kind === "authenticated") {
      const { device, mtu, paired } = event;
      this.#say("authenticated", { device: device.subject, mtu, ...(paired && { paired }) });
    } else if (event.kind === "refused") {
      this.#say("refused", { code: event.error.code, error: event.error.message });
    } else if (event.kind === "token") this.#token(event);
    else {
      const from = event.kind === "fetching" ? { from: event.from ?? null } : {};
      this.#say(event.kind, { stream: this.#names(event.stream), ...from });
    }
  }

  note(text: string): void {
    this.#say("note", { text });
  }

  end(): void {
    this.#look();
    this.#stopTimer();
  }

  #token({ token, stream }: Extract<MonitorEvent, { kind: "token" }>): void {
    const { kind, cti, iat } = token;
    const { boot, sequence } = cti;
    const hole = "hole" in token && token.hole !== undefined ? { hole: token.hole } : {};
    const gap = kind === "gap" ? { first: token.first, last: token.last } : {};
    const span = kind === "reading" ? { firstSample: token.firstSample, nextSample: token.nextSample } : {};
    const markers = kind === "reading" && token.stream === STREAM.pacing ? { markers: token.markers } : {};
    const state = kind === "reading" && token.stream === STREAM.state ? { state: token.state } : {};
    this.#say("token", {
      stream: this.#names(stream),
      token: kind,
      boot,
      sequence,
      iat,
      ...span,
      ...markers,
      ...state,
      ...gap,
      ...hole,
    });
  }

  #look(): void {
    for (const stream of this.#options.streams) {
      const state = this.#options.watched()?.staleness(stream);
      if (state === undefined || state.kind === this.#was.get(stream)) continue;
      this.#was.set(stream, state.kind);
      const behind = state.kind === "backfilling" ? { behindSeconds: state.behindS ?? null } : {};
      this.#say("state", { stream: this.#names(stream), state: state.kind, ...behind });
    }
  }

  #say(event: string, fields: Record<string, unknown>): void {
    this.#options.write(JSON.stringify({ event, at: new Date().toISOString(), ...fields }));
  }
}

function time(): string {
  return new Date().toTimeString().slice(0, 8);
}
