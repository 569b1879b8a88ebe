/**
 * Monitors a device: connects, authenticates, fetches what was missed, follows what is recorded, and does it all again
 * when the link is lost or the device was restarted. The chain of each stream goes on across all of that, every token is
 * stored before it counts, and what is shown says how old it is.
 */
import type { Credential, Trust } from "../../modules/credential/index.js";
import { VagusError } from "../../modules/error/index.js";
import { INFO_STATE } from "../../modules/gatt/index.js";
import type { AcceptedToken, Cursor, StreamFormat } from "../../modules/reading/index.js";
import { Elsewhere, Keeper } from "../link/keeper.js";
import type { CentralLink } from "../link/link.js";
import { pairLink, Unpaired } from "../link/pair.js";
import type { Clock, Radio } from "../link/radio.js";
import type { LinkEvent, LinkTimes } from "../link/reconnection.js";
import { KeptVerifier, streamOf, type TokenStore } from "./kept-verifier.js";
import { Programmer, type ProgrammerEvent } from "./programmer.js";
import type { Own } from "./respond.js";
import { type Progress, type Staleness, staleness } from "./staleness.js";
import type { TelemetryFigures } from "./telemetry.js";

/** The command line and the page draw the same events. */
export type MonitorEvent =
  | { readonly kind: "link"; readonly event: LinkEvent }
  | {
      readonly kind: "authenticated";
      readonly device: Credential;
      readonly mtu: number;
      readonly paired?: true;
    }
  /** The device was not recording, and was told to; from where the stream is fetched: undefined, all that is kept. */
  | { readonly kind: "started"; readonly stream: number }
  | { readonly kind: "fetching"; readonly stream: number; readonly from: Cursor | undefined }
  /** It has been stored. The format is that of its stream, whose header may have come long ago. */
  | {
      readonly kind: "token";
      readonly stream: number;
      readonly token: AcceptedToken;
      readonly format: StreamFormat | undefined;
    }
  | { readonly kind: "refused"; readonly error: VagusError };

