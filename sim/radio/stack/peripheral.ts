/** The device's radio as a real host stack has it: ble-host's GATT server on a controller. */
import bleHost, { type Connection, type Manager, type ServerCharacteristic } from "ble-host";
import {
  ATT_OVERHEAD,
  CHARACTERISTICS,
  type LinkEvents,
  MTU_MIN,
  type Outgoing,
  type PeripheralLink,
  SERVICE_UUID,
} from "../../../modules/gatt/index.js";
import { PairingGuard } from "./pairing.js";

const { AttErrors } = bleHost;

/** As `LinkEvents`; where a write is answered elsewhere, with the ATT error code that comes of it. */
export interface RadioEvents extends Omit<LinkEvents, "written"> {
  written(value: Uint8Array): undefined | Promise<number>;
}

export interface RadioLink extends PeripheralLink {
  /** @param confirmed for an indication: the other side has confirmed it */
  send(characteristic: Outgoing, value: Uint8Array, confirmed?: () => void): boolean;
  allowPairing(passkey: number): void;
}

export interface BlePeripheralOptions {
  readonly manager: Manager;
  /** What a central reads from `info`; over the connection that it asks on. */
  readonly info: (link: RadioLink) => Uint8Array | Promise<Uint8Array>;
}

/** Values handed to the stack that are not acknowledged yet: enough for a connection event of short ones. */
const OUTSTANDING_MAX = 24;
/** In units of 0.625 ms: 100 ms. */
const ADVERTISING_INTERVAL = 160;
/** LE General Discoverable, BR/EDR not supported (Supplement to the Core Specification, Part A section 1.3). */
const FLAGS = Buffer.from([2, 0x01, 0x06]);
const COMPLETE_128_BIT_UUIDS = 0x07;

/** What it advertises: no name, nothing that tells one device from the other. */
export function advertisingData(): Buffer {
  const uuid = Buffer.from(SERVICE_UUID.replaceAll("-", ""), "hex").reverse();
  return Buffer.concat([FLAGS, Buffer.from([1 + uuid.length, COMPLETE_128_BIT_UUIDS]), uuid]);
}

export class BlePeripheral {
  readonly #manager: Manager;
  readonly #info: BlePeripheralOptions["info"];
  readonly #links = new Map<Connection, Link>();
  readonly #characteristics: Record<Outgoing, ServerCharacteristic>;
  #connected: ((link: RadioLink) => RadioEvents) | undefined;
  #capacity = 1;
  #advertising = false;

