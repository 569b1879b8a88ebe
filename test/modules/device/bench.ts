/** A device on the bench: a clock that stands until it is moved, a radio without a radio, a programmer by the book. */
import { PacedSensor, SyntheticSource } from "../../../modules/cardiac/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { keyId, toVerificationKey } from "../../../modules/cose/index.js";
import { IDENTITY_SECTORS } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { CLAIM, confirmedKey, parseCwtUnverified } from "../../../modules/cwt/index.js";
import { type Clock, Device, type DeviceEvent } from "../../../modules/device/index.js";
import { type Flash, MemoryFlash } from "../../../modules/flash/index.js";
import {
  ATT_OVERHEAD,
  Fragmenter,
  type Outgoing,
  type Peripheral,
  type PeripheralEvents,
  Reassembler,
} from "../../../modules/gatt/index.js";
import { type AcceptedToken, StreamVerifier } from "../../../modules/reading/index.js";
import {
  type CommandName,
  decodeReply,
  encodeCommand,
  LabelResponderWaitLabel3,
  type ProgrammerSession,
  programmerSession,
  type Reply,
} from "../../../modules/session/index.js";

/** Lets promises that wait for nothing but each other go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

export class SteppedClock implements Clock {
  now = 1_000_000;
  #timers: { at: number; callback: () => void }[] = [];

  monotonicMs(): number {
    return this.now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get timers(): number {
    return this.#timers.length;
  }

  /** Time passes at one stroke: what is due runs before any promise goes on. */
  jump(ms: number): void {
    this.now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.now);
    this.#timers = this.#timers.filter(({ at }) => at > this.now);
    for (const { callback } of due) callback();
  }

  /** Time passes, and what is due runs in order, each with what comes of it. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    await settle();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.callback();
      await settle();
    }
    this.now = until;
  }
}

/** The radio: keeps to the port's rules, and lets the test play the central. */
export class BenchPeripheral implements Peripheral {
  events: PeripheralEvents | undefined;
  info: Uint8Array = new Uint8Array(0);
  connected = false;
  /** Values that the central got. */
  readonly sent: { to: Outgoing; value: Uint8Array }[] = [];
  onSend: ((to: Outgoing, value: Uint8Array) => void) | undefined;
  /** How many values the stack takes; `ready` is the test's to call. */
  room = Number.POSITIVE_INFINITY;
  disconnects = 0;

  open(events: PeripheralEvents): void {
    this.events = events;
  }
  setInfo(value: Uint8Array): void {
    this.info = value;
  }
  send(to: Outgoing, value: Uint8Array): boolean {
    if (!this.connected || this.room === 0) return false;
    this.room--;
    this.sent.push({ to, value });
    this.onSend?.(to, value);
    return true;
  }
  disconnect(): void {
    this.disconnects++;
    this.lose();
  }
  close(): void {
    this.lose();
  }

  connect(mtu = 247): void {
    this.connected = true;
    this.sent.length = 0;
    this.events?.connected(23);
    this.events?.mtuChanged(mtu);
  }
  subscribe(): void {
    this.events?.subscribed("telemetry", true);
    this.events?.subscribed("control", true);
  }
  lose(): void {
    if (!this.connected) return;
    this.connected = false;
    this.events?.disconnected();
  }
}

export interface Bench {
  readonly crypto: Crypto;
  readonly clock: SteppedClock;
  readonly peripheral: BenchPeripheral;
  readonly flash: Flash;
  readonly events: DeviceEvent[];
  /** What is printed on the device. */
  readonly label: Uint8Array;
  /** Codes of what the device refused so far, and forgets them. */
  refusals(): string[];
}

export const MADE_AT = 1_700_000_000;

