/** A device over the browser's own Bluetooth: GATT by Web Bluetooth. */
import { VagusError } from "../../../modules/error/index.js";
import { CHARACTERISTICS, MTU_MAX, MTU_MIN, SERVICE_UUID } from "../../../modules/gatt/index.js";
import { ATT_OVERHEAD } from "../../../modules/gatt/service.js";
import type { CentralLink, LinkHandlers } from "../../link/link.js";

export function hasBluetooth(): boolean {
  return typeof navigator !== "undefined" && navigator.bluetooth !== undefined;
}

/**
 * The browser's own chooser, of devices with our service; only a press of the user may open it.
 * @throws VagusError `host/link` where none was chosen, or Bluetooth is off
 */
export async function chooseDevice(): Promise<BluetoothDevice> {
  try {
    return await navigator.bluetooth.requestDevice({ filters: [{ services: [SERVICE_UUID] }] });
  } catch (error) {
    throw failed("a device to be chosen", error);
  }
}

export class WebBluetoothLink implements CentralLink {
  readonly #device: BluetoothDevice;
  readonly #control: BluetoothRemoteGATTCharacteristic;
  readonly #telemetry: BluetoothRemoteGATTCharacteristic;
  readonly #info: BluetoothRemoteGATTCharacteristic;
  readonly #gone = () => this.#end("the device is out of reach, or hung up");
  #handlers: LinkHandlers | undefined;
  #closed: string | undefined;
  /**
   * A browser does not tell the MTU. What the device sends is at most so long, so that its longest value so far is a floor;
   * after the handshake's third message that is the MTU itself.
   */
  #longest = MTU_MIN - ATT_OVERHEAD;

  private constructor(
    device: BluetoothDevice,
    [control, telemetry, info]: readonly BluetoothRemoteGATTCharacteristic[],
  ) {
    this.#device = device;
    this.#control = control;
    this.#telemetry = telemetry;
    this.#info = info;
    device.addEventListener("gattserverdisconnected", this.#gone);
  }

  /** @throws VagusError `host/link` */
  static async connect(device: BluetoothDevice, signal: AbortSignal): Promise<WebBluetoothLink> {
    const { gatt } = device;
    if (gatt === undefined)
      throw new VagusError("host/link", "expected a device with GATT, came one without");
    const stop = () => gatt.disconnect();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const server = await gatt.connect();
      const service = await server.getPrimaryService(SERVICE_UUID);
      const found: BluetoothRemoteGATTCharacteristic[] = [];
      for (const name of ["control", "telemetry", "info"] as const)
        found.push(await service.getCharacteristic(CHARACTERISTICS[name].uuid));
      return new WebBluetoothLink(device, found);
    } catch (error) {
      gatt.disconnect();
      throw failed("a connection", error);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  get mtu(): number {
    return Math.min(MTU_MAX, this.#longest + ATT_OVERHEAD);
  }

  async subscribe(handlers: LinkHandlers): Promise<void> {
    this.#handlers = handlers;
    if (this.#closed !== undefined) return handlers.closed(this.#closed);
    await this.#listen(this.#telemetry, handlers.telemetry);
    await this.#listen(this.#control, handlers.control);
  }

  async write(value: Uint8Array): Promise<void> {
    try {
      await this.#control.writeValueWithResponse(Uint8Array.from(value));
    } catch (error) {
      throw new VagusError("gatt/disconnected", `expected the device to take it, came: ${message(error)}`);
    }
  }

  async readInfo(): Promise<Uint8Array> {
    const value = await this.#info.readValue();
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }

  close(): void {
    this.#end("closed by this side");
  }

  async #listen(characteristic: BluetoothRemoteGATTCharacteristic, hear: (value: Uint8Array) => void) {
    characteristic.addEventListener("characteristicvaluechanged", () => {
      const { value } = characteristic;
      if (value === undefined || this.#closed !== undefined) return;
      this.#longest = Math.max(this.#longest, value.byteLength);
      hear(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
    });
    await characteristic.startNotifications();
  }

  #end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#device.removeEventListener("gattserverdisconnected", this.#gone);
    this.#device.gatt?.disconnect();
    this.#handlers?.closed(reason);
  }
}

function failed(expected: string, error: unknown): VagusError {
  return new VagusError("host/link", `expected ${expected}, came: ${message(error)}`);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
