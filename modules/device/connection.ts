import type { CborValue } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { encodeError } from "../edhoc/index.js";
import { VagusError } from "../error/index.js";
import {
  type LinkEvents,
  MESSAGE_MAX,
  MTU_MAX,
  MTU_MIN,
  Outbox,
  type Outgoing,
  type PeripheralLink,
  Reassembler,
} from "../gatt/index.js";
import {
  type Command,
  type DeviceSession,
  decodeCommand,
  deviceSession,
  encodeReply,
  pairingPasskey,
} from "../session/index.js";
import type { CommandSession } from "./commands/index.js";
import type { Established, Handshake } from "./handshake.js";
import { type LinkEvent, type LinkOutput, type LinkState, step } from "./lifecycle.js";
import type { Clock } from "./ports.js";
import type { Rights } from "./rights.js";
import { WorkQueue } from "./work-queue.js";

/**
 * Messages that may wait beside the one that is being worked on, in a session and before it: a central that sends more
 * is not listening.
 */
const WAITING_MAX = { open: 3, before: 1 } as const;
/**
 * Octets on air around a value, at 1 Mbit/s and encrypted: preamble 1, access address 4, header 2, L2CAP 4, ATT 3, MIC 4, CRC 3
 * (Core Specification 5.4, Vol 6 Part B section 2.1).
 */
export const AROUND_VALUE = 21;
/** Timers count in 32 bits; what is due later is asked for again then. */
const LONGEST_TIMER_MS = 2 ** 30;

/** What a connection needs of the device, and tells it. */
export interface ConnectionOwner {
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** May the radio pair a link that has a session? */
  readonly pairing: boolean;
  /** Milliseconds until what ends at `expires` (seconds since 1970) has ended; without it, a label session. */
  endsInMs(expires: number | undefined): number;
  authenticated(connection: Connection): void;
  /** @throws VagusError: what the reply then says */
  obey(command: Command, session: CommandSession): CborValue | Promise<CborValue>;
  /** There may be something to send, and room for it. */
  ready(connection: Connection): void;
  /** @param session in which a message was refused, if it is open */
  refused(error: unknown, session?: Connection): void;
  /** Nothing that its session asks for is done any more; the link may take its time to go. */
  over(connection: Connection): void;
  /** So many octets went over the air, whichever way: the battery pays for them. */
  radiated(octets: number): void;
  gone(connection: Connection): void;
}

/** One central's things: fragments under way, the handshake, the session's keys. All of it goes when the link goes. */
export class Connection implements LinkEvents, CommandSession {
  private readonly owner: ConnectionOwner;
  private readonly link: PeripheralLink;
  private handshake: Handshake | undefined;
  private readonly reassembler = new Reassembler();
  private readonly control: Outbox;
  private readonly telemetry: Outbox;
  private state: LinkState;
  private established: Established | undefined;
  private flows: DeviceSession | undefined;
  private rekeyed = false;
  private ended = false;
  private gone = false;
  private readonly work = new WorkQueue((error, task) => this.failed(error, task));
  private stopTick: (() => void) | undefined;

  constructor(owner: ConnectionOwner, link: PeripheralLink, handshake: Handshake, state: LinkState) {
    this.owner = owner;
    this.link = link;
    this.handshake = handshake;
    this.control = new Outbox(this, "control", usable(link.mtu));
    this.telemetry = new Outbox(this, "telemetry", usable(link.mtu));
    this.state = state;
    this.schedule();
  }

  get open(): boolean {
    const { phase, deadline = Number.POSITIVE_INFINITY } = this.state;
    return phase === "open" && !this.gone && this.owner.clock.monotonicMs() < deadline;
  }

  /** May a token be sent now? One at a time: the next when the radio has taken the last. */
  get idle(): boolean {
    return this.open && this.telemetry.idle;
  }

  /** @throws VagusError `session/closed` */
  get rights(): Rights {
    if (this.established === undefined) throw closed();
    return this.established.rights;
  }

  mtuChanged(mtu: number): void {
    this.control.mtu = usable(mtu);
    this.telemetry.mtu = usable(mtu);
  }

  subscribed(characteristic: Outgoing, wanted: boolean): void {
    this.step({ kind: "subscribed", characteristic, wanted });
  }

  /** For the outboxes. */
  send(to: Outgoing, value: Uint8Array): boolean {
    const taken = this.link.send(to, value);
    if (taken) this.owner.radiated(value.length + AROUND_VALUE);
    return taken;
  }

  written(value: Uint8Array): void {
    this.owner.radiated(value.length + AROUND_VALUE);
    try {
      const message = this.reassembler.push(value, this.owner.clock.monotonicMs());
      if (message === undefined) return;
      const most = this.open ? WAITING_MAX.open : WAITING_MAX.before;
      if (this.work.length >= most || this.control.waiting > MESSAGE_MAX) {
        throw new VagusError("device/busy", `expected at most ${most} messages to wait, came another`);
      }
      this.step({ kind: "message", message });
    } catch (error) {
      this.refused(error);
    }
  }

  ready(): void {
    this.control.flush();
    this.telemetry.flush();
    this.owner.ready(this);
  }

  disconnected(): void {
    if (this.gone) return;
    this.gone = true;
    this.stopTick?.();
    this.work.clear();
    this.control.close();
    this.telemetry.close();
    this.handshake?.close();
    this.established?.close();
    this.flows = undefined;
    this.owner.gone(this);
  }

