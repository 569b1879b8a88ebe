import type { CborValue } from "../cbor/index.js";
import {
  type Holder,
  type HolderState,
  type Own,
  restsOnRevoked,
  SAVE_S,
  Trust,
} from "../credential/index.js";
import { VagusError } from "../error/index.js";
import { INFO_STATE, type LinkEvents, type PeripheralLink, PROTOCOL_VERSION } from "../gatt/index.js";
import { isPurged, purgeStorageKey } from "../journal/index.js";
import { type Signer, STREAM } from "../reading/index.js";
import type { Command } from "../session/index.js";
import { Admission, WINDOW_MS } from "./admission.js";
import type { ButtonAction } from "./button.js";
import { ButtonWatch } from "./button-watch.js";
import { Chronicle } from "./chronicle.js";
import { type CommandSession, obey, releaser } from "./commands/index.js";
import { Connection, type ConnectionOwner } from "./connection.js";
import { standStill, told } from "./fault.js";
import { EdhocHandshake, type Handshake, LabelHandshake } from "./handshake.js";
import { DEVICE_SECTOR } from "./layout.js";
import { type LinkState, linked, READ_INFO_MS, turnedAway } from "./lifecycle.js";
import { type Memory, openMemory } from "./memory.js";
import type { DevicePorts } from "./ports.js";
import { sheltered } from "./shelter.js";
import { Streams } from "./streams.js";
import { EFFECT, Therapy, type Told } from "./therapy/index.js";
import { type DeviceView, viewOf } from "./view.js";

/** Joins the ports: advertises, lets one programmer in, obeys it, streams to it. */
export class Device implements ConnectionOwner {
  readonly #ports: DevicePorts;
  readonly #holder: Holder;
  readonly #therapy: Therapy;
  readonly #streams: Streams;
  readonly #chronicle: Chronicle;
  readonly #admission: Admission;
  readonly #connections = new Set<Connection>();
  #state: HolderState;
  #trust: Trust | undefined;
  /** What `#trust` was made for. */
  #trusting: Own | undefined;
  #epoch: number;
  #session: Connection | undefined;

