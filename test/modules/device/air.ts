import {
  type LinkEvents,
  MTU_MAX,
  type Outgoing,
  type Peripheral,
  type PeripheralLink,
} from "../../../modules/gatt/index.js";
import type { Radio } from "./bench.js";

/**
 * A peripheral in a room with many centrals. The model is fair: a free place goes to the central that has waited
 * longest. A central waits for one connection at a time, as a controller has one connection being created at a time
 * (Core Specification 5.4, Vol 4 Part E section 7.8.12), and may wait anew as soon as it is in, or was sent away.
 */
export class Air implements Peripheral {
  #connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  #capacity = 1;
  readonly #places = new Set<AirCentral>();
  #waiting: AirCentral[] = [];

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.#connected = connected;
  }
  setCapacity(centrals: 1 | 2): void {
    this.#capacity = centrals;
    this.#fill();
  }
  setInfo(): void {}
  close(): void {}

  get connections(): number {
    return this.#places.size;
  }

  wait(central: AirCentral): void {
    this.#waiting.push(central);
    this.#fill();
  }

  leave(central: AirCentral): void {
    if (!this.#places.delete(central)) return;
    central.ended();
    this.#fill();
  }

  #fill(): void {
    while (this.#connected !== undefined && this.#places.size < this.#capacity) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#places.add(next);
      next.began(this.#connected(next.link));
    }
  }
}

/** One attempt of a central: waits, is let in, is sent away. */
export class AirCentral implements Radio {
  readonly #air: Air;
  events: LinkEvents | undefined;
  onSend: ((to: Outgoing, value: Uint8Array) => void) | undefined;
  onConnect: () => void = () => {};
  onEnd: () => void = () => {};
  readonly link: PeripheralLink = {
    mtu: MTU_MAX,
    send: (to, value) => {
      if (this.events === undefined) return false;
      this.onSend?.(to, value);
      return true;
    },
    disconnect: () => this.#air.leave(this),
  };

  constructor(air: Air) {
    this.#air = air;
  }

  connect(): void {
    this.#air.wait(this);
  }
  subscribe(): void {
    this.events?.subscribed("telemetry", true);
    this.events?.subscribed("control", true);
  }
  lose(): void {
    this.#air.leave(this);
  }

  began(events: LinkEvents): void {
    this.events = events;
    this.onConnect();
  }
  ended(): void {
    const { events } = this;
    this.events = undefined;
    events?.disconnected();
    this.onEnd();
  }
}
