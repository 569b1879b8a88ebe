import { VagusError } from "../error/index.js";
import type { Journal } from "../journal/index.js";
import { Chain, type Cursor, type DeviceTime, type Signer, STREAM } from "../reading/index.js";
import type { Connection } from "./connection.js";
import { Feeder } from "./feeder.js";
import { DEVICE_SECTOR } from "./layout.js";
import { type Memory, openJournal, passingJournal } from "./memory.js";
import type { DevicePorts } from "./ports.js";
import { Pump } from "./pump.js";
import { Recorder, type RecorderOptions, type StreamRequest } from "./recorder.js";
import { EcgSource } from "./sources/ecg.js";
import { PacingSource } from "./sources/pacing.js";
import { checkReadingMs, type StreamSource } from "./sources/source.js";
import { StateSource } from "./sources/state.js";
import { type Maker, Turn } from "./turn.js";

/** Tokens that a session may be behind, before a source that is not bound to the time waits for it. */
const BEHIND_MAX = 8;

export interface StreamsOptions {
  readonly time: () => DeviceTime;
  /** Who signs from the next token on. */
  readonly signer: () => Signer;
  /** Who hears, if somebody does. */
  readonly session: () => Connection | undefined;
  readonly failed: (error: unknown) => void;
}

/** The way of each stream from its source into the journal, and out of it to whoever follows. */
export class Streams {
  private ports: DevicePorts;
  private memory: Memory;
  private failed: (error: unknown) => void;
  private feeder: Feeder;
  private pump: Pump;
  private recorders: Recorder[] = [];
  private shared: RecorderOptions;
  private turn: Turn;
  private stopTimer: (() => void) | undefined;
  /** Which session hears: its number. */
  private hearing = 0;
  journal: Journal;
  /** Until the journal of a new key is there nothing is recorded. */
  private opening: Promise<void> | undefined;

  constructor(ports: DevicePorts, memory: Memory, { time, signer, session, failed }: StreamsOptions) {
    const { flash, clock } = ports;
    const { before } = memory;
    const { boot } = memory.holder;
    const shared = { boot, time, signer };
    const current = () => this.journal;
    this.ports = ports;
    this.memory = memory;
    this.failed = failed;
    this.journal = memory.journal;
    const format = (stream: number) => this.source(stream)?.format;
    this.feeder = new Feeder({ ...shared, journal: current, before, format });
    this.turn = new Turn({
      journal: current,
      appended: () => this.ready(session()),
      failed,
      made: (by) => this.next(by),
    });
    this.shared = {
      ...shared,
      chain: new Chain(flash, DEVICE_SECTOR.chain, boot, before),
      behind: (stream) => !this.recorder(stream).source.paced && this.feeder.isBehind(stream, BEHIND_MAX),
      turn: this.turn,
    };
    this.pump = new Pump(clock, this.feeder, () => this.run());
  }

  /** Is the stream being recorded, or any, if none is named? */
  running(stream?: number): boolean {
    return this.recorders.some((each) => each.running && (stream === undefined || each.stream === stream));
  }

  /**
   * The session hears it from its header on. A recording of an earlier session ends first, with its head; one that this
   * session hears has to be stopped. Where the session is over when it begins, nobody hears it.
   * @throws VagusError `device/busy`, `device/parameter`: then nothing has changed
   */
  start(request: StreamRequest, hearing = this.hearing): undefined | Promise<void> {
    const { stream, readingMs, readings } = request;
    checkReadingMs(readingMs);
    if (this.opening !== undefined) return this.opening.then(() => this.start(request, hearing));
    const recorder = this.recorder(stream);
    const begin = () => {
      const first = recorder.start(readingMs, readings);
      if (hearing === this.hearing) this.follow(stream, first);
      this.run();
    };
    if (!recorder.running || this.feeder.follows(stream)) return void begin();
    return recorder.finish().then(begin);
  }

  /** Its head is its next token. */
  stop(stream: number): void {
    this.recorder(stream).stop();
    this.run();
  }

  /** The session hears this stream from here on. */
  follow(stream: number, from: Cursor): void {
    this.feeder.follow(stream, from);
  }

