/**
 * Commands that the device does once, however often they are asked for. Where the reply was lost with the link the programmer
 * does not repeat the command: it asks, in the next session, what became of it.
 */

import { toUint } from "../../modules/bytes/index.js";
import type { CborValue } from "../../modules/cbor/index.js";
import { asArray, asUint } from "../../modules/cbor/shape.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { errorCode, VagusError } from "../../modules/error/index.js";
import { requestHash } from "../../modules/session/index.js";
import { DeviceRefusal } from "./commander.js";
import type { Managed, PlainCommand } from "./manage.js";

const MALFORMED = "session/malformed";
const RANDOM = 2 ** 16;

/** One thing that is to be done once. Whoever asks keeps it until it is known what became of it. */
export class Operation {
  readonly #crypto: Crypto;
  /** Of this key alone: the seconds of the day it was made, and chance. */
  readonly number: number;
  #asked: { readonly hash: Uint8Array } | undefined;

  /** @param seconds since 1970 */
  constructor(crypto: Crypto, seconds: number) {
    this.#crypto = crypto;
    this.number = seconds * RANDOM + toUint(crypto.random(2));
  }

  /** Is it on its way, and its reply has not come? */
  get open(): boolean {
    return this.#asked !== undefined;
  }

  /** @throws DeviceRefusal what the device refuses it for: then it was not done; whatever else: then nobody knows */
  async ask(
    session: Managed,
    name: PlainCommand,
    parametersOf: (number: number) => CborValue,
  ): Promise<CborValue> {
    const parameters = parametersOf(this.number);
    this.#asked = { hash: requestHash(this.#crypto, name, parameters) };
    try {
      const result = await session.command(name, parameters);
      this.#asked = undefined;
      return result;
    } catch (error) {
      if (error instanceof DeviceRefusal) this.#asked = undefined;
      throw error;
    }
  }

  /** As `ask`, and where its reply is lost asks in the session that `again` opens. @throws VagusError also where it was not done */
  async through(
    session: Managed,
    name: PlainCommand,
    parametersOf: (number: number) => CborValue,
    again?: () => Promise<Managed>,
  ): Promise<CborValue> {
    try {
      return await this.ask(session, name, parametersOf);
    } catch (error) {
      if (!this.open || again === undefined) throw error;
      const outcome = await this.outcome(await again());
      if (outcome === undefined) throw error;
      return outcome.result;
    }
  }

  /** What became of it: asked in any later session of the same key. @returns undefined where it was not done */
  async outcome(session: Managed): Promise<{ readonly result: CborValue } | undefined> {
    if (this.#asked === undefined) return undefined;
    const answer = await session.command("outcome", [this.number, this.#asked.hash]);
    if (answer === true) return { result: null }; // it is in the device's flash: it will be done, whatever happens
    this.#asked = undefined;
    if (answer === null) return undefined;
    const [code, result] = asArray(answer, MALFORMED, "outcome", 2);
    const number = asUint(code, MALFORMED, "code");
    if (number === 0) return { result };
    throw new VagusError(
      errorCode(number) ?? "device/command",
      "the device refused it, when it was asked for",
    );
  }
}
