/** A device on the bench: a clock that stands until it is moved, a radio without a radio, a programmer by the book. */
import { PacedSensor, SyntheticSource } from "../../../modules/cardiac/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { CREDENTIAL_SECTORS, Trust } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import {
  type Button,
  type Clock,
  Device,
  type DeviceEvent,
  type DevicePorts,
} from "../../../modules/device/index.js";
import {
  type EadItem,
  type EdhocIdentity,
  EdhocResponderReceivedM1,
  kcwtIdCred,
} from "../../../modules/edhoc/index.js";
import { errorCode } from "../../../modules/error/index.js";
import { type Flash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import {
  ATT_OVERHEAD,
  Fragmenter,
  type LinkEvents,
  type Outgoing,
  type Peripheral,
  type PeripheralLink,
  Reassembler,
} from "../../../modules/gatt/index.js";
import { type AcceptedToken, DeviceVerifier } from "../../../modules/reading/index.js";
import {
  CONNECTION_ID,
  type CommandName,
  chooseVersion,
  decodeReply,
  encodeCommand,
  LabelResponderWaitLabel3,
  METHOD,
  type ProgrammerSession,
  pairingPasskey,
  programmerSession,
  type Reply,
  suiteFor,
  VERSION_EAD,
} from "../../../modules/session/index.js";
import { Clinic, MADE_AT } from "./clinic.js";

export { MADE_AT } from "./clinic.js";

/** The timers of a device that nobody talks to: one, to write its uptime down. */
export const RESTING = 1;

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

/** The radio: keeps to the port's rules, and lets the test play the central. One at a time. */
export class BenchPeripheral implements Peripheral {
  #connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  /** What the device listens with, while a central is there. */
  events: LinkEvents | undefined;
  info: Uint8Array = new Uint8Array(0);
  /** Values that the central got. */
  readonly sent: { to: Outgoing; value: Uint8Array }[] = [];
  onSend: ((to: Outgoing, value: Uint8Array) => void) | undefined;
  /** How many values the stack takes; `ready` is the test's to call. */
  room = Number.POSITIVE_INFINITY;
  /** Passkeys that the device let its link be paired with. */
  readonly passkeys: number[] = [];
  /** How often the device hung up. */
  disconnects = 0;

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.#connected = connected;
  }
  setCapacity(): void {}
  setInfo(value: Uint8Array): void {
    this.info = value;
  }
  close(): void {
    this.lose();
  }

  connect(mtu = 247): void {
    this.sent.length = 0;
    let here = true;
    const link: PeripheralLink = {
      mtu: 23,
      send: (to, value) => here && this.#send(to, value),
      allowPairing: (passkey) => this.passkeys.push(passkey),
      disconnect: () => {
        if (!here) return;
        this.disconnects++;
        this.lose();
      },
    };
    const events = this.#connected?.(link);
    if (events === undefined) throw new Error("expected the device to advertise");
    const { disconnected } = events;
    this.events = events;
    this.#end = () => {
      here = false;
      disconnected.call(events);
    };
    events.mtuChanged(mtu);
  }
  #end: () => void = () => {};

  #send(to: Outgoing, value: Uint8Array): boolean {
    if (this.room === 0) return false;
    this.room--;
    this.sent.push({ to, value });
    this.onSend?.(to, value);
    return true;
  }

  subscribe(): void {
    this.events?.subscribed("telemetry", true);
    this.events?.subscribed("control", true);
  }
  lose(): void {
    if (this.events === undefined) return;
    this.events = undefined;
    this.#end();
  }
}

export class BenchButton implements Button {
  down = false;
  #changed: ((down: boolean) => void) | undefined;

  listen(changed: (down: boolean) => void): void {
    this.#changed = changed;
  }

  press(): void {
    this.down = true;
    this.#changed?.(true);
  }

  release(): void {
    this.down = false;
    this.#changed?.(false);
  }

  /** Held for so long, then let go. */
  async hold(clock: SteppedClock, ms: number): Promise<void> {
    this.press();
    await clock.pass(ms);
    this.release();
  }
}

/** What flash holds. */
export function bytesOf(flash: Flash): Uint8Array {
  return flash.read(0, CREDENTIAL_SECTORS * SECTOR_SIZE);
}

/** What a programmer has of the radio. */
export interface Radio {
  readonly events: LinkEvents | undefined;
  onSend: ((to: Outgoing, value: Uint8Array) => void) | undefined;
  connect(mtu?: number): void;
  subscribe(): void;
}

export interface Bench {
  readonly crypto: Crypto;
  readonly device: Device;
  readonly clock: SteppedClock;
  readonly peripheral: BenchPeripheral;
  readonly flash: Flash;
  readonly button: BenchButton;
  readonly events: DeviceEvent[];
  /** What is printed on the device. */
  readonly label: Uint8Array;
  /** Codes of what the device refused so far, and forgets them. */
  refusals(): string[];
}