  /** The radio may take its time: nothing is heard or said until then. */
  disconnect(): void {
    this.step({ kind: "dismissed" });
  }

  /** Leaves so much time to authenticate, if it has not. */
  hurry(authenticateMs: number): void {
    this.step({ kind: "hurry", authenticateMs });
  }

  /** One thing after the other, and nothing of a connection that is gone; a failure closes where `fatal` says so. */
  enqueue(fatal: boolean, action: () => undefined | Promise<void>): void {
    this.work.add({ fatal, at: this.owner.clock.monotonicMs(), action });
  }

  /** Encrypts a token and hands it to the radio. @throws VagusError `session/closed`, `session/exhausted` */
  sendToken(token: Uint8Array): void {
    if (this.open) this.telemetry.post(this.opened().telemetry.seal(token));
  }

  rekey(nonce: Uint8Array): void {
    this.established?.keyUpdate(nonce);
    this.rekeyed = true;
  }

  end(): void {
    this.ended = true;
  }

  /** The link may still be there, but nothing is said on it any more. */
  private get overNow(): boolean {
    return this.gone || this.state.phase === "closing";
  }

  private step(event: LinkEvent): void {
    if (this.gone) return;
    const { state, outputs } = step(this.state, event, this.owner.clock.monotonicMs());
    const ends = this.state.phase === "open" && state.phase === "closing";
    this.state = state;
    if (state.phase === "closing") this.work.clear(); // what waits behind the end of a session is not done
    if (ends) this.owner.over(this);
    this.schedule();
    for (const output of outputs) this.carryOut(output);
  }

  private schedule(): void {
    const { clock } = this.owner;
    this.stopTick?.();
    this.stopTick = undefined;
    const { deadline } = this.state;
    if (deadline === undefined) return;
    const wait = Math.min(Math.max(0, deadline - clock.monotonicMs()), LONGEST_TIMER_MS);
    this.stopTick = clock.after(wait, () => this.step({ kind: "tick" }));
  }

  private carryOut(output: LinkOutput): void {
    switch (output.kind) {
      case "disconnect":
        this.link.disconnect();
        break;
      case "tell-refusal":
        this.control.post(encodeError(undefined));
        break;
      case "start-handshake":
        this.enqueue(true, async () => {
          const handshake = this.handshake as Handshake;
          const message = await handshake.begin();
          if (this.gone) handshake.close();
          this.control.post(message);
        });
        break;
      case "handshake":
        this.enqueue(true, () => this.proceed(output.message));
        break;
      case "command":
        this.enqueue(false, () => this.obeyNow(output.message));
    }
  }

  private failed(error: unknown, task: { readonly fatal: boolean; readonly at: number }): void {
    if (!this.gone || !(error instanceof VagusError)) this.refused(error);
    const exhausted = error instanceof VagusError && error.code === "session/exhausted";
    if (task.fatal || exhausted) this.step({ kind: "failed", messageAt: task.at });
  }

  private refused(error: unknown): void {
    if (this.open) this.owner.refused(error, this);
    else this.owner.refused(error);
  }

  private async proceed(message: Uint8Array): Promise<void> {
    const { answer, established } = await (this.handshake as Handshake).receive(message);
    if (this.overNow) return established?.close();
    if (established !== undefined) {
      this.established = established;
      this.handshake = undefined;
      this.flows = deviceSession(this.owner.crypto, established.exporter);
    }
    if (answer !== undefined) this.control.post(answer);
    if (established === undefined) return;
    this.step({ kind: "authenticated", expiresInMs: this.owner.endsInMs(established.expires) });
    if (!this.open) return;
    this.owner.authenticated(this);
    const edhoc = established.expires !== undefined;
    if (edhoc && this.owner.pairing) this.link.allowPairing?.(pairingPasskey(established.exporter));
    this.step({ kind: "expires", expiresInMs: this.owner.endsInMs(established.expires) });
  }

  /**
   * The reply comes behind the write that brought the command, also where that is done at once. No async function: on XS one
   * takes some fifty slots while a command is done.
   */
  private obeyNow(message: Uint8Array): undefined | Promise<void> {
    if (!this.open) return undefined;
    const flows = this.opened();
    const command = decodeCommand(flows.commands.open(message));
    const { id } = command;
    return this.obeyed(command).then(
      (result) => this.reply(flows, id, 0, result ?? null),
      (error) => {
        if (!(error instanceof VagusError)) throw error;
        this.reply(flows, id, error.number, error.message);
      },
    );
  }

  private obeyed(command: Command): Promise<CborValue> {
    try {
      return Promise.resolve(this.owner.obey(command, this));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private reply(flows: DeviceSession, id: number, code: number, result: CborValue): void {
    if (this.overNow) return; // taken over, or too late, while it was done: nobody is answered
    this.control.post(flows.replies.seal(encodeReply({ id, code, result })));
    if (this.rekeyed && this.established !== undefined) {
      this.rekeyed = false;
      this.flows = deviceSession(this.owner.crypto, this.established.exporter);
    }
    this.step({ kind: "expires", expiresInMs: this.owner.endsInMs(this.established?.expires) });
    if (this.ended) this.step({ kind: "ended" });
    this.owner.ready(this);
  }

  private opened(): DeviceSession {
    if (this.flows === undefined) throw closed();
    return this.flows;
  }
}

function closed(): VagusError {
  return new VagusError("session/closed", "expected an open session, came none");
}

function usable(mtu: number): number {
  return Math.min(Math.max(mtu, MTU_MIN), MTU_MAX);
}
