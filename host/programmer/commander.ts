import type { CborValue } from "../../modules/cbor/index.js";
import { errorCode, VagusError } from "../../modules/error/index.js";
import {
  type CommandName,
  decodeReply,
  encodeCommand,
  type ProgrammerSession,
  type Reply,
} from "../../modules/session/index.js";
import type { Control } from "./control.js";

/** The device's own answer: it has read the command, and not done it. */
export class DeviceRefusal extends VagusError {}

/** Sends commands of a session, one after the other: the reply comes before the next one goes. */
export class Commander {
  readonly #control: Control;
  #session: ProgrammerSession;
  #nextId = 1;
  #commands: Promise<unknown> = Promise.resolve();

  constructor(control: Control, session: ProgrammerSession) {
    this.#control = control;
    this.#session = session;
  }

  /**
   * @param sent called when the command is on its way, and the flows that come after its reply
   * @throws DeviceRefusal with the device's own code where it refuses; VagusError `session/timeout`, `gatt/disconnected`
   */
  command(name: CommandName, parameters: CborValue, sent?: () => ProgrammerSession): Promise<CborValue> {
    const result = this.#commands.then(() => this.#run(name, parameters, sent));
    this.#commands = result.catch(() => {});
    return result;
  }

  async #run(
    name: CommandName,
    parameters: CborValue,
    sent: (() => ProgrammerSession) | undefined,
  ): Promise<CborValue> {
    const id = this.#nextId++;
    const message = this.#session.commands.seal(encodeCommand(id, name, parameters));
    const next = sent?.();
    await this.#control.send(message);
    const reply = await this.#reply(id, name);
    if (reply.code !== 0) {
      const code = errorCode(reply.code) ?? "device/command";
      throw new DeviceRefusal(code, `the device refused ${name}: ${reply.result}`);
    }
    if (next !== undefined) this.#session = next;
    return reply.result;
  }

  /** Passes over what is no reply of this session, and late replies to commands that were given up. */
  async #reply(id: number, name: CommandName): Promise<Reply> {
    const control = this.#control;
    const until = control.now() + control.timeoutMs;
    do {
      const message = await control.take(`the reply to ${name}`);
      const reply = control.guard(() => decodeReply(this.#session.replies.open(message)));
      if (reply === undefined || reply.id < id) continue;
      if (reply.id === id) return reply;
      throw new VagusError("session/order", `expected the reply to command ${id}, came one to ${reply.id}`);
    } while (control.now() < until);
    throw new VagusError("session/timeout", `expected the reply to ${name}, came others`);
  }
}
