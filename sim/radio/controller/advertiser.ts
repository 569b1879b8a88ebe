import { type Address, NOBODY } from "../address.js";
import type { Advertisement, Joining } from "../air/radio.js";
import { STATUS } from "../hci/codes.js";
import { leEvent } from "../hci/packet.js";
import { uint } from "../octets.js";
import type { Controller } from "./controller.js";

/** LE Set Advertising Parameters (Core Specification 5.4, Vol 4 Part E section 7.8.5). */
export interface AdvertisingParameters {
  /** In units of 0.625 ms. */
  readonly interval: number;
  /** 0 connectable, 1 directed at a high duty cycle, 2 scannable, 3 neither, 4 directed at a low one. */
  readonly type: number;
  readonly ownType: number;
  readonly peer: Address;
  /** Bit 0: scan requests from the accept list only; bit 1: connections. */
  readonly filter: number;
}

export const ADVERTISING_TYPE = {
  connectable: 0,
  directedHigh: 1,
  scannable: 2,
  none: 3,
  directedLow: 4,
} as const;

const SLOT_US = 625;
/** A pseudo-random delay of up to 10 ms after each event (Vol 6 Part B section 4.4.2.2.1). */
const DELAY_US = 10_000;
/** At a high duty cycle: an event each 3.75 ms at the most, for 1.28 s (section 4.4.2.4.3). */
const HIGH_DUTY = { everyUs: 3750, lastsUs: 1_280_000 } as const;

const DEFAULT: AdvertisingParameters = { interval: 0x0800, type: 0, ownType: 0, peer: NOBODY, filter: 0 };

/** The advertising state. */
export class Advertiser {
  readonly #controller: Controller;
  parameters = DEFAULT;
  data: Uint8Array = new Uint8Array(0);
  scanResponse: Uint8Array = new Uint8Array(0);
  #cancel: (() => void) | undefined;
  #endsUs = Number.POSITIVE_INFINITY;

  constructor(controller: Controller) {
    this.#controller = controller;
  }

  get on(): boolean {
    return this.#cancel !== undefined;
  }

  reset(): void {
    this.stop();
    this.parameters = DEFAULT;
    this.data = new Uint8Array(0);
    this.scanResponse = new Uint8Array(0);
  }

  start(): void {
    if (this.on) return;
    const { nowUs } = this.#controller.air.clock;
    const high = this.parameters.type === ADVERTISING_TYPE.directedHigh;
    this.#endsUs = high ? nowUs + HIGH_DUTY.lastsUs : Number.POSITIVE_INFINITY;
    this.#schedule(nowUs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(us: number): void {
    this.#cancel = this.#controller.air.clock.at(us, () => this.#advertise());
  }

  #advertise(): void {
    const { air, identity } = this.#controller;
    const { type, ownType, peer, interval } = this.parameters;
    if (air.clock.nowUs >= this.#endsUs) {
      this.stop();
      const nothing = [uint(0, 2), 0, 0, NOBODY.octets, uint(0, 6), 0] as const;
      this.#controller.tell(leEvent("connectionComplete", STATUS.advertisingTimeout, ...nothing));
      return;
    }
    const high = type === ADVERTISING_TYPE.directedHigh;
    const period = high ? HIGH_DUTY.everyUs : interval * SLOT_US + Math.floor(air.random.next() * DELAY_US);
    this.#schedule(air.clock.nowUs + period);
    const from = identity.own(ownType, peer);
    if (from !== undefined) air.advertise(this.#controller, this.#advertisement(from));
  }

  #advertisement(from: Address): Advertisement {
    const { type, peer, filter } = this.parameters;
    const directed = type === ADVERTISING_TYPE.directedHigh || type === ADVERTISING_TYPE.directedLow;
    return {
      type: directed ? 1 : type,
      from,
      data: directed ? new Uint8Array(0) : this.data,
      target: directed ? peer : undefined,
      scan: (by) => {
        const scannable = type === ADVERTISING_TYPE.connectable || type === ADVERTISING_TYPE.scannable;
        return scannable && this.#admits(by, filter & 1) ? this.scanResponse : undefined;
      },
      connect: (by) => this.#connect(from, by),
    };
  }

  #connect(own: Address, by: Address): Joining | undefined {
    const { type, peer, filter } = this.parameters;
    if (!this.on || type === ADVERTISING_TYPE.scannable || type === ADVERTISING_TYPE.none) return undefined;
    if (type === ADVERTISING_TYPE.connectable) {
      if (!this.#admits(by, filter & 2)) return undefined;
    } else if (!this.#controller.identity.is(by, peer)) return undefined;
    const joining = this.#controller.join("peripheral", own, by);
    if (joining !== undefined) this.stop();
    return joining;
  }

  #admits(by: Address, filtered: number): boolean {
    return filtered === 0 || this.#controller.accepts(by);
  }
}