  /** Ends all that run and may be ended, one after the other. @returns the heads of those that had begun */
  async finish(may: (stream: number) => boolean): Promise<Uint8Array[]> {
    const heads: Uint8Array[] = [];
    for (const recorder of [...this.recorders]) {
      const head = recorder.running && may(recorder.stream) ? await recorder.finish() : undefined;
      if (head !== undefined) heads.push(head);
    }
    return heads;
  }

  /** How far each stream has come that may be told. */
  async tips(may: (stream: number) => boolean): Promise<Uint8Array[]> {
    const tips: Uint8Array[] = [];
    for (const stream of Object.values(STREAM)) {
      if (may(stream)) tips.push(await this.feeder.tip(stream, this.running(stream)));
    }
    return tips;
  }

  /** There may be something to send, and room for it. */
  ready(session: Connection | undefined): void {
    if (session !== undefined) this.pump.run(session);
  }

  /** The session is over; recording goes on. */
  leave(): void {
    this.hearing++;
    this.pump.stop();
    this.run(); // nobody is behind any more
  }

  /** There is no key any more that could sign. */
  end(): void {
    this.pump.stop();
    for (const recorder of this.recorders) recorder.abandon();
  }

  /** Behind a factory reset: a journal under a new key. The one of before is of another patient: it is not gone on with. */
  beginAnew(): void {
    const { boot } = this.memory.holder;
    this.opening = openJournal(this.ports, boot)
      .catch((error: unknown) => {
        this.failed(error);
        return passingJournal(this.ports, boot);
      })
      .then((journal) => {
        this.journal = journal;
      })
      .finally(() => {
        this.opening = undefined;
      });
  }

  /** Whoever made the last token is the last. */
  private next(maker: Maker): void {
    const { recorders } = this;
    const index = recorders.indexOf(maker as Recorder);
    if (index >= 0) recorders.push(...recorders.splice(index, 1));
    this.run();
  }

  /** Call it whenever something may have changed: it sees for itself. One timer for all, as on XS one takes some forty slots. */
  private run(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
    if (this.turn.making !== undefined) return;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const recorder of this.recorders) soonestMs = Math.min(soonestMs, this.dueInMs(recorder));
    if (soonestMs < Number.POSITIVE_INFINITY) this.stopTimer = this.ports.clock.after(soonestMs, this.wake);
  }

  /** Whoever is due makes a token, the one that has not had its turn for longest before others. */
  private wake = (): void => {
    this.stopTimer = undefined;
    for (const recorder of this.recorders) {
      if (this.turn.making === undefined && this.dueInMs(recorder) <= 0) this.make(recorder);
    }
    this.run();
  };

  /** A source that fails ends its stream, and no other. */
  private dueInMs(recorder: Recorder): number {
    try {
      return recorder.dueInMs();
    } catch (error) {
      this.broken(recorder, error);
      return Number.POSITIVE_INFINITY;
    }
  }

  private make(recorder: Recorder): void {
    try {
      recorder.make();
    } catch (error) {
      this.broken(recorder, error);
    }
  }

  private broken(recorder: Recorder, error: unknown): void {
    recorder.abandon();
    this.failed(error);
  }

  /** Made when it is first asked for. @throws VagusError `device/parameter` for a stream that this device does not have */
  private recorder(stream: number): Recorder {
    const known = this.recorders.find((each) => each.stream === stream);
    if (known !== undefined) return known;
    const source = this.source(stream);
    if (source === undefined) {
      throw new VagusError("device/parameter", `expected a stream that this device has, came ${stream}`);
    }
    const made = new Recorder(this.shared, stream, source);
    this.recorders.push(made);
    return made;
  }

  private source(stream: number): StreamSource | undefined {
    const { clock, sensor, implant } = this.ports;
    const { holder } = this.memory;
    if (stream === STREAM.ecg) return new EcgSource(sensor);
    if (stream === STREAM.pacing) return implant && new PacingSource(implant, sensor.paced);
    if (stream !== STREAM.state) return undefined;
    const { boot } = holder;
    const journal = () => this.journal;
    return new StateSource({ clock, implant, journal, boot, epoch: () => holder.epoch });
  }
}
