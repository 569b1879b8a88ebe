/**
 * The clinician at a device: one link that is kept, the session over it, what it shows and what it is told. Nothing here knows
 * a browser: the page draws what this says, and tests run it on Node.
 */
import { equal, toHex } from "../../../modules/bytes/index.js";
import { type Credential, Trust } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { VagusError } from "../../../modules/error/index.js";
import {
  type AcceptedToken,
  type DeviceKey,
  type DeviceState,
  DeviceVerifier,
} from "../../../modules/reading/index.js";
import { Elsewhere, Keeper } from "../../link/keeper.js";
import type { CentralLink } from "../../link/link.js";
import type { Clock } from "../../link/radio.js";
import type { LinkEvent, LinkTimes } from "../../link/reconnection.js";
import { freshen } from "../../programmer/manage.js";
import { Programmer, type ProgrammerEvent } from "../../programmer/programmer.js";
import type { Staleness } from "../../programmer/staleness.js";
import type { PageRadio } from "../link/radios.js";
import { asRefusal, Chart, type Notice, noticeOf } from "./chart.js";
import { Following, streamsFor } from "./following.js";
import type { HeartTrace } from "./heart-trace.js";
import type { AuthorityDesk, Identity } from "./identity.js";
import { type LinkShown, linkAfter, REFUSING } from "./link-shown.js";
import { type Counts, Received } from "./received.js";
import type { StatusDesk } from "./status-desk.js";

export interface BedsideOptions {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly radio: PageRadio;
  /** Where the Authority is asked; without it there is reading, and no programming. */
  readonly desk?: AuthorityDesk;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly changed: () => void;
  /** A session stands. */
  readonly up?: () => void;
  /** Other parameters have come into force on the device. */
  readonly reprogrammed?: () => void;
  /** Where the newest status list is to be had. */
  readonly status?: StatusDesk;
  /** Keeps what was verified. */
  readonly keep?: (token: AcceptedToken, device: Credential) => void;
  readonly times?: LinkTimes;
  readonly readingMs?: number;
}

export class Bedside {
  readonly #options: BedsideOptions;
  readonly #keeper: Keeper<Programmer>;
  readonly #trust: Trust;
  readonly chart: Chart;
  readonly startedAt: number;
  link: LinkShown = { kind: "off" };
  device: Credential | undefined;
  notice: Notice | undefined;
  /** Until when the Authority's word holds, in ms since 1970. */
  wordUntil: number | undefined;
  endedAt: number | undefined;
  #verifier: DeviceVerifier | undefined;
  /** By which the device has signed, the newest first. */
  #keys: readonly DeviceKey[] = [];
  #waiting: (() => boolean)[] = [];
  #wasUp = false;
  readonly #following: Following;
  readonly #received: Received;
  #fetchedMs = Number.NEGATIVE_INFINITY;

