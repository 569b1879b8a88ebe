import type { Manager } from "ble-host";
import type { LinkEvents, Peripheral, PeripheralLink } from "../../../modules/gatt/index.js";
import { BlePeripheral } from "./peripheral.js";

/** The host stack as the port that a device in this process has. */
export class BlePort implements Peripheral {
  readonly #peripheral: BlePeripheral;
  #info: Uint8Array = new Uint8Array(0);

  constructor(manager: Manager) {
    this.#peripheral = new BlePeripheral({ manager, info: () => this.#info });
  }

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.#peripheral.open((link) => {
      const events = connected(link);
      return {
        mtuChanged: (mtu) => events.mtuChanged(mtu),
        subscribed: (characteristic, wanted) => events.subscribed(characteristic, wanted),
        written: (value) => {
          events.written(value);
          return undefined;
        },
        ready: () => events.ready(),
        disconnected: () => events.disconnected(),
      };
    });
  }

  setCapacity(centrals: 1 | 2): void {
    this.#peripheral.setCapacity(centrals);
  }

  setInfo(value: Uint8Array): void {
    this.#info = value;
  }

  close(): void {
    this.#peripheral.close();
  }
}
