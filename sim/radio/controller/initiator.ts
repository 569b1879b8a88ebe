import { type Address, NOBODY } from "../address.js";
import type { Advertisement, Radio } from "../air/radio.js";
import { STATUS } from "../hci/codes.js";
import { Connection, type ConnectionParameters } from "../ll/connection.js";
import type { Controller } from "./controller.js";
import { connectionComplete } from "./reports.js";
import { listens } from "./scanner.js";

/** LE Create Connection (Core Specification 5.4, Vol 4 Part E section 7.8.12). */
export interface ConnectionRequest {
  readonly interval: number;
  readonly window: number;
  /** Whoever is on the accept list, instead of this peer. */
  readonly filtered: boolean;
  readonly peer: Address;
  readonly ownType: number;
  readonly parameters: ConnectionParameters;
}

/** The initiating state. */
export class Initiator {
  readonly #controller: Controller;
  #request: ConnectionRequest | undefined;

  constructor(controller: Controller) {
    this.#controller = controller;
  }

  get on(): boolean {
    return this.#request !== undefined;
  }

  reset(): void {
    this.#request = undefined;
  }

  start(request: ConnectionRequest): void {
    this.#request = request;
  }

  /** @returns false where there is nothing to cancel */
  cancel(): boolean {
    if (this.#request === undefined) return false;
    this.#request = undefined;
    this.#controller.tell(connectionComplete(this.#controller, STATUS.unknownConnection));
    return true;
  }

  hear(advertisement: Advertisement, from: Radio): void {
    const { air, identity } = this.#controller;
    const request = this.#request;
    if (request === undefined || !listens(air.clock.nowUs, request)) return;
    if (!(advertisement.type === 0 || advertisement.type === 1)) return;
    const wanted = request.filtered
      ? this.#controller.accepts(advertisement.from)
      : identity.is(advertisement.from, request.peer);
    const own = identity.own(request.ownType, request.filtered ? NOBODY : request.peer);
    if (!wanted || own === undefined) return;
    if (advertisement.target !== undefined && !identity.is(advertisement.target, own)) return;
    this.#request = undefined;
    const central = this.#controller.join("central", own, advertisement.from);
    if (central === undefined) return;
    const peripheral = air.carries(this.#controller, from) ? advertisement.connect(own) : undefined;
    const connection = new Connection(air, central, peripheral, request.parameters);
    central.begin(connection);
    peripheral?.begin(connection);
  }
}
