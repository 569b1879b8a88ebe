import { type Address, formatAddress } from "../address.js";
import type { Advertisement, Radio } from "../air/radio.js";
import { leEvent } from "../hci/packet.js";
import { int8 } from "../octets.js";
import type { Controller } from "./controller.js";

/** LE Set Scan Parameters (Core Specification 5.4, Vol 4 Part E section 7.8.10); times in units of 0.625 ms. */
export interface ScanParameters {
  readonly active: boolean;
  readonly interval: number;
  readonly window: number;
  readonly ownType: number;
  /** Only advertisers of the accept list. */
  readonly filtered: boolean;
}

const SLOT_US = 625;
const DEFAULT: ScanParameters = { active: false, interval: 0x10, window: 0x10, ownType: 0, filtered: false };
/** The event type of a scan response in a report (section 7.7.65.2). */
const SCAN_RESPONSE = 4;

/** Does a receiver that listens for a window of each interval hear what is sent now? */
export function listens(
  nowUs: number,
  { interval, window }: Pick<ScanParameters, "interval" | "window">,
): boolean {
  return nowUs % (interval * SLOT_US) <= window * SLOT_US;
}

/** The scanning state. */
export class Scanner {
  readonly #controller: Controller;
  readonly #reported = new Set<string>();
  parameters = DEFAULT;
  on = false;
  #onlyNew = false;

  constructor(controller: Controller) {
    this.#controller = controller;
  }

  reset(): void {
    this.on = false;
    this.parameters = DEFAULT;
  }

  /** @param onlyNew each advertiser once (section 7.8.11) */
  enable(on: boolean, onlyNew: boolean): void {
    this.on = on;
    this.#onlyNew = onlyNew;
    this.#reported.clear();
  }

  hear(advertisement: Advertisement, rssiDbm: number, from: Radio): void {
    const { air, identity } = this.#controller;
    const { parameters } = this;
    if (!this.on || !listens(air.clock.nowUs, parameters)) return;
    if (parameters.filtered && !this.#controller.accepts(advertisement.from)) return;
    const own = identity.own(parameters.ownType, advertisement.from);
    const { type, target, data } = advertisement;
    if (target !== undefined && !(own !== undefined && identity.is(target, own))) return;
    this.#report(type, advertisement.from, data, rssiDbm);
    if (!parameters.active || own === undefined || !(type === 0 || type === 2)) return;
    if (!air.carries(this.#controller, from)) return;
    const response = advertisement.scan(own);
    if (response !== undefined && air.carries(from, this.#controller)) {
      this.#report(SCAN_RESPONSE, advertisement.from, response, rssiDbm);
    }
  }

  #report(type: number, from: Address, data: Uint8Array, rssiDbm: number): void {
    const who = this.#controller.identity.resolve(from);
    const key = `${type} ${who.type} ${formatAddress(who)}`;
    if (this.#onlyNew && this.#reported.has(key)) return;
    this.#reported.add(key);
    const report = [type, who.type, who.octets, data.length, data, int8(rssiDbm)] as const;
    this.#controller.tell(leEvent("advertisingReport", 1, ...report));
  }
}