export interface MonitorOptions extends Omit<Own, "trust"> {
  readonly trust: Trust;
  readonly radio: Radio;
  readonly clock: Clock;
  readonly random: () => number;
  readonly mtu?: number;
  readonly times?: LinkTimes;
  /** Which streams; the credential's scope has to name their class. */
  readonly streams: readonly number[];
  /** What the device is told to record where it does not: so much in each reading. Without it, it is told nothing. */
  readonly record?: { readonly readingMs: number };
  /** The subject of the one device that is wanted; otherwise the first that is met, and from then on that one. */
  readonly device?: string;
  /** Each link is paired after its handshake; a first one that is not ends it. */
  readonly pair?: boolean;
  /** There are other devices about: one that refuses is passed over, and is no reason to give up. */
  readonly others?: boolean;
  /** Where what this device sends is kept; asked at the first session. @throws VagusError `host/store` */
  store(device: Credential): TokenStore;
  readonly observe: (event: MonitorEvent) => void;
  /** How long the device may take for each answer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Streams are not fetched anew more often than that. */
const ANEW_MS = 2000;
/** What was on its way when something was asked for has come by then. */
const SETTLED_MS = 3000;
/** How the streams stand is asked anew so often: two clocks are never alike, and what they differ by adds up. */
const STATUS_MS = 120_000;
/** How long the heads may take after a stop. */
const HEAD_MS = 3000;
/** What a first session fails by is told; later the same may pass by itself, or be anybody's on the radio. */
const FINAL_AT_FIRST =
  /^(edhoc\/(?!malformed)|cwt\/|credential\/|device\/unprovisioned|session\/(scope|version))/;

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #keeper: Keeper<Programmer>;
  readonly #progress = new Map<number, Progress>();
  readonly #before: TelemetryFigures = { airBytes: 0, packets: 0, verified: 0, refused: 0 };
  #device: Credential | undefined;
  #store: TokenStore | undefined;
  #verifier: KeptVerifier | undefined;
  #session: Programmer | undefined;
  #downSinceMs: number | undefined;
  #anewAtMs = Number.NEGATIVE_INFINITY;
  /** What the session is being asked for, while it is; and whether it was asked for all. */
  #asking: Promise<void> | undefined;
  #followed = false;
  #sessions = 0;
  /** Until then what does not fit is no more than what was on its way when something was asked for. */
  #settledAtMs = Number.NEGATIVE_INFINITY;
  /** By stream: the position at which a hole was met; met there again, it is one. */
  readonly #holes = new Map<number, string>();
  #arrived: (() => void) | undefined;
  #foreign = 0;
  #stopAsking: (() => void) | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#keeper = new Keeper<Programmer>({
      ...options,
      greet: (link) => this.#greet(link),
      probe: (session) => this.#ask(session, true),
      observe: (event) => this.#linked(event),
      isFinal: (error, everUp) =>
        error.code === "host/store" ||
        error.code === "reading/header" ||
        (!everUp && (error instanceof Unpaired || FINAL_AT_FIRST.test(error.code))),
    });
  }

  /** Until `stop`. @throws VagusError where it is of no use to go on: `host/store`; before the first session also `edhoc/…`, `cwt/…` */
  run(): Promise<void> {
    return this.#keeper.run();
  }

  /** The session, while there is one. */
  get session(): Programmer | undefined {
    return this.#keeper.session;
  }

  get device(): Credential | undefined {
    return this.#device;
  }

  /** Of all sessions. */
  get figures(): TelemetryFigures {
    return sum(this.#before, this.#session?.figures);
  }

  /**
   * Tokens that came and were signed by a key which is not known here, such as one that the device had before: whoever knew
   * it then can verify them.
   */
  get foreign(): number {
    return this.#foreign;
  }

  /** How old what was shown last of a stream is. */
  staleness(stream: number): Staleness {
    const { phase } = this.#keeper.state;
    const link = {
      phase: this.#session === undefined ? phase : "up",
      downSinceMs: this.#downSinceMs,
    } as const;
    return staleness(this.#progress.get(stream) ?? {}, link, this.#options.clock.nowMs());
  }

  /** Is all here that the device had when it was asked last? */
  caughtUp(stream: number): boolean {
    if (this.session === undefined || !this.#followed) return false;
    const { newest } = this.#progress.get(stream) ?? {};
    return newest === undefined || this.#has(stream, newest.cursor);
  }

  /** Does not wait for the next try. */
  hurry(): void {
    this.#keeper.hurry();
  }

  /**
   * Ends it. The device goes on recording, unless it is told not to: then the heads of the streams are awaited.
   * @returns whether all of its streams ended with their head, where that was wanted
   */
  async stop(options: { readonly endRecording?: boolean } = {}): Promise<boolean> {
    const { session } = this;
    const ended = options.endRecording === true && session !== undefined && (await this.#end(session));
    this.#keeper.stop();
    return ended;
  }

  async #end(session: Programmer): Promise<boolean> {
    const heads = () =>
      this.#options.streams.every((stream) => this.#verifier?.stream(stream).position?.closed);
    try {
      for (const stream of this.#options.streams) await session.stop(stream);
      const { clock } = this.#options;
      for (const until = clock.nowMs() + HEAD_MS; !heads() && clock.nowMs() < until; ) {
        await new Promise<void>((resolve) => {
          const stop = clock.after(until - clock.nowMs(), resolve);
          this.#arrived = () => {
            stop();
            resolve();
          };
        });
      }
    } catch (error) {
      this.#refused(error);
    }
    return heads();
  }

  /** A device without a credential serves nobody: where there are others about, it is known before a handshake. @throws Elsewhere */
  async #passBy(link: CentralLink): Promise<void> {
    const [, state] = await link.readInfo();
    const name = Object.entries(INFO_STATE).find(([, number]) => number === state)?.[0];
    if (name === "new" || name === "revoked" || name === "fault")
      throw new Elsewhere(`expected a device that is provisioned, came one that is ${name}`);
  }

  async #greet(link: CentralLink): Promise<Programmer> {
    const { observe } = this.#options;
    if (this.#options.others) await this.#passBy(link);
    const session = await Programmer.connect({
      ...this.#options,
      link,
      now: () => this.#options.clock.nowMs(),
      verifier: (device) => this.#verifierOf(device),
      observe: (event) => this.#told(event),
    }).catch((error: unknown) => {
      const another =
        this.#options.others === true && error instanceof VagusError && error.code === "edhoc/peer";
      throw another ? new Elsewhere(error.message) : error;
    });
    if (this.#options.pair) {
      await pairLink(link, session.passkey).catch((error: unknown) => {
        session.close();
        throw error;
      });
    }
    this.#session = session;
    this.#sessions++;
    const paired = this.#options.pair === true;
    observe({ kind: "authenticated", device: session.device, mtu: link.mtu, ...(paired && { paired }) });
    return session;
  }

  /** Called when the device has proved who it is, before anything of it is believed. */
  #verifierOf(device: Credential): KeptVerifier {
    const wanted = this.#options.device ?? this.#device?.subject;
    if (wanted !== undefined && device.subject !== wanted) {
      throw new Elsewhere(`expected the device ${wanted}, came ${device.subject}`);
    }
    const sameKey = this.#device !== undefined && isSame(device.kid, this.#device.kid);
    if (this.#verifier === undefined || !sameKey) {
      this.#store = this.#options.store(device);
      const key = { ...device.key, kid: device.kid };
      this.#verifier = new KeptVerifier(this.#options.crypto, key, this.#store, (token, stream) =>
        this.#keep(token, stream),
      );
    }
    this.#device = device;
    return this.#verifier;
  }

  /** Begins what is to be followed: what it fails for at first ends it. */
  #begin(session: Programmer): void {
    this.#ask(session, false).catch((error: VagusError) => {
      const final =
        error.code === "reading/header" || (this.#sessions === 1 && FINAL_AT_FIRST.test(error.code));
      if (this.#session === session) this.#keeper.fail(error, final);
    });
  }

  /**
   * How do the streams stand, and is the device still doing what it should? First all of that, then what was missed: an
   * answer may have to wait behind it. Whoever is quiet is asked from where we are once more.
   */
  #ask(session: Programmer, again: boolean): Promise<void> {
    const ask = async () => {
      const { streams, observe } = this.#options;
      const missed: number[] = [];
      if (!again) await session.heads().catch((error) => this.#refused(error)); // a device that goes back says so by it
      for (const stream of streams) if (await this.#start(session, stream, again)) missed.push(stream);
      for (const stream of missed) {
        observe({ kind: "fetching", stream, from: session.verifier.stream(stream).next });
        await session.follow(stream);
        this.#settling();
      }
      this.#followed = true;
    };
    if (this.#asking !== undefined) return this.#asking;
    const asking = ask().finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  /**
   * Has the device record where it does not.
   * @returns whether the stream is still to be fetched: one that begins right behind what is here, or as the first of all, is
   *   heard from its header on
   */
  async #start(session: Programmer, stream: number, again: boolean): Promise<boolean> {
    const { record, observe } = this.#options;
    const status = await session.status(stream);
    const headless = again && status.recording && this.#verifier?.stream(stream).position === undefined;
    if (headless) await this.#behead(session, stream);
    const starts = (!status.recording || headless) && record !== undefined;
    this.#asked(stream, { ...status, recording: starts || status.recording, begins: starts });
    const here = headless || status.last === undefined || this.#has(stream, status.last);
    if (!starts) return true;
    this.#settling();
    await session.start(stream, record.readingMs);
    observe({ kind: "started", stream });
    return !here;
  }

  /** Now and then, while nothing is behind: an answer might have to wait. What it fails for is the link's to tell. */
  #goOnAsking(session: Programmer): void {
    this.#stopAsking?.();
    this.#stopAsking = this.#options.clock.after(STATUS_MS, () => {
      if (session !== this.#session) return;
      const streams = this.#options.streams.filter((stream) => this.caughtUp(stream));
      const ask = async () => {
        for (const stream of streams)
          this.#asked(stream, { ...(await session.status(stream)), begins: false });
      };
      ask()
        .catch(() => {})
        .finally(() => session === this.#session && this.#goOnAsking(session));
    });
  }

  #settling(): void {
    this.#settledAtMs = this.#options.clock.nowMs() + SETTLED_MS;
  }

  /** It has come to nothing: the stream's header was released to somebody else. Only a new stream can be verified here. */
  async #behead(session: Programmer, stream: number): Promise<void> {
    if (this.#options.record !== undefined) return session.stop(stream);
    const what = "whose header the device has given up on another's word";
    throw new VagusError("reading/header", `expected a stream from its header on, came one ${what}`);
  }

  #has(stream: number, cursor: Cursor): boolean {
    const next = this.#verifier?.stream(stream).next;
    return next !== undefined && order(next, cursor) > 0;
  }

  #asked(
    stream: number,
    { last, recording, begins }: { last: Cursor | undefined; recording: boolean; begins: boolean },
  ): void {
    if (last === undefined) return;
    const newest = { cursor: last, atMs: this.#options.clock.nowMs(), recording, begins };
    this.#progress.set(stream, { ...this.#progress.get(stream), newest });
  }

  #told(event: ProgrammerEvent): void {
    if (event.kind === "refused") this.#refused(event.error);
    if (event.kind !== "token") return;
    this.#keeper.heard();
    const { token } = event;
    const stream = streamOf(token);
    const { format } = this.#verifier?.stream(stream).position ?? {};
    this.#options.observe({ kind: "token", stream, token, format });
    this.#arrived?.();
  }

  /** What is not the next is fetched again, from where the verifier stands. A store that fails ends it. */
  #refused(error: unknown): void {
    const told = error instanceof VagusError ? error : new VagusError("host/link", String(error));
    if (told.code === "cose/key" && this.#foreign++ > 0) return; // told once
    const astray = told.code.startsWith("reading/") || told.code === "gatt/fragment";
    const settled = this.#options.clock.nowMs() >= this.#settledAtMs;
    if (!astray || settled) this.#options.observe({ kind: "refused", error: told });
    if (told.code === "host/store") this.#keeper.fail(told, true);
    else if (astray) this.#anew();
  }

  #anew(): void {
    const { session } = this;
    const now = this.#options.clock.nowMs();
    if (session === undefined || this.#asking !== undefined || now - this.#anewAtMs < ANEW_MS) return;
    this.#anewAtMs = now;
    this.#ask(session, true).catch((error: VagusError) =>
      this.#keeper.fail(error, error.code === "reading/header"),
    );
  }

  /** Stores a token, unless there is a hole before it that may only be the order in which things came. */
  #keep(token: AcceptedToken, stream: number): void {
    if (token.kind === "tip") return; // the same is asked at each session
    if ("hole" in token && token.hole !== undefined) {
      const at = `${token.hole.first.boot}/${token.hole.first.sequence}`;
      if (this.#holes.get(stream) !== at) {
        this.#holes.set(stream, at);
        throw new VagusError(
          "reading/order",
          `expected boot and sequence ${at}, came a ${token.kind} behind it`,
        );
      }
    }
    this.#store?.append(stream, token.token);
    if (token.kind !== "reading") return;
    const { boot, sequence } = token.cti;
    const { rateHz = 1000 } = this.#verifier?.stream(stream).position?.format ?? {};
    const readingMs = ((token.nextSample - token.firstSample) * 1000) / rateHz;
    const last = { cursor: { boot, sequence }, atMs: this.#options.clock.nowMs(), readingMs };
    this.#progress.set(stream, { ...this.#progress.get(stream), last });
  }

  #linked(event: LinkEvent): void {
    if (event.kind === "up") this.#downSinceMs = undefined;
    if (event.kind === "up" && this.#session !== undefined) {
      this.#begin(this.#session);
      this.#goOnAsking(this.#session);
    }
    if (event.kind === "lost") this.#downSinceMs = this.#options.clock.nowMs();
    if (event.kind === "waiting" || event.kind === "stopped") this.#leave();
    this.#options.observe({ kind: "link", event });
  }

  #leave(): void {
    this.#stopAsking?.();
    Object.assign(this.#before, this.figures);
    this.#session?.close();
    this.#session = undefined;
    this.#asking = undefined;
    this.#followed = false;
    this.#holes.clear();
  }
}

/** Positive where `a` comes behind `b`. */
function order(a: Cursor, b: Cursor): number {
  return a.boot === b.boot ? a.sequence - b.sequence : a.boot - b.boot;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function sum(a: TelemetryFigures, b: TelemetryFigures | undefined): TelemetryFigures {
  return {
    airBytes: a.airBytes + (b?.airBytes ?? 0),
    packets: a.packets + (b?.packets ?? 0),
    verified: a.verified + (b?.verified ?? 0),
    refused: a.refused + (b?.refused ?? 0),
  };
}
