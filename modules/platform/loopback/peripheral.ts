import { VagusError } from "../../error/index.js";
import { type LinkEvents, MTU_MAX, MTU_MIN, type Peripheral, type PeripheralLink } from "../../gatt/index.js";
import { type ByteStream, LoopbackCentral } from "./central.js";

export type { ByteListener, ByteStream } from "./central.js";

/** The device's radio without a radio: an ATT server over byte streams. */
export class LoopbackPeripheral implements Peripheral {
  readonly #mtuMax: number;
  readonly #centrals = new Set<LoopbackCentral>();
  #connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  #capacity = 1;
  #info: Uint8Array = new Uint8Array(0);
  #inRange = true;

  /** @throws VagusError `gatt/mtu` for an MTU that is not from 23 to 247 */
  constructor(mtuMax: number = MTU_MAX) {
    if (!(Number.isInteger(mtuMax) && mtuMax >= MTU_MIN && mtuMax <= MTU_MAX)) {
      throw new VagusError("gatt/mtu", `expected an MTU of ${MTU_MIN} to ${MTU_MAX}, came ${mtuMax}`);
    }
    this.#mtuMax = mtuMax;
  }

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.#connected = connected;
  }

  setCapacity(centrals: 1 | 2): void {
    this.#capacity = centrals;
    for (const central of this.#centrals) central.tellCapacity();
  }

  setInfo(value: Uint8Array): void {
    this.#info = value;
  }

  close(): void {
    this.#connected = undefined;
    for (const central of [...this.#centrals]) central.disconnect();
  }

  /** Out of range every link is lost, and none comes. */
  setRange(inRange: boolean): void {
    this.#inRange = inRange;
    if (!inRange) for (const central of [...this.#centrals]) central.disconnect();
  }

  /** A central that comes in: none before `open`, none beyond the capacity, and none out of range. */
  accept(stream: ByteStream): void {
    if (this.#connected === undefined || !this.#inRange || this.#centrals.size >= this.#capacity) {
      stream.close();
      return;
    }
    const central = new LoopbackCentral(
      stream,
      this.#mtuMax,
      () => this.#info,
      () => this.#capacity,
    );
    this.#centrals.add(central);
    central.begin(this.#connected(central), () => this.#centrals.delete(central));
  }
}