/** A device with a credential, and with this flash one that has been started before. */
export async function startDevice(
  crypto: Crypto,
  before?: Flash,
  more: Partial<DevicePorts> = {},
): Promise<Bench> {
  const flash = before ?? (await (await Clinic.open(crypto)).provisionedFlash());
  const clock = new SteppedClock();
  const peripheral = new BenchPeripheral();
  const events: DeviceEvent[] = [];
  const sensor = new PacedSensor(new SyntheticSource({ seed: 1 }), { clock: () => clock.now });
  const observe = (event: DeviceEvent) => {
    events.push(event);
  };
  const button = new BenchButton();
  const ports = { crypto, flash, clock, peripheral, sensor, button, madeAt: MADE_AT, observe, ...more };
  const device = (await Device.start(ports)) as Device;
  const started = events.find((event) => event.kind === "started");
  if (started?.kind !== "started")
    throw new Error(
      `expected the device to start, came ${JSON.stringify(events.map((e) => (e.kind === "fault" ? e.error.message : e.kind)))}`,
    );
  let seen = 0;
  const refusals = () => {
    const codes = events.slice(seen).flatMap((event) => (event.kind === "refused" ? [event.error.code] : []));
    seen = events.length;
    return codes;
  };
  return { crypto, device, clock, peripheral, flash, button, events, label: started.label, refusals };
}

/** What message_2 is made of, where it is not by the book. */
export interface Answer extends Partial<EdhocIdentity> {
  readonly ead_2?: EadItem[];
  /** Beside those by the book. */
  readonly more?: readonly EadItem[];
}

/** A programmer that does each step when the test says so. */
export class ScriptedProgrammer {
  readonly #bench: Pick<Bench, "crypto" | "clock">;
  readonly #radio: Radio;
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
  /** What it would pair its link with. */
  passkey: number | undefined;
  verifier: DeviceVerifier | undefined;
  nextId = 1;
  /** Whose programmer it is; of the bench's own clinic, if the test does not say. */
  clinic: Clinic | undefined;
  /** Which devices it believes, and has met. */
  trust: Trust | undefined;

  constructor(bench: Bench, mtu = 247, radio: Radio = bench.peripheral) {
    this.#bench = bench;
    this.#radio = radio;
    this.#mtu = mtu;
    radio.onSend = (to, value) => this.#came(to, value);
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
    const { events } = this.#radio;
    for (const fragment of this.#fragmenter.cut(message, this.#mtu - ATT_OVERHEAD)) events?.written(fragment);
  }

  async take(): Promise<Uint8Array> {
    await settle();
    const message = this.inbox.shift();
    if (message === undefined) throw new Error("expected a control message, came none");
    return message;
  }

  /** Connects and subscribes; takes message_1 and answers it. */
  async answer(by: Answer = {}) {
    this.#radio.connect(this.#mtu);
    this.#radio.subscribe();
    return this.compose(await this.take(), by);
  }

  async compose(message_1: Uint8Array, { ead_2, more = [], ...by }: Answer = {}) {
    const { crypto } = this.#bench;
    this.clinic ??= await Clinic.open(crypto);
    const { clinic } = this;
    const time = () => ({ floor: MADE_AT });
    this.trust ??= new Trust(crypto, { anchor: clinic.anchor, kinds: ["device"], time });
    const received = EdhocResponderReceivedM1.receive(
      crypto,
      {
        methods: [METHOD],
        suites: [suiteFor(clinic.anchor.curve)],
        understood: [VERSION_EAD],
        fetchCredential: this.trust.fetchCredential,
      },
      message_1,
    );
    const cred = by.cred ?? clinic.credential.token;
    const identity = { id_cred: kcwtIdCred(cred), cred, key: clinic.key, ...by };
    return received.composeMessage2(
      identity,
      CONNECTION_ID.responder,
      ead_2 ?? [...chooseVersion(received.ead_1), ...more],
    );
  }

  /** Connects, subscribes, shakes hands. */
  async authenticate(by: Answer = {}): Promise<void> {
    await this.finish(await this.answer(by));
  }

  /** Connects to a device whose label session is open, and confirms that it holds the label. */
  async openLabel(label: Uint8Array): Promise<void> {
    const { crypto } = this.#bench;
    this.#radio.connect(this.#mtu);
    this.#radio.subscribe();
    const responder = await LabelResponderWaitLabel3.answer(crypto, label, await this.take());
    this.write(responder.label_2);
    this.session = programmerSession(crypto, responder.receive(await this.take()));
    await settle();
  }

  /** Fetches the Authority's word for this programmer. @returns the reply's code */
  async refresh(but: Parameters<Clinic["freshness"]>[1] = {}): Promise<number> {
    const { result } = await this.command("challenge", null);
    const clinic = this.clinic ?? (await Clinic.open(this.#bench.crypto));
    return (await this.command("freshness", await clinic.freshness(result as Uint8Array, but))).code;
  }

  /** The code that a command is answered with, by name; undefined where it is done. */
  async code(name: CommandName, parameters: CborValue): Promise<string | undefined> {
    const { code } = await this.command(name, parameters);
    return code === 0 ? undefined : errorCode(code);
  }

  /** Sends message_2 and the rest. */
  async finish(waitM3: Awaited<ReturnType<ScriptedProgrammer["answer"]>>): Promise<void> {
    this.write(waitM3.message_2);
    await this.proceed(waitM3);
  }

  /** Takes message_3 and sends the last. */
  async proceed(waitM3: Awaited<ReturnType<ScriptedProgrammer["answer"]>>): Promise<void> {
    const { crypto } = this.#bench;
    const verified = await waitM3.receive(await this.take());
    const { message_4, session } = verified.composeMessage4();
    this.write(message_4);
    await settle();
    this.session = programmerSession(crypto, session.exporter);
    this.passkey = pairingPasskey(session.exporter);
    this.trust?.keep(session.peer);
    const { credential } = session.peer;
    this.verifier = new DeviceVerifier(crypto, { ...credential.key, kid: credential.kid });
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
