import { type Identity, openIdentity } from "../credential/index.js";
import { VagusError } from "../error/index.js";
import { INFO_STATE, MESSAGE_MAX, MTU_MAX, MTU_MIN, PROTOCOL_VERSION } from "../gatt/index.js";
import type { DeviceTime } from "../reading/index.js";
import { Channel } from "./channel.js";
import { Commands } from "./commands.js";
import {
  type ConnectionEvent,
  type ConnectionOutput,
  type ConnectionState,
  IDLE,
  step,
} from "./connection.js";
import type { DevicePorts } from "./ports.js";
import { Streamer } from "./streamer.js";

/** Messages that may wait while one is being worked on; a central that sends more is not listening. */
const WAITING_MAX = 4;

/** Joins the ports: advertises, lets one programmer in, obeys it, streams to it. */
export class Device {
  readonly #ports: DevicePorts;
  readonly #identity: Identity;
  readonly #streamer: Streamer;
  readonly #commands: Commands;
  /** On the port's clock, which may count from before the device did. */
  readonly #startedMs: number;
  #connection: ConnectionState = IDLE;
  #channel: Channel | undefined;
  #stopTick: (() => void) | undefined;
  #stopPump: (() => void) | undefined;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;

  private constructor(ports: DevicePorts, identity: Identity, startedMs: number) {
    this.#ports = ports;
    this.#identity = identity;
    this.#startedMs = startedMs;
    const signer = { crypto: ports.crypto, key: identity.key, kid: identity.kid };
    this.#streamer = new Streamer(signer, ports.sensor, identity.boot, () => this.#time());
    this.#commands = new Commands(signer, this.#streamer);
  }

  /** Reads who it is from flash, then advertises. */
  static async start(ports: DevicePorts): Promise<Device> {
    const startedMs = ports.clock.monotonicMs();
    const identity = await openIdentity(ports.crypto, ports.flash, ports.madeAt);
    const device = new Device(ports, identity, startedMs);
    device.#setInfo("idle");
    ports.peripheral.open({
      connected: (mtu) => device.#connected(mtu),
      mtuChanged: (mtu) => device.#useMtu(mtu),
      subscribed: (characteristic, wanted) => device.#step({ kind: "subscribed", characteristic, wanted }),
      written: (value) => device.#written(value),
      ready: () => device.#ready(),
      disconnected: () => device.#step({ kind: "disconnected" }),
    });
    ports.observe({ kind: "started", label: identity.label, boot: identity.boot, fresh: identity.fresh });
    return device;
  }

  /**
   * The floor plus the uptime. Each is cut to whole seconds, so the true time may be 2 s later; behind a restart
   * nobody can say how long the device was off.
   */
  #time(): DeviceTime {
    const uptime = Math.floor((this.#ports.clock.monotonicMs() - this.#startedMs) / 1000);
    return { seconds: this.#identity.floor + uptime, uncertainty: this.#identity.fresh ? 2 : null };
  }

  #connected(mtu: number): void {
    if (this.#channel !== undefined) return;
    this.#channel = new Channel(this.#ports.crypto, this.#ports.peripheral, usableMtu(mtu));
    this.#setInfo("busy");
    this.#ports.observe({ kind: "connected" });
    this.#step({ kind: "connected" });
  }

  #useMtu(mtu: number): void {
    if (this.#channel !== undefined) this.#channel.mtu = usableMtu(mtu);
  }

  #written(value: Uint8Array): void {
    const channel = this.#channel;
    try {
      const message = channel?.assemble(value, this.#ports.clock.monotonicMs());
      if (channel === undefined || message === undefined) return;
      if (this.#waiting >= WAITING_MAX || channel.control.waiting > MESSAGE_MAX) {
        throw new VagusError("device/busy", `expected at most ${WAITING_MAX} messages to wait, came another`);
      }
      this.#step({ kind: "message", message });
    } catch (error) {
      this.#refuse(error);
    }
  }

  #ready(): void {
    this.#channel?.control.flush();
    this.#channel?.telemetry.flush();
    this.#pump();
  }

  #step(event: ConnectionEvent): void {
    const { clock } = this.#ports;
    const { state, outputs, deadline } = step(this.#connection, event, clock.monotonicMs());
    this.#connection = state;
    this.#stopTick?.();
    this.#stopTick = undefined;
    if (deadline !== undefined) {
      this.#stopTick = clock.after(Math.max(0, deadline - clock.monotonicMs()), () =>
        this.#step({ kind: "tick" }),
      );
    }
    for (const output of outputs) this.#carryOut(output);
  }

