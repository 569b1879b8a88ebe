import { EVENT, LE_EVENT, STATUS } from "../hci/codes.js";
import { event, leEvent } from "../hci/packet.js";
import { type Diversifiers, LinkCipher } from "../ll/cipher.js";
import { CONTROL } from "../ll/pdu.js";
import { joined, OctetReader, uint } from "../octets.js";
import type { Controller } from "./controller.js";
import type { Link } from "./link.js";

/**
 * The encryption start and pause procedures (Core Specification 5.4, Vol 6 Part B section 5.1.3).
 *
 *   central                                             peripheral
 *     LL_PAUSE_ENC_REQ  ───>  <───  LL_PAUSE_ENC_RSP  ───>  the same        where it is encrypted already
 *     LL_ENC_REQ        ───>   Rand (8) EDIV (2) SKD_C (8) IV_C (4)
 *                       <───   LL_ENC_RSP   SKD_P (8) IV_P (4)             its host is asked for the key
 *                       <───   LL_START_ENC_REQ                            or LL_REJECT_IND
 *     LL_START_ENC_RSP  ───>   the first that is encrypted
 *                       <───   LL_START_ENC_RSP
 */
export class Encryption {
  readonly #controller: Controller;
  readonly #link: Link;
  #ltk: Uint8Array | undefined;
  #identification: Uint8Array = new Uint8Array(10);
  #diversifiers: Diversifiers | undefined;
  #asked = false;
  #refreshing = false;
  #running = false;

  constructor(controller: Controller, link: Link) {
    this.#controller = controller;
    this.#link = link;
  }

  /** The central's host wants it. @param identification Rand and EDIV. @returns false while another one runs */
  start(identification: Uint8Array, ltk: Uint8Array): boolean {
    const { end } = this.#link;
    if (this.#running) return false;
    this.#running = true;
    this.#ltk = ltk;
    this.#identification = identification;
    this.#refreshing = end.sealer !== undefined;
    end.paused = true;
    if (this.#refreshing) end.sendControl("pauseEncReq");
    else this.#request();
    return true;
  }

  /** The peripheral's host answers. @returns false where it was not asked */
  reply(ltk: Uint8Array | undefined): boolean {
    const { end } = this.#link;
    if (!this.#asked || this.#diversifiers === undefined) return false;
    this.#asked = false;
    this.#ltk = ltk;
    if (ltk === undefined) {
      end.sendControl("rejectInd", Uint8Array.of(STATUS.keyMissing));
      this.#over();
    } else {
      end.opener = new LinkCipher(ltk, this.#diversifiers, true);
      end.sendControl("startEncReq");
    }
    return true;
  }

  /** @returns whether it was one of this procedure's */
  control(opcode: number, parameters: Uint8Array): boolean {
    const central = this.#link.end.role === "central";
    switch (opcode) {
      case CONTROL.encReq:
        if (!central && parameters.length === 22) this.#requested(parameters);
        return true;
      case CONTROL.encRsp:
        if (central && parameters.length === 12) this.#diversified(parameters);
        return true;
      case CONTROL.startEncReq:
        if (central) this.#begin();
        return true;
      case CONTROL.startEncRsp:
        this.#begun(central);
        return true;
      case CONTROL.pauseEncReq:
        if (!central) this.#pause();
        return true;
      case CONTROL.pauseEncRsp:
        this.#pausedBy(central);
        return true;
      case CONTROL.rejectInd:
        if (central && this.#running) this.#done(parameters[0]);
        return true;
      default:
        return false;
    }
  }

  #request(): void {
    const { random } = this.#controller.air;
    const [skdCentral, ivCentral] = [random.bytes(8), random.bytes(4)];
    const nothing = new Uint8Array(0);
    this.#diversifiers = { skdCentral, ivCentral, skdPeripheral: nothing, ivPeripheral: nothing };
    this.#link.end.sendControl("encReq", joined(this.#identification, skdCentral, ivCentral));
  }

  #requested(parameters: Uint8Array): void {
    const { random } = this.#controller.air;
    const reader = new OctetReader(parameters);
    this.#identification = reader.bytes(10);
    this.#diversifiers = {
      skdCentral: reader.bytes(8),
      ivCentral: reader.bytes(4),
      skdPeripheral: random.bytes(8),
      ivPeripheral: random.bytes(4),
    };
    const { skdPeripheral, ivPeripheral } = this.#diversifiers;
    this.#running = true;
    this.#link.end.paused = true;
    this.#link.end.sendControl("encRsp", joined(skdPeripheral, ivPeripheral));
    this.#asked = true;
    // a host that does not want to be asked has no key (section 7.7.65.5)
    if (!this.#controller.mask.wantsLe(LE_EVENT.ltkRequest)) this.reply(undefined);
    else this.#controller.tell(leEvent("ltkRequest", uint(this.#link.handle, 2), this.#identification));
  }

  #diversified(parameters: Uint8Array): void {
    if (this.#diversifiers === undefined) return;
    const [skdPeripheral, ivPeripheral] = [parameters.slice(0, 8), parameters.slice(8)];
    this.#diversifiers = { ...this.#diversifiers, skdPeripheral, ivPeripheral };
  }

  #begin(): void {
    const { end } = this.#link;
    if (this.#ltk === undefined || this.#diversifiers === undefined) return;
    end.sealer = new LinkCipher(this.#ltk, this.#diversifiers, true);
    end.opener = new LinkCipher(this.#ltk, this.#diversifiers, false);
    end.sendControl("startEncRsp");
  }

  #begun(central: boolean): void {
    const { end } = this.#link;
    if (!central) {
      if (this.#ltk === undefined || this.#diversifiers === undefined) return;
      end.sealer = new LinkCipher(this.#ltk, this.#diversifiers, false);
      end.sendControl("startEncRsp");
    }
    this.#done(STATUS.success);
  }

  #pause(): void {
    const { end } = this.#link;
    this.#refreshing = true;
    end.paused = true;
    end.opener = undefined;
    end.sendControl("pauseEncRsp");
  }

  #pausedBy(central: boolean): void {
    const { end } = this.#link;
    end.sealer = undefined;
    if (!central) return;
    end.opener = undefined;
    end.sendControl("pauseEncRsp");
    this.#request();
  }

  #done(status: number): void {
    const handle = uint(this.#link.handle, 2);
    this.#controller.tell(
      this.#refreshing
        ? event(EVENT.keyRefreshComplete, status, handle)
        : event(EVENT.encryptionChange, status, handle, status === STATUS.success ? 1 : 0),
    );
    this.#over();
  }

  #over(): void {
    this.#link.end.paused = false;
    this.#running = false;
    this.#refreshing = false;
    this.#ltk = undefined;
  }
}
