/** A radio whose links, hung up, still carry what comes until the test ends them; any number of them at once. */
import type { LinkEvents, Outgoing, Peripheral, PeripheralLink } from "../../../modules/gatt/index.js";
import type { Radio } from "./bench.js";

export class SlowPeripheral implements Peripheral {
  connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.connected = connected;
  }
  setCapacity(): void {}
  setInfo(): void {}
  close(): void {}
}

/** A central's end of one link. */
export class SlowRadio implements Radio {
  events: LinkEvents | undefined;
  onSend: ((to: Outgoing, value: Uint8Array) => void) | undefined;
  /** How often the device hung up. */
  hungUp = 0;
  readonly #peripheral: SlowPeripheral;

  constructor(peripheral: SlowPeripheral) {
    this.#peripheral = peripheral;
  }
  connect(mtu = 247): void {
    this.events = this.#peripheral.connected?.({
      mtu,
      send: (to, value) => {
        this.onSend?.(to, value);
        return true;
      },
      disconnect: () => this.hungUp++,
    });
  }
  subscribe(): void {
    this.events?.subscribed("telemetry", true);
    this.events?.subscribed("control", true);
  }
}
