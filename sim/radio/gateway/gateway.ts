import type { Manager } from "ble-host";
import { BlePeripheral, type RadioLink } from "../stack/peripheral.js";
import { Relay } from "./relay.js";

/**
 * Joins a firmware process's loopback port to the radio: the firmware is the same code, whatever engine it runs on, and the
 * service that centrals find is a real host stack's.
 */
export class Gateway {
  readonly #relays = new Map<RadioLink, Relay>();
  readonly #peripheral: BlePeripheral;

  /** @param port where the firmware listens; asked for each connection, for a firmware that is started again has another */
  constructor(manager: Manager, port: () => number) {
    this.#peripheral = new BlePeripheral({ manager, info: (link) => this.#info(link) });
    this.#peripheral.open((link) => {
      const relay = new Relay(link, port(), (centrals) => this.#peripheral.setCapacity(centrals));
      this.#relays.set(link, relay);
      return {
        mtuChanged: (mtu) => relay.mtuChanged(mtu),
        subscribed: (characteristic, wanted) => relay.subscribed(characteristic, wanted),
        written: (value) => relay.written(value),
        ready: () => relay.ready(),
        disconnected: () => {
          this.#relays.delete(link);
          relay.disconnected();
          if (this.#relays.size === 0) this.#peripheral.setCapacity(1); // nobody would be told that it is so again
        },
      };
    });
  }

  /** The firmware hears of it at once: whoever closes a radio may not wait for what it would still say. */
  close(): void {
    this.#peripheral.close();
    for (const relay of this.#relays.values()) relay.disconnected();
    this.#relays.clear();
  }

  async #info(link: RadioLink): Promise<Uint8Array> {
    const relay = this.#relays.get(link);
    if (relay === undefined) throw new Error("expected a connection, came none");
    return relay.info();
  }
}