export async function startDevice(
  crypto: Crypto,
  flash: Flash = new MemoryFlash(IDENTITY_SECTORS),
): Promise<Bench> {
  const clock = new SteppedClock();
  const peripheral = new BenchPeripheral();
  const events: DeviceEvent[] = [];
  const sensor = new PacedSensor(new SyntheticSource({ seed: 1 }), { clock: () => clock.now });
  const observe = (event: DeviceEvent) => {
    events.push(event);
  };
  await Device.start({ crypto, flash, clock, peripheral, sensor, madeAt: MADE_AT, observe });
  const started = events.find((event) => event.kind === "started");
  if (started?.kind !== "started") throw new Error("expected the device to start");
  let seen = 0;
  const refusals = () => {
    const codes = events.slice(seen).flatMap((event) => (event.kind === "refused" ? [event.error.code] : []));
    seen = events.length;
    return codes;
  };
  return { crypto, clock, peripheral, flash, events, label: started.label, refusals };
}

/** A programmer that does each step when the test says so. */
export class ScriptedProgrammer {
  readonly #bench: Bench;
  readonly #fragmenter = new Fragmenter();
  readonly #control = new Reassembler();
  readonly #telemetry = new Reassembler();
  readonly #mtu: number;
  /** Control messages that have come and were not taken. */
  readonly inbox: Uint8Array[] = [];
  /** Telemetry as it came, encrypted. */
  readonly messages: Uint8Array[] = [];
  readonly tokens: AcceptedToken[] = [];
  session: ProgrammerSession | undefined;
  verifier: StreamVerifier | undefined;
  nextId = 1;

  constructor(bench: Bench, mtu = 247) {
    this.#bench = bench;
    this.#mtu = mtu;
    bench.peripheral.onSend = (to, value) => this.#came(to, value);
  }

  #came(to: Outgoing, value: Uint8Array): void {
    const { clock } = this.#bench;
    if (value.length > this.#mtu - ATT_OVERHEAD) throw new Error(`a value of ${value.length} bytes`);
    const message = (to === "control" ? this.#control : this.#telemetry).push(value, clock.now);
    if (message === undefined) return;
    if (to === "control") this.inbox.push(message);
    else {
      this.messages.push(message);
      const token = this.session?.telemetry.open(message);
      if (token !== undefined && this.verifier !== undefined) this.tokens.push(this.verifier.accept(token));
    }
  }

  write(message: Uint8Array): void {
    const { events } = this.#bench.peripheral;
    for (const fragment of this.#fragmenter.cut(message, this.#mtu - ATT_OVERHEAD)) events?.written(fragment);
  }

  async take(): Promise<Uint8Array> {
    await settle();
    const message = this.inbox.shift();
    if (message === undefined) throw new Error("expected a control message, came none");
    return message;
  }

  /** Connects, subscribes, shakes hands, asks who it is. */
  async authenticate(label = this.#bench.label): Promise<void> {
    const { crypto, peripheral } = this.#bench;
    peripheral.connect(this.#mtu);
    peripheral.subscribe();
    const responder = await LabelResponderWaitLabel3.answer(crypto, label, await this.take());
    this.write(responder.label_2);
    this.session = programmerSession(crypto, responder.receive(await this.take()));
    const { result } = await this.command("identify", null);
    const { claims } = parseCwtUnverified(result as Uint8Array);
    if (!claims.has(CLAIM.cti)) throw new Error("expected a cti");
    const key = toVerificationKey(confirmedKey(crypto, claims));
    this.verifier = new StreamVerifier(crypto, { ...key, kid: keyId(crypto, key) }, 1);
  }

  sealed(name: CommandName, parameters: CborValue): Uint8Array {
    if (this.session === undefined) throw new Error("expected a session");
    return this.session.commands.seal(encodeCommand(this.nextId++, name, parameters));
  }

  async command(name: CommandName, parameters: CborValue): Promise<Reply> {
    this.write(this.sealed(name, parameters));
    return this.reply();
  }

  async reply(): Promise<Reply> {
    const message = await this.take();
    if (this.session === undefined) throw new Error("expected a session");
    return decodeReply(this.session.replies.open(message));
  }

  /** kind and sequence of each token that came. */
  get heard(): string[] {
    return this.tokens.map(({ kind, cti }) => `${kind} ${cti.boot}/${cti.sequence}`);
  }
}