  private constructor(ports: DevicePorts, memory: Memory, therapy: Therapy) {
    const { flash, clock } = ports;
    const { holder, audit } = memory;
    const { floor, fresh } = holder;
    this.#ports = ports;
    this.#holder = holder;
    this.#therapy = therapy;
    this.#state = holder.state;
    this.#epoch = holder.epoch;
    this.#chronicle = new Chronicle(audit, holder, (error) => this.complain(error));
    this.#streams = new Streams(ports, memory, {
      time: () => ({ seconds: floor.seconds, uncertainty: floor.uncertainty }),
      signer: () => this.signer(),
      session: () => this.#session,
      failed: (error) => this.fault(error),
    });
    this.#admission = new Admission(flash, fresh, clock);
    this.trustAnchor();
    therapy.operations.teach(
      EFFECT.release,
      releaser(() => this.streams.journal),
    );
  }

  /**
   * The heart lives, paced as it was programmed last, before anything else is looked at. Reads who it is from flash, then advertises.
   * Nothing that fails in the ports, or in what they call, goes further than this.
   * @returns undefined where flash cannot be read: then it says so, and serves nobody
   */
  static async start(outside: DevicePorts): Promise<Device | undefined> {
    const ports = sheltered(outside);
    const { clock, peripheral, observe } = ports;
    const therapy = new Therapy(ports);
    let device: Device;
    try {
      device = new Device(ports, await openMemory(ports), therapy);
    } catch (error) {
      standStill(ports, error);
      return undefined;
    }
    device.show();
    peripheral.open((link) => device.connected(link));
    if (ports.button !== undefined) new ButtonWatch(ports.button, clock, (action) => device.pressed(action));
    device.keepTime();
    const { label, boot, fresh, state } = device.holder;
    device.#chronicle.note("started");
    observe({ kind: "started", label, boot, fresh, state });
    therapy.attend(
      (...deed) => device.treated(...deed),
      (error) => device.fault(error),
      () => device.streams.running(STREAM.ecg),
    );
    ports.show?.(() => device.view);
    return device;
  }

  /**
   * The button, or a magnet: for a minute connections are not rationed, two are kept, and those that do not
   * authenticate go after 3 s, so that a flood cannot keep a programmer out.
   */
  openWindow(): void {
    this.#admission.openWindow();
    for (const connection of [...this.#connections]) connection.hurry(this.#admission.authenticateMs);
    this.makeRoom();
    this.clock.after(WINDOW_MS, () => {
      this.makeRoom();
      this.show();
    });
    this.#ports.observe({ kind: "window" });
  }

  /** What a display shows of it. */
  get view(): DeviceView {
    const { streams } = this;
    return viewOf({
      holder: this.#holder,
      admission: this.#admission,
      session: this.#session,
      connections: this.#connections.size,
      recording: streams.running(),
      journal: streams.journal,
    });
  }

  get crypto() {
    return this.#ports.crypto;
  }

  get pairing(): boolean {
    return this.#ports.pairing === true;
  }

  get clock() {
    return this.#ports.clock;
  }

  get holder() {
    return this.#holder;
  }

  get streams() {
    return this.#streams;
  }

  get audit() {
    return this.#chronicle.log;
  }

  get operations() {
    return this.#therapy.operations;
  }

  get pacing() {
    this.#therapy.liveOn(); // what is asked or ordered is of now
    return this.#therapy.pacing;
  }

  get nowMs(): number {
    return this.clock.monotonicMs();
  }

  endsInMs(expires: number | undefined): number {
    if (expires === undefined) return this.#admission.labelLeftMs;
    return Math.max(0, this.#holder.floor.msUntil(expires));
  }

  /** There is one session at a time; a newer one that has authenticated takes over. */
  authenticated(connection: Connection): void {
    this.#admission.succeeded(connection);
    if (this.#session !== undefined) this.ended(this.#session); // its link may be slow to go
    this.#streams.leave(); // nothing of before is heard in this session
    this.#session = connection;
    const { peer } = connection.rights;
    if (peer !== undefined) this.#holder.floor.raise((peer.ancestor ?? peer.credential).issued);
    this.makeRoom(); // first: a place that is freed must not be taken again
    this.dismissOthers();
    this.#chronicle.opened(peer?.credential.kid ?? null);
    this.#ports.observe({ kind: "authenticated" });
  }

  obey(command: Command, session: CommandSession): CborValue | Promise<CborValue> {
    const who = kidOf(session);
    const tell = this.#chronicle.begin(command, who);
    const done = (result: CborValue) => {
      this.lookAgain();
      tell();
      return result;
    };
    const refused = (error: unknown) => {
      this.lookAgain(); // flash may have failed half-way
      if (error instanceof VagusError) this.#chronicle.refused("commandRefused", error, who);
      throw error;
    };
    try {
      const result = obey(command, session, this);
      return result instanceof Promise ? result.then(done, refused) : done(result);
    } catch (error) {
      return refused(error);
    }
  }

  /**
   * Whoever is revoked now goes at once, and who is in the midst of a handshake begins anew; a device without a key
   * streams no more.
   */
  private changed(): void {
    const { state } = this.#holder;
    const peer = this.#session?.rights.peer;
    this.trustAnchor();
    this.dismissOthers();
    if (peer === undefined) this.#admission.closeProvisioning();
    if (state !== this.#state) this.became(state);
    this.show();
    if (peer !== undefined && restsOnRevoked(peer, this.#holder)) this.#session?.disconnect();
  }

  /** Is what the device holds as it was? */
  private lookAgain(): void {
    const { own, epoch } = this.#holder;
    if (own === this.#trusting && epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.changed();
  }

  ready(connection: Connection): void {
    if (connection === this.#session) this.#streams.ready(connection);
  }

  /** A failure that is no refusal is a fault of ours or of the platform: said, and nothing ends by it. */
  refused(error: unknown, session?: Connection): void {
    const refusal = told(error);
    if (session !== undefined) this.#chronicle.refused("messageRefused", refusal, kidOf(session));
    else {
      const event = refusal.code === "device/ration" ? "rationEmpty" : "handshakeRefused";
      this.#chronicle.refused(event, refusal);
    }
    this.complain(error);
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection);
    this.#admission.gone(connection);
    if (connection === this.#session) {
      this.ended(connection);
      this.#session = undefined;
    }
    this.makeRoom();
    this.show();
    this.#ports.observe({ kind: "disconnected" });
  }

  private ended(connection: Connection): void {
    this.over(connection);
    this.#chronicle.note("sessionClosed", kidOf(connection));
  }

  radiated(octets: number): void {
    this.#ports.implant?.radiated(octets);
  }

  /** Its session is over, though its link may still be there: what was of it alone ends now. */
  over(connection: Connection): void {
    if (connection !== this.#session) return;
    this.#therapy.pacing?.leave(kidOf(connection));
    this.#streams.leave();
    this.#holder.forget(); // a key that it asked for
  }

  private connected(link: PeripheralLink): LinkEvents {
    const refusal = this.refusal();
    const state = this.begin(refusal);
    const connection = new Connection(this, link, this.handshake(), state);
    this.#connections.add(connection);
    this.show();
    this.#ports.observe({ kind: "connected" });
    if (refusal !== undefined) this.refused(refusal);
    else this.#admission.owes(connection);
    return connection;
  }

  /** One too many is closed at once; others may read what the device is. */
  private begin(refusal: VagusError | undefined): LinkState {
    const { nowMs } = this;
    if (refusal === undefined) return linked(nowMs, this.#admission.authenticateMs);
    return turnedAway(refusal.code === "device/unprovisioned" ? nowMs + READ_INFO_MS : nowMs);
  }

  /** A ration that cannot be written is none. */
  private refusal(): VagusError | undefined {
    try {
      return this.#admission.refusal(this.#holder.state);
    } catch (error) {
      return told(error);
    }
  }

  private handshake(): Handshake {
    const { own, label } = this.#holder;
    if (this.#admission.provisioning || own === undefined || this.#trust === undefined) {
      return new LabelHandshake(this.crypto, label);
    }
    return new EdhocHandshake(this.crypto, own, this.#trust);
  }

  private pressed(action: ButtonAction): void {
    if (action === "factory-reset") {
      this.factoryReset();
      return;
    }
    this.#chronicle.note(action === "provision" ? "buttonProvisioning" : "buttonWindow");
    if (action === "provision") {
      this.#admission.openProvisioning();
      this.#ports.observe({ kind: "provisioning" });
    } else this.#admission.closeProvisioning();
    this.openWindow();
    this.show();
  }

  /** Readings first: a device that is new must not have those of the patient before. */
  private factoryReset(): void {
    try {
      this.forgetReadings();
      this.#holder.factoryReset();
      this.#chronicle.note("factoryReset");
    } catch (error) {
      this.fault(error);
    }
    this.changed();
    this.#session?.disconnect();
  }

  /**
   * A sector that cannot be erased is told. What is recorded from now on is under a new key, whatever else fails.
   * @throws VagusError `flash/…` where the key is still there: then nothing has changed
   */
  private forgetReadings(): void {
    const { flash } = this.#ports;
    try {
      purgeStorageKey(flash, DEVICE_SECTOR.storageKey);
    } catch (error) {
      if (!isPurged(flash, DEVICE_SECTOR.storageKey)) throw error;
      this.fault(error);
    }
    this.#streams.end();
    this.#streams.beginAnew();
  }

  /** What was done to the therapy, by whoever it was. */
  private treated(...[event, who, detail]: Parameters<Told>): void {
    this.#chronicle.note(event, who, detail);
    const { observe } = this.#ports;
    if (event === "magnet") observe({ kind: event, on: detail === true });
    else observe({ kind: event });
    if (event === "magnet" && detail === true) this.openWindow(); // whoever has it is at the bedside
  }

  private became(state: HolderState): void {
    this.#state = state;
    if (state !== "provisioned") this.#streams.end();
    if (state !== "new") this.#chronicle.note(state === "revoked" ? "selfRevoked" : "provisioned");
    this.#ports.observe({ kind: state === "new" ? "reset" : state });
  }

  /** Something of ours went wrong that nobody asked for. */
  private fault(error: unknown): void {
    this.#chronicle.refused("fault", told(error));
    this.complain(error);
  }

  private complain(error: unknown): void {
    this.#ports.observe({ kind: "refused", error: told(error) });
  }

  private dismissOthers(): void {
    for (const other of [...this.#connections]) if (other !== this.#session) other.disconnect();
  }

  private signer(): Signer {
    const { own, state } = this.#holder;
    if (own === undefined) {
      throw new VagusError("device/unprovisioned", `expected a device with a key, came one that is ${state}`);
    }
    return { crypto: this.crypto, key: own.key, kid: own.kid };
  }

  /** Programmers of the Authority that this device is provisioned by, for it or one of its groups, and their hubs. */
  private trustAnchor(): void {
    const { own, anchor, floor } = this.#holder;
    if (own === this.#trusting) return; // it knows who came before
    this.#trusting = own;
    if (own === undefined || anchor === undefined) {
      this.#trust = undefined;
      return;
    }
    const { subject, audience } = own.credential;
    this.#trust = new Trust(this.crypto, {
      anchor,
      kinds: ["programmer", "hub"],
      time: () => ({ floor: floor.seconds }),
      audience: [subject, ...audience],
      revoked: (kid) => this.#holder.isRevoked(kid),
    });
  }

  /** The uptime goes into flash now and then, so that a restart does not set the time back by much. */
  private keepTime(): void {
    this.clock.after(SAVE_S * 1000, () => {
      try {
        this.#holder.floor.save();
      } catch (error) {
        this.fault(error);
      }
      this.#chronicle.settle();
      this.keepTime();
    });
  }

  private makeRoom(): void {
    const { window } = this.#admission;
    this.#ports.peripheral.setCapacity(window ? 2 : 1);
  }

  private show(): void {
    this.#ports.peripheral.setInfo(Uint8Array.of(PROTOCOL_VERSION, INFO_STATE[this.shown()]));
  }

  private shown(): keyof typeof INFO_STATE {
    if (this.#admission.provisioning) return "provisioning";
    const { state } = this.#holder;
    if (state !== "provisioned") return state;
    return this.#connections.size > 0 ? "busy" : "idle";
  }
}

/** Whose session it is; null for one of the label. */
function kidOf({ rights }: CommandSession): Uint8Array | null {
  return rights.peer?.credential.kid ?? null;
}
