import { asBytes } from "../../modules/cbor/shape.js";
import { CRV } from "../../modules/cose/index.js";
import { type NamedKey, verifyRequest } from "../../modules/credential/index.js";
import type { Crypto, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { LabelResponderWaitLabel3, programmerSession } from "../../modules/session/index.js";
import { Commander } from "./commander.js";
import { Control, type ControlOptions } from "./control.js";

export interface ProvisionerOptions extends ControlOptions {
  readonly crypto: Crypto;
  /** The 16 bytes printed on the device. */
  readonly label: Uint8Array;
}

/** The label session: gives a new device its credential and its anchor. It can do nothing else. */
export class Provisioner {
  readonly #crypto: Crypto;
  readonly #control: Control;
  readonly #commander: Commander;

  private constructor(crypto: Crypto, control: Control, commander: Commander) {
    this.#crypto = crypto;
    this.#control = control;
    this.#commander = commander;
  }

  /** @throws VagusError `session/order` where the device has a credential, `session/confirm` for another label,
   *   `session/…`, `gatt/…` */
  static async connect(options: ProvisionerOptions): Promise<Provisioner> {
    const { crypto, label } = options;
    try {
      const control = await Control.open(options);
      const first = await control.take("label_1");
      if (first[0] >> 5 !== 4) {
        throw new VagusError(
          "session/order",
          "expected a device that waits for its credential, came one that has it",
        );
      }
      const responder = await LabelResponderWaitLabel3.answer(crypto, label, first);
      await control.send(responder.label_2);
      const third = await control.take("label_3");
      if (third[0] >> 5 !== 4) {
        throw new VagusError("session/confirm", "expected a device with this label, came an error");
      }
      const session = programmerSession(crypto, responder.receive(third));
      return new Provisioner(crypto, control, new Commander(control, session));
    } catch (error) {
      options.link.close();
      throw error;
    }
  }

  /**
   * The key that the device has just made; the label vouches for where it came from.
   * @param curve the Authority's; without it the key that the device has, where it has one
   */
  async identify(curve?: SigningCurve): Promise<NamedKey> {
    const request = await this.#commander.command("identify", curve === undefined ? null : CRV[curve]);
    return verifyRequest(this.#crypto, asBytes(request, "session/malformed", "request"));
  }

  /** @param anchor the Authority's COSE_Key, encoded */
  async provision(credential: Uint8Array, anchor: Uint8Array): Promise<void> {
    await this.#commander.command("provision", [credential, anchor]);
  }

  /** Hands over a revocation list, so that the new device knows whom not to trust. @throws VagusError as `carry` */
  async carry(list: Uint8Array): Promise<void> {
    await this.#commander.command("list", list);
  }

  /** Sets the device's time by the Authority's. @param ask a reset token over this nonce, for the device */
  async setTime(ask: (nonce: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    const nonce = asBytes(await this.#commander.command("challenge", null), "session/malformed", "nonce");
    await this.#commander.command("time", await ask(nonce));
  }

  close(): void {
    this.#control.close();
  }
}