  #carryOut(output: ConnectionOutput): void {
    const channel = this.#channel;
    switch (output.kind) {
      case "disconnect":
        this.#ports.peripheral.disconnect();
        break;
      case "forget":
        this.#forget();
        break;
      case "start-handshake":
        this.#enqueue(channel, "failed", (open) => open.startHandshake(this.#identity.label));
        break;
      case "handshake":
        this.#enqueue(channel, "failed", async (open) => {
          await open.finishHandshake(output.message);
          if (open !== this.#channel) return;
          this.#ports.observe({ kind: "authenticated" });
          this.#step({ kind: "authenticated" });
        });
        break;
      case "command":
        this.#enqueue(channel, undefined, async (open) => {
          await open.obey(output.message, this.#commands);
          this.#pump();
        });
    }
  }

  /** One thing after the other; what is left over from a connection that is gone is not begun. */
  #enqueue(
    channel: Channel | undefined,
    onError: "failed" | undefined,
    action: (channel: Channel) => Promise<void>,
  ): void {
    this.#waiting++;
    this.#work = this.#work
      .then(() => (channel !== undefined && channel === this.#channel ? action(channel) : undefined))
      .catch((error) => {
        if (channel === this.#channel || !(error instanceof VagusError)) this.#refuse(error);
        if (onError !== undefined && channel === this.#channel) this.#step({ kind: onError });
      })
      .then(() => {
        this.#waiting--;
      });
  }

  /** Sends what is due, one token at a time: the next is made when the radio has taken the last. */
  #pump(): void {
    this.#stopPump?.();
    this.#stopPump = undefined;
    const due = this.#streamer.dueInMs();
    const channel = this.#channel;
    if (channel === undefined || channel.making || !channel.telemetry.idle) return;
    if (due === undefined || due === Number.POSITIVE_INFINITY) return;
    this.#stopPump = this.#ports.clock.after(due, () => {
      this.#stopPump = undefined;
      channel.making = true;
      this.#enqueue(channel, "failed", async (open) => {
        try {
          const token = await this.#streamer.next();
          if (token !== undefined && open === this.#channel) open.sendToken(token);
        } finally {
          open.making = false;
        }
        this.#pump();
      });
    });
  }

  #forget(): void {
    if (this.#channel === undefined) return;
    this.#stopPump?.();
    this.#stopPump = undefined;
    this.#streamer.abandon();
    this.#channel.close();
    this.#channel = undefined;
    this.#setInfo("idle");
    this.#ports.observe({ kind: "disconnected" });
  }

  #setInfo(state: keyof typeof INFO_STATE): void {
    this.#ports.peripheral.setInfo(Uint8Array.of(PROTOCOL_VERSION, INFO_STATE[state]));
  }

  /** A failure that is no refusal is a fault of ours or of the platform: said, and nothing ends by it. */
  #refuse(error: unknown): void {
    const refusal =
      error instanceof VagusError
        ? error
        : new VagusError("device/fault", `expected no failure, came ${String(error)}`);
    this.#ports.observe({ kind: "refused", error: refusal });
  }
}

function usableMtu(mtu: number): number {
  return Math.min(Math.max(mtu, MTU_MIN), MTU_MAX);
}
