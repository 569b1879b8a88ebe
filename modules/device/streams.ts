import type { Journal } from "../journal/index.js";
import type { Cursor, DeviceTime, Signer } from "../reading/index.js";
import type { Connection } from "./connection.js";
import { Feeder } from "./feeder.js";
import { type Memory, openJournal } from "./memory.js";
import type { DevicePorts } from "./ports.js";
import { Pump } from "./pump.js";
import { Recorder } from "./recorder.js";

/** Tokens that a session may be behind, before a sensor that is not bound to the time waits for it. */
const BEHIND_MAX = 8;

export interface StreamsOptions {
  readonly time: () => DeviceTime;
  /** Who signs from the next token on. */
  readonly signer: () => Signer;
  /** Who hears, if somebody does. */
  readonly session: () => Connection | undefined;
  readonly failed: (error: unknown) => void;
}

/** A reading's way from the sensor into the journal, and out of it to whoever follows. */
export class Streams {
  readonly #ports: DevicePorts;
  readonly #boot: number;
  readonly #failed: (error: unknown) => void;
  readonly #feeder: Feeder;
  readonly #pump: Pump;
  readonly recorder: Recorder;
  journal: Journal;

  constructor(ports: DevicePorts, memory: Memory, { time, signer, session, failed }: StreamsOptions) {
    const { flash, clock, sensor } = ports;
    const { boot } = memory.holder;
    const shared = { boot, time, signer, journal: () => this.journal };
    this.#ports = ports;
    this.#boot = boot;
    this.#failed = failed;
    this.journal = memory.journal;
    this.#feeder = new Feeder({ ...shared, before: memory.before, format: sensor.format });
    this.recorder = new Recorder({
      ...shared,
      flash,
      clock,
      sensor,
      behind: () => !sensor.paced && this.#feeder.waiting >= BEHIND_MAX,
      appended: () => this.ready(session()),
      failed,
    });
    this.#pump = new Pump(clock, this.#feeder, () => this.recorder.run());
  }

  /** Does the session hear a stream? */
  get following(): boolean {
    return this.#feeder.stream !== undefined;
  }

  /** The session hears this stream from here on. */
  follow(stream: number, from: Cursor): void {
    this.#feeder.follow(stream, from);
  }

  /** There may be something to send, and room for it. */
  ready(session: Connection | undefined): void {
    if (session !== undefined) this.#pump.run(session);
  }

  /** The session is over; recording goes on. */
  leave(): void {
    this.#pump.stop();
    this.recorder.run(); // nobody is behind any more
  }

  /** There is no key any more that could sign. */
  end(): void {
    this.#pump.stop();
    this.recorder.abandon();
  }

  /** Behind a factory reset: a journal under a new key. */
  beginAnew(): void {
    openJournal(this.#ports, this.#boot).then((journal) => {
      this.journal = journal;
    }, this.#failed);
  }
}
