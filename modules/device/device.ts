import type { CborValue } from "../cbor/index.js";
import { type Identity, openIdentity, provision, Trust } from "../credential/index.js";
import { VagusError } from "../error/index.js";
import { INFO_STATE, type LinkEvents, type PeripheralLink, PROTOCOL_VERSION } from "../gatt/index.js";
import type { DeviceTime, Signer } from "../reading/index.js";
import type { Command } from "../session/index.js";
import { type CommandSession, obey } from "./commands.js";
import { Connection, type ConnectionOwner } from "./connection.js";
import { EdhocHandshake, type Handshake, LabelHandshake } from "./handshake.js";
import { AUTHENTICATE_MS, linked, turnedAway } from "./lifecycle.js";
import type { DevicePorts } from "./ports.js";
import { Pump } from "./pump.js";
import { fullRation, giveBack, type Ration, take } from "./ration.js";
import { Streamer } from "./streamer.js";

/** How long the button opens the window in which connections are not rationed. */
export const WINDOW_MS = 60_000;

/** Joins the ports: advertises, lets one programmer in, obeys it, streams to it. */
export class Device implements ConnectionOwner {
  readonly #ports: DevicePorts;
  readonly #signer: Signer;
  readonly #streamer: Streamer;
  readonly #pump: Pump;
  /** On the port's clock, which may count from before the device did. */
  readonly #startedMs: number;
  readonly #connections = new Set<Connection>();
  /** Connections whose token of the ration is still out. */
  readonly #owing = new Set<Connection>();
  #identity: Identity;
  #trust: Trust | undefined;
  #session: Connection | undefined;
  #ration: Ration;
  #windowUntil = Number.NEGATIVE_INFINITY;

  private constructor(ports: DevicePorts, identity: Identity, startedMs: number) {
    this.#ports = ports;
    this.#identity = identity;
    this.#startedMs = startedMs;
    this.#signer = { crypto: ports.crypto, key: identity.key, kid: identity.kid };
    this.#streamer = new Streamer(this.#signer, ports.sensor, identity.boot, () => this.#time());
    this.#pump = new Pump(ports.clock, this.#streamer);
    this.#ration = fullRation(startedMs);
    this.#trustAnchor();
  }

  /** Reads who it is from flash, then advertises. */
  static async start(ports: DevicePorts): Promise<Device> {
    const startedMs = ports.clock.monotonicMs();
    const identity = await openIdentity(ports.crypto, ports.flash, ports.madeAt);
    const device = new Device(ports, identity, startedMs);
    device.#show();
    ports.peripheral.open((link) => device.#connected(link));
    ports.button?.(() => device.openWindow());
    const { label, boot, fresh, provisioned } = identity;
    ports.observe({ kind: "started", label, boot, fresh, provisioned: provisioned !== undefined });
    return device;
  }

  /**
   * The button, or a magnet: for a minute connections are not rationed, two are kept, and those that do not
   * authenticate go after 3 s, so that a flood cannot keep a programmer out.
   */
  openWindow(): void {
    this.#windowUntil = this.clock.monotonicMs() + WINDOW_MS;
    for (const connection of [...this.#connections]) connection.hurry(AUTHENTICATE_MS.window);
    this.#makeRoom();
    this.clock.after(WINDOW_MS, () => this.#makeRoom());
  }

  get crypto() {
    return this.#ports.crypto;
  }

  get clock() {
    return this.#ports.clock;
  }

  endsInMs(expires: number | undefined): number {
    if (expires === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, (expires - this.#time().seconds) * 1000);
  }

  /** There is one session at a time; a newer one that has authenticated takes over. */
  authenticated(connection: Connection): void {
    if (this.#owing.delete(connection)) this.#ration = giveBack(this.#ration);
    if (this.#session !== undefined) this.#pump.stop(); // its link may be slow to go
    this.#session = connection;
    this.#makeRoom(); // first: a place that is freed must not be taken again
    for (const other of [...this.#connections]) if (other !== connection) other.disconnect();
    this.#ports.observe({ kind: "authenticated" });
  }

  obey(command: Command, session: CommandSession): Promise<CborValue> {
    return obey(command, session, {
      signer: this.#signer,
      streamer: this.#streamer,
      provision: (credential, anchor) => this.#provision(credential, anchor),
    });
  }

  ready(connection: Connection): void {
    if (connection === this.#session) this.#pump.run(connection);
  }

  /** A failure that is no refusal is a fault of ours or of the platform: said, and nothing ends by it. */
  refused(error: unknown): void {
    const refusal =
      error instanceof VagusError
        ? error
        : new VagusError("device/fault", `expected no failure, came ${String(error)}`);
    this.#ports.observe({ kind: "refused", error: refusal });
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection);
    this.#owing.delete(connection);
    if (connection === this.#session) {
      this.#session = undefined;
      this.#pump.stop();
    }
    this.#makeRoom();
    this.#show();
    this.#ports.observe({ kind: "disconnected" });
  }

  #connected(link: PeripheralLink): LinkEvents {
    const now = this.clock.monotonicMs();
    const window = now < this.#windowUntil;
    const rest = window ? this.#ration : take(this.#ration, now);
    const limit = window ? AUTHENTICATE_MS.window : AUTHENTICATE_MS.always;
    const state = rest === undefined ? turnedAway(now) : linked(now, limit);
    const connection = new Connection(this, link, this.#handshake(), state);
    this.#connections.add(connection);
    this.#show();
    this.#ports.observe({ kind: "connected" });
    if (rest === undefined) {
      this.refused(new VagusError("device/ration", "expected a handshake in the ration, came one too many"));
    } else if (!window) {
      this.#ration = rest;
      this.#owing.add(connection);
    }
    return connection;
  }

  #handshake(): Handshake {
    const { provisioned } = this.#identity;
    if (provisioned === undefined || this.#trust === undefined) {
      return new LabelHandshake(this.crypto, this.#identity);
    }
    return new EdhocHandshake(this.crypto, this.#identity, provisioned.credential, this.#trust);
  }

  #provision(credential: Uint8Array, anchor: Uint8Array): void {
    this.#identity = provision(this.crypto, this.#ports.flash, this.#identity, credential, anchor);
    this.#trustAnchor();
  }

  /** Programmers and hubs of the Authority that this device is provisioned by, for it or one of its groups. */
  #trustAnchor(): void {
    const { provisioned } = this.#identity;
    if (provisioned === undefined) return;
    const { anchor, credential } = provisioned;
    this.#trust = new Trust(this.crypto, {
      anchor,
      kinds: ["programmer"],
      time: () => ({ floor: this.#time().seconds }),
      audience: [credential.subject, ...credential.audience],
      ...(this.#ports.revoked && { revoked: this.#ports.revoked }),
    });
  }

  #makeRoom(): void {
    const window = this.clock.monotonicMs() < this.#windowUntil;
    this.#ports.peripheral.setCapacity(window && this.#session === undefined ? 2 : 1);
  }

  #show(): void {
    const state = this.#connections.size > 0 ? INFO_STATE.busy : INFO_STATE.idle;
    this.#ports.peripheral.setInfo(Uint8Array.of(PROTOCOL_VERSION, state));
  }

  /**
   * The floor plus the uptime. Each is cut to whole seconds, so the true time may be 2 s later; behind a restart
   * nobody can say how long the device was off.
   */
  #time(): DeviceTime {
    const uptime = Math.floor((this.clock.monotonicMs() - this.#startedMs) / 1000);
    return { seconds: this.#identity.floor + uptime, uncertainty: this.#identity.fresh ? 2 : null };
  }
}
