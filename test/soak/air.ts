import type { CentralLink, LinkHandlers } from "../../host/link/link.js";
import { VagusError } from "../../modules/error/index.js";
import type { LinkEvents, Outgoing, Peripheral, PeripheralLink } from "../../modules/gatt/index.js";

const MTU = 247;

/** The radio of one device, as long as it has power: one central at a time, and a link that can be lost at any value. */
export class Air implements Peripheral {
  #connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  #events: LinkEvents | undefined;
  #lost: (() => void) | undefined;
  /** Values until the link is lost. */
  lossIn = Number.POSITIVE_INFINITY;
  packets = 0;
  airBytes = 0;

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.#connected = connected;
  }
  setCapacity(): void {}
  setInfo(): void {}
  close(): void {
    this.#connected = undefined;
    this.lose();
  }

  /** Is there a central, and a link to it? */
  get connected(): boolean {
    return this.#events !== undefined;
  }

  lose(): void {
    const events = this.#events;
    this.#events = undefined;
    this.#lost?.();
    this.#lost = undefined;
    events?.disconnected();
  }

  /** Whatever comes from whoever is connected. */
  write(value: Uint8Array): void {
    this.#events?.written(value);
  }

  /** @throws VagusError `host/link` where there is no device with power, or somebody is connected */
  central(): CentralLink {
    const subscribe = (handlers: LinkHandlers) => this.#subscribe(handlers);
    const write = async (value: Uint8Array) => {
      if (this.#events === undefined) throw new VagusError("gatt/disconnected", "the link is lost");
      this.#events.written(value);
    };
    return { mtu: MTU, subscribe, write, readInfo: async () => new Uint8Array(2), close: () => this.lose() };
  }

  async #subscribe(handlers: LinkHandlers): Promise<void> {
    if (this.#connected === undefined || this.#events !== undefined)
      throw new VagusError("host/link", "expected a device that advertises, came none");
    let here = true;
    const events = this.#connected({
      mtu: 23,
      send: (to, value) => here && this.#send(to, value, handlers),
      disconnect: () => here && this.lose(),
    });
    this.#events = events;
    this.#lost = () => {
      here = false;
      handlers.closed("the link is lost");
    };
    events.mtuChanged(MTU);
    events.subscribed("telemetry", true);
    events.subscribed("control", true);
  }

  #send(to: Outgoing, value: Uint8Array, handlers: LinkHandlers): boolean {
    if (--this.lossIn < 0) {
      this.lossIn = Number.POSITIVE_INFINITY;
      queueMicrotask(() => this.lose());
      return false;
    }
    this.packets++;
    this.airBytes += value.length;
    handlers[to](value);
    return true;
  }
}
