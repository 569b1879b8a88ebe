/** The streams that a session follows, and how far behind the device the ECG is that has come. */
import { SCOPE } from "../../../modules/credential/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { type Cursor, STREAM } from "../../../modules/reading/index.js";
import type { Clock } from "../../link/radio.js";
import type { Programmer } from "../../programmer/programmer.js";
import { type Progress, type Staleness, staleness } from "../../programmer/staleness.js";
import type { LinkShown } from "./link-shown.js";

export interface FollowingOptions {
  readonly clock: Clock;
  readonly readingMs: number;
  readonly streams: readonly number[];
  /** The device tells another story than before of how far a stream has come. */
  readonly refused: (error: VagusError) => void;
  /** The session is no good any more. */
  readonly failed: (error: VagusError) => void;
}

/** What was kept comes: for so long nothing of it may be missed. */
const ARRIVAL_MS = 10_000;
const LOOK_MS = 100;

/** What a credential's scope names. */
export function streamsFor(may: (scope: string) => boolean): number[] {
  return [
    ...(may(SCOPE.ecgRead) ? [STREAM.ecg] : []),
    ...(may(SCOPE.pacingRead) ? [STREAM.pacing] : []),
    ...(may(SCOPE.ecgRead) || may(SCOPE.pacingRead) ? [STREAM.state] : []),
  ];
}

export class Following {
  readonly #options: FollowingOptions;
  /** Streams that the device does not have. */
  readonly #without = new Set<number>();
  #progress: Progress = {};
  /** The session in which streams begin anew, while they do. */
  #resuming: Programmer | undefined;

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  /**
   * The first time from now on; after a lost link all that was missed, and then what is recorded.
   * @param anew a session has just begun: the device says how far it has come
   * @throws VagusError as `Programmer`
   */
  async go(programmer: Programmer, anew = false): Promise<void> {
    const { streams, failed } = this.#options;
    if (anew) this.#resuming = undefined;
    if (anew && programmer.verifier.stream(STREAM.ecg).next !== undefined) await this.#heads(programmer);
    const idle: number[] = [];
    for (const stream of streams) {
      const known = programmer.verifier.stream(stream).next !== undefined;
      if (!known) await this.#start(programmer, stream);
      else if (!(await programmer.follow(stream))) idle.push(stream);
    }
    if (idle.length === 0 || this.#resuming === programmer) return;
    this.#resuming = programmer;
    this.#resume(programmer, idle)
      .catch((error) => this.#resuming === programmer && failed(error))
      .finally(() => {
        if (this.#resuming === programmer) this.#resuming = undefined;
      });
  }

  /** What was not recording any more begins anew behind what it had kept: its header must not overtake that. */
  async #resume(programmer: Programmer, streams: readonly number[]): Promise<void> {
    for (const stream of streams) {
      const { last } = await programmer.status(stream);
      await this.#arrived(programmer, stream, last);
      if (this.#resuming !== programmer) return; // there is another session by now
      await this.#start(programmer, stream);
    }
  }

  async #arrived(programmer: Programmer, stream: number, last: Cursor | undefined): Promise<void> {
    const { clock } = this.#options;
    const next = () => programmer.verifier.stream(stream).next;
    let before = next();
    for (let until = clock.nowMs() + ARRIVAL_MS; isBehind(next(), last); ) {
      if (next() !== before) until = clock.nowMs() + ARRIVAL_MS;
      before = next();
      if (clock.nowMs() > until)
        throw new VagusError("session/timeout", "expected what was kept, came no more of it");
      await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
    }
  }

  async #start(programmer: Programmer, stream: number): Promise<void> {
    if (this.#without.has(stream)) return;
    try {
      await programmer.start(stream, this.#options.readingMs);
      if (stream === STREAM.ecg) this.#begins();
    } catch (error) {
      // a recorded heart has no pacer that could tell markers
      const without = error instanceof VagusError && error.code === "device/parameter";
      if (stream === STREAM.ecg || !without) throw error;
      this.#without.add(stream);
    }
  }

  /** A reading of the ECG has come. */
  heard(cursor: Cursor, readingMs: number): void {
    this.#progress = {
      ...this.#progress,
      last: { cursor, readingMs, atMs: this.#options.clock.nowMs() },
    };
  }

  /** Of the ECG. */
  staleness(link: LinkShown["kind"]): Staleness {
    const phase = link === "live" || link === "quiet" ? "up" : link === "off" ? "stopped" : "waiting";
    const { nowMs } = this.#options.clock;
    return staleness(this.#progress, { phase, downSinceMs: undefined }, nowMs());
  }

  async #heads(programmer: Programmer): Promise<void> {
    try {
      for (const { stream, last, recording } of await programmer.heads()) {
        if (stream !== STREAM.ecg || last === undefined) continue;
        const newest = { cursor: last, recording, atMs: this.#options.clock.nowMs() };
        this.#progress = { ...this.#progress, newest };
      }
    } catch (error) {
      if (!(error instanceof VagusError) || !error.code.startsWith("reading/")) throw error;
      this.#options.refused(error);
    }
  }

  /** A stream that begins now is what is to come, whatever there was before. */
  #begins(): void {
    const { newest } = this.#progress;
    if (newest === undefined) return;
    const { nowMs } = this.#options.clock;
    this.#progress = {
      ...this.#progress,
      newest: { ...newest, recording: true, begins: true, atMs: nowMs() },
    };
  }
}

/** Is what comes next not behind this token? */
function isBehind(next: Cursor | undefined, last: Cursor | undefined): boolean {
  if (next === undefined || last === undefined) return false;
  return next.boot < last.boot || (next.boot === last.boot && next.sequence <= last.sequence);
}