  constructor(options: BedsideOptions) {
    const { crypto, clock, identity, radio, now } = options;
    this.#options = options;
    this.startedAt = now();
    this.chart = new Chart(now);
    this.#trust = new Trust(crypto, {
      anchor: identity.anchor,
      kinds: ["device"],
      time: () => ({ floor: 0, now: Math.floor(now() / 1000), toleranceSeconds: 60 }),
      ...(options.status && { revoked: options.status.isRevoked }),
    });
    this.#following = new Following({
      clock,
      readingMs: options.readingMs ?? 500,
      streams: streamsFor((scope) => this.may(scope)),
      refused: (error) => this.#refused(error),
      failed: (error) => this.#keeper.fail(error),
    });
    this.#received = new Received({
      ...{ clock, now, chart: this.chart, following: this.#following },
      ...(options.reprogrammed && { reprogrammed: options.reprogrammed }),
    });
    this.#keeper = new Keeper<Programmer>({
      radio,
      clock,
      random: Math.random,
      ...(options.times && { times: options.times }),
      greet: (link) => this.#greet(link),
      probe: (session) => this.#following.go(session),
      observe: (event) => this.#told(event),
      // Once there was a session, a refusal may be anybody's on the radio: it is shown, and tried again.
      isFinal: ({ code }, everUp) => !everUp && REFUSING.has(code),
    });
  }

  get counts(): Counts {
    return this.#received.counts;
  }

  get heart(): HeartTrace | undefined {
    return this.#received.heart;
  }

  /** As the device told it last. */
  get state(): DeviceState | undefined {
    return this.#received.state;
  }

  /** When the newest reading of the ECG came, in ms since 1970. */
  get lastReadingAt(): number | undefined {
    return this.#received.lastReadingAt;
  }

  get status(): StatusDesk | undefined {
    return this.#options.status;
  }

  get identity(): Identity {
    return this.#options.identity;
  }

  get scope(): readonly string[] {
    return this.identity.credential.scope;
  }

  may(scope: string): boolean {
    return this.scope.includes(scope);
  }

  /** Commands that could hurt need the Authority's word. */
  get hasWord(): boolean {
    return this.wordUntil !== undefined && this.wordUntil > this.#options.now();
  }

  /** Can the Authority be asked? */
  get canAsk(): boolean {
    return this.#options.desk !== undefined;
  }

  /** Connects, and goes on until `end`. */
  begin(): void {
    this.#keeper.run().catch((error) => this.refuse(error, "connecting"));
  }

  /** Does not wait for the next try. */
  hurry(): void {
    this.#keeper.hurry();
  }

  /** How old what is shown of the heart is: what comes may be what was missed. */
  get staleness(): Staleness {
    return this.#following.staleness(this.link.kind);
  }

  /** Is what is shown not what is now? */
  get isStale(): boolean {
    return this.lastReadingAt !== undefined && this.staleness.kind !== "live";
  }

  get canChooseAgain(): boolean {
    return this.#options.radio.chooseAgain !== undefined;
  }

  /** The user shows where the device is, and it is tried at once. */
  async chooseAgain(): Promise<void> {
    try {
      await this.#options.radio.chooseAgain?.();
      this.dismiss();
      this.hurry();
    } catch (error) {
      this.refuse(error, "choosing a device");
    }
  }

  /** Ends the session in order: temporary parameters end with it. */
  async end(): Promise<void> {
    const session = this.#keeper.session;
    if (session !== undefined) await session.finish().catch(() => {});
    this.#keeper.stop();
    this.endedAt = this.#options.now();
    this.chart.note("link", "Session ended");
    this.#options.changed();
  }

  /** The session of this moment. @throws VagusError `session/closed` */
  get session(): Programmer {
    const session = this.#keeper.session;
    if (session !== undefined) return session;
    throw new VagusError("session/closed", "expected a session with the device, came none");
  }

  /** The session after a lost link. @throws VagusError `session/closed` where there will be none */
  nextSession(): Promise<Programmer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        const session = this.#keeper.session;
        if (session !== undefined) resolve(session);
        else if (this.link.kind === "off")
          reject(new VagusError("session/closed", "expected another session, came the end"));
        else return false;
        return true;
      });
      this.#wake();
    });
  }

  /** Whoever waits for a session looks whether there is one. */
  #wake(): void {
    this.#waiting = this.#waiting.filter((look) => !look());
  }

  /** Gets this session the Authority's word. @throws VagusError its refusal, or the device's */
  async askAuthority(): Promise<void> {
    const { crypto, desk, identity, now } = this.#options;
    if (desk === undefined)
      throw new VagusError("host/link", "expected the Authority to be reached, came no way to it");
    const { key, anchor } = identity;
    const at = Math.floor(now() / 1000);
    const ask = (request: Uint8Array) => desk.freshness(request);
    const seconds = await freshen(this.session, { crypto, key, anchor, now: at, ask });
    this.wordUntil = now() + seconds * 1000;
    this.chart.note(
      "rights",
      `The Authority's word: changes are allowed for ${Math.round(seconds / 60)} minutes`,
    );
    this.#options.changed();
  }

  /** Does something on the session; what is refused, or fails otherwise, is shown in words. @returns undefined where it was */
  async attempt<T>(during: string, act: (session: Programmer) => Promise<T>): Promise<T | undefined> {
    try {
      const done = await act(this.session);
      if (this.notice?.during === during) this.notice = undefined;
      this.#options.changed();
      return done;
    } catch (error) {
      this.refuse(error, during);
      return undefined;
    }
  }

  refuse(came: unknown, during: string): void {
    const error = asRefusal(came);
    if (error.code === "credential/freshness" || error.code === "credential/revoked")
      this.wordUntil = undefined;
    this.notice = noticeOf(error, during, this.#options.now());
    this.chart.note("refusal", `Refused while ${during}: ${error.code}`);
    this.#options.changed();
  }

  dismiss(): void {
    this.notice = undefined;
    this.#options.changed();
  }

  async #greet(link: CentralLink): Promise<Programmer> {
    const { crypto, identity, status } = this.#options;
    const { key, credential } = identity;
    if (status !== undefined) await this.#atMost(STATUS_MS, status.refresh());
    const programmer = await Programmer.connect({
      ...{ crypto, link, credential, key, trust: this.#trust, now: () => this.#options.clock.nowMs() },
      verifier: (device) => this.#verifierOf(device),
      observe: (event) => this.#observe(event),
    });
    const { device } = programmer;
    if (!this.#isOurs(device)) {
      programmer.close();
      throw new Elsewhere(`expected the device ${this.device?.subject}, came ${device.subject}`);
    }
    this.device = device;
    this.#verifier = programmer.verifier;
    if (!this.#keys.some(({ kid }) => equal(kid, device.kid)))
      this.#keys = [{ ...device.key, kid: device.kid }, ...this.#keys];
    await this.#following.go(programmer, true);
    return programmer;
  }

  /** Whatever does not come in time is not waited for: a device is not kept waiting for a list. */
  async #atMost(ms: number, done: Promise<void>): Promise<void> {
    let stop = () => {};
    const late = new Promise<void>((resolve) => {
      stop = this.#options.clock.after(ms, resolve);
    });
    await Promise.race([done, late]);
    stop();
  }

  /** What was verified goes on, also where the device has another key since: what it signed before may still come. */
  #verifierOf(device: Credential): DeviceVerifier | undefined {
    const before = this.#verifier;
    if (before === undefined || !this.#isOurs(device)) return undefined;
    const known = this.#keys.some(({ kid }) => equal(kid, device.kid));
    if (known) return before;
    const key = { ...device.key, kid: device.kid };
    const earlier = this.#keys;
    return new DeviceVerifier(this.#options.crypto, key, {
      earlier,
      position: (stream) => before.stream(stream).position,
    });
  }

  #isOurs({ subject }: Credential): boolean {
    return this.device === undefined || this.device.subject === subject;
  }

  #observe(event: ProgrammerEvent): void {
    if (event.kind === "token") this.#take(event.token);
    else if (event.kind === "refused") this.#refused(event.error);
    else if (event.kind === "closed") this.wordUntil = undefined;
    this.#options.changed();
  }

  #refused(error: VagusError): void {
    this.counts.refused++;
    this.chart.note("refusal", `A reading was refused: ${error.code}`);
    if (ALARMING.test(error.code)) this.refuse(error, "reading the heart");
    if (/^(reading\/order|gatt\/fragment)$/.test(error.code)) this.#fetchAgain();
  }

  /** A piece was lost on the air: what follows the last that was verified is fetched from the journal. */
  #fetchAgain(): void {
    const { session } = this.#keeper;
    const now = this.#options.clock.nowMs();
    if (session === undefined || now - this.#fetchedMs < AGAIN_MS) return;
    this.#fetchedMs = now;
    this.#following.go(session).catch((error) => this.#keeper.fail(error));
  }

  #take(token: AcceptedToken): void {
    this.#keeper.heard();
    const { device } = this;
    if (device !== undefined && token.kind !== "tip") this.#options.keep?.(token, device);
    this.#received.take(token);
  }

  #told(event: LinkEvent): void {
    const before = this.link;
    this.link = linkAfter(before, event, this.#options.clock.nowMs());
    if (event.kind === "up") this.#up();
    else if (event.kind === "lost" || event.kind === "failed") {
      this.wordUntil = undefined;
      this.chart.note("link", event.kind === "lost" ? "Link lost" : "Not reached");
      if (event.kind === "failed" && (!this.#wasUp || REFUSING.has(event.error.code)))
        this.refuse(event.error, this.#wasUp ? "connecting again" : "connecting");
    } else if (event.kind === "stopped") {
      this.wordUntil = undefined;
      if (event.error !== undefined) this.endedAt = this.#options.now();
    }
    this.#wake();
    if (event.kind === "up") this.#options.up?.();
    this.#options.changed();
  }

  #up(): void {
    if (this.#wasUp) this.counts.reconnections++;
    const text = this.#wasUp ? "Link is back" : `Connected over ${this.#options.radio.name} to ${this.#name}`;
    this.chart.note("link", text);
    this.#wasUp = true;
  }

  get #name(): string {
    const { device } = this;
    return device === undefined ? "a device" : `${device.subject} (key ${toHex(device.kid)})`;
  }
}

/** So long a session waits for the newest status list. */
const STATUS_MS = 3000;
/** Streams are not fetched anew more often than that. */
const AGAIN_MS = 2000;
/** Not merely lost on the air. */
const ALARMING = /^(cose\/(bad-signature|key)|reading\/(chain|malformed))$/;
