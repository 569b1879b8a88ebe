import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { Outbox, type Outgoing, type Peripheral, Reassembler } from "../gatt/index.js";
import {
  type DeviceSession,
  decodeCommand,
  deviceSession,
  encodeReply,
  LabelInitiatorWaitLabel2,
} from "../session/index.js";
import type { Commands } from "./commands.js";

/** One connection's things: fragments under way, the handshake, the session's keys. It goes when the link goes. */
export class Channel {
  readonly #crypto: Crypto;
  readonly #reassembler = new Reassembler();
  readonly control: Outbox;
  readonly telemetry: Outbox;
  #handshake: LabelInitiatorWaitLabel2 | undefined;
  #session: DeviceSession | undefined;
  #closed = false;
  /** A token is being made for this connection. */
  making = false;

  constructor(crypto: Crypto, peripheral: Peripheral, mtu: number) {
    this.#crypto = crypto;
    const outbox = (to: Outgoing) => new Outbox(mtu, (value) => !this.#closed && peripheral.send(to, value));
    this.control = outbox("control");
    this.telemetry = outbox("telemetry");
  }

  set mtu(mtu: number) {
    this.control.mtu = mtu;
    this.telemetry.mtu = mtu;
  }

  /** @throws VagusError `gatt/fragment` */
  assemble(fragment: Uint8Array, nowMs: number): Uint8Array | undefined {
    return this.#reassembler.push(fragment, nowMs);
  }

  async startHandshake(label: Uint8Array): Promise<void> {
    const handshake = await LabelInitiatorWaitLabel2.start(this.#crypto, label);
    if (this.#closed) return handshake.close();
    this.#handshake = handshake;
    this.control.post(handshake.label_1);
  }

  /** Takes label_2, answers with label_3; the session stands afterwards. @throws VagusError `session/…` */
  async finishHandshake(label_2: Uint8Array): Promise<void> {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    if (handshake === undefined) throw new VagusError("session/order", "expected no message now, came one");
    try {
      const { label_3, exporter } = await handshake.receive(label_2);
      if (this.#closed) return;
      this.#session = deviceSession(this.#crypto, exporter);
      this.control.post(label_3);
    } finally {
      handshake.close();
    }
  }

  /** Opens, runs and answers one command. @throws VagusError for a message that is no command of this session */
  async obey(message: Uint8Array, commands: Commands): Promise<void> {
    const session = this.#open();
    const command = decodeCommand(session.commands.open(message));
    let reply = { id: command.id, code: 0, result: null as Awaited<ReturnType<Commands["run"]>> };
    try {
      reply = { ...reply, result: await commands.run(command) };
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      reply = { ...reply, code: error.number, result: error.message };
    }
    if (!this.#closed) this.control.post(session.replies.seal(encodeReply(reply)));
  }

  /** Encrypts a token and hands it to the radio. */
  sendToken(token: Uint8Array): void {
    this.telemetry.post(this.#open().telemetry.seal(token));
  }

  /** Nothing goes out any more, not even of a step that is under way: the next central must not get it. */
  close(): void {
    this.#closed = true;
    this.#handshake?.close();
    this.#handshake = undefined;
    this.#session = undefined;
  }

  #open(): DeviceSession {
    if (this.#session === undefined)
      throw new VagusError("session/closed", "expected an open session, came none");
    return this.#session;
  }
}