  constructor({ manager, info }: BlePeripheralOptions) {
    this.#manager = manager;
    this.#info = info;
    this.#characteristics = { control: this.#outgoing("control"), telemetry: this.#outgoing("telemetry") };
    const { control, telemetry } = this.#characteristics;
    manager.gattDb.setDeviceName("");
    manager.gattDb.addServices([
      { uuid: SERVICE_UUID, characteristics: [control, telemetry, this.#infoCharacteristic()] },
    ]);
    manager.setAdvertisingData(advertisingData());
  }

  open(connected: (link: RadioLink) => RadioEvents): void {
    this.#connected = connected;
    this.#advertise();
  }

  setCapacity(centrals: 1 | 2): void {
    this.#capacity = centrals;
    this.#advertise();
  }

  close(): void {
    this.#connected = undefined;
    this.#advertise();
    for (const link of this.#links.values()) link.disconnect();
  }

  #advertise(): void {
    const wanted = this.#connected !== undefined && this.#links.size < this.#capacity;
    if (wanted === this.#advertising) return;
    this.#advertising = wanted;
    if (!wanted) {
      this.#manager.stopAdvertising();
      return;
    }
    const interval = { intervalMin: ADVERTISING_INTERVAL, intervalMax: ADVERTISING_INTERVAL };
    this.#manager.startAdvertising(interval, (status, connection) => {
      this.#advertising = false;
      if (status === 0) this.#accept(connection);
    });
  }

  #accept(connection: Connection): void {
    if (this.#connected === undefined) {
      connection.disconnect();
      return;
    }
    const link = new Link(connection, this.#characteristics);
    this.#links.set(connection, link);
    connection.on("disconnect", () => {
      this.#links.delete(connection);
      link.gone();
      this.#advertise();
    });
    link.begin(this.#connected(link));
    this.#advertise();
  }

  #outgoing(name: Outgoing): ServerCharacteristic {
    const control = name === "control";
    return {
      uuid: CHARACTERISTICS[name].uuid.toUpperCase(),
      properties: control ? ["write", "indicate"] : ["notify"],
      onSubscriptionChange: (connection, notify, indicate, isWrite) => {
        // without a write of this connection it comes from a bond, or from its end
        if (isWrite) this.#links.get(connection)?.subscribed(name, control ? indicate : notify);
      },
      ...(control && {
        onWrite: (connection, _needsResponse, value, answer) => {
          const link = this.#links.get(connection);
          if (link === undefined) answer(AttErrors.UNLIKELY_ERROR);
          else link.written(new Uint8Array(value), answer);
        },
      }),
    };
  }

  #infoCharacteristic(): ServerCharacteristic {
    return {
      uuid: CHARACTERISTICS.info.uuid.toUpperCase(),
      properties: ["read"],
      onRead: async (connection, answer) => {
        const link = this.#links.get(connection);
        if (link === undefined) return answer(AttErrors.UNLIKELY_ERROR);
        try {
          answer(0, Buffer.from(await this.#info(link)));
        } catch {
          answer(AttErrors.UNLIKELY_ERROR);
        }
      },
    };
  }
}

/** One connection of the stack as the device's port has it. */
class Link implements RadioLink {
  readonly #connection: Connection;
  readonly #characteristics: Record<Outgoing, ServerCharacteristic>;
  readonly #subscribed = new Set<Outgoing>();
  readonly #pairing: PairingGuard;
  #events: RadioEvents | undefined;
  #mtu = MTU_MIN;
  #outstanding = 0;
  #indicating = false;

  constructor(connection: Connection, characteristics: Record<Outgoing, ServerCharacteristic>) {
    this.#connection = connection;
    this.#characteristics = characteristics;
    this.#pairing = new PairingGuard(connection);
  }

  get mtu(): number {
    return this.#connection.gatt.currentMtu;
  }

  begin(events: RadioEvents): void {
    this.#events = events;
  }

  gone(): void {
    const events = this.#events;
    this.#events = undefined;
    events?.disconnected();
  }

  disconnect(): void {
    this.#connection.disconnect();
  }

  allowPairing(passkey: number): void {
    this.#pairing.allow(passkey);
  }

  subscribed(characteristic: Outgoing, wanted: boolean): void {
    this.#tellMtu();
    if (wanted) this.#subscribed.add(characteristic);
    else this.#subscribed.delete(characteristic);
    this.#events?.subscribed(characteristic, wanted);
  }

  written(value: Uint8Array, answer: (error: number) => void): void {
    this.#tellMtu();
    if (value.length > this.mtu - ATT_OVERHEAD) {
      answer(AttErrors.INVALID_ATTRIBUTE_VALUE_LENGTH);
      return;
    }
    const outcome = this.#events?.written(value);
    if (outcome === undefined) answer(0);
    else outcome.then(answer, () => answer(AttErrors.UNLIKELY_ERROR));
  }

  send(characteristic: Outgoing, value: Uint8Array, confirmed?: () => void): boolean {
    if (this.#events === undefined || !this.#subscribed.has(characteristic)) return false;
    return characteristic === "control" ? this.#indicate(value, confirmed) : this.#notify(value);
  }

  #indicate(value: Uint8Array, confirmed: (() => void) | undefined): boolean {
    if (this.#indicating) return false;
    this.#indicating = true;
    const { control } = this.#characteristics;
    return (
      control.indicate?.(this.#connection, Buffer.from(value), () => {
        this.#indicating = false;
        confirmed?.();
        this.#events?.ready();
      }) ?? false
    );
  }

  #notify(value: Uint8Array): boolean {
    if (this.#outstanding >= OUTSTANDING_MAX) return false;
    this.#outstanding++;
    const { telemetry } = this.#characteristics;
    const acknowledged = () => {
      this.#outstanding--;
      this.#events?.ready();
    };
    return telemetry.notify?.(this.#connection, Buffer.from(value), undefined, acknowledged) ?? false;
  }

  /** The stack does not say that the MTU has been agreed on. */
  #tellMtu(): void {
    if (this.mtu === this.#mtu) return;
    this.#mtu = this.mtu;
    this.#events?.mtuChanged(this.#mtu);
  }
}
