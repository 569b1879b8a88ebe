/**
 * The radio over ECMA-419's GATTServer. The SDK's older BLEServer is out: it never indicates, drops what went wrong with a notification
 * and cuts a long write to its first buffer. What is worked round here, in modules/io/ble/server/esp32 of SDK 8.2.3:
 *
 *   bleserver.js  notify() does not pass its callback on: its native is called directly, so an end is heard of
 *   bleserver.c   a notification that NimBLE has no memory for is ended twice, and freed twice: none is sent while
 *                 buffers are short (`xs_vagus_radio_room`), and one at a time
 *   bleserver.c   close() frees the connection before NimBLE ends its subscriptions, which look for it: connections are
 *                 terminated by their handle instead (`xs_vagus_radio_terminate`)
 *   bleserver.c   subscriptions are kept for a characteristic, not for a connection: they are counted here
 */
import { type GATTCharacteristic, type GATTConnection, GATTServer } from "embedded:io/bluetoothle/peripheral";
import type { Clock } from "../../device/index.js";
import {
  ATT_OVERHEAD,
  CHARACTERISTICS,
  type LinkEvents,
  MTU_MAX,
  type Outgoing,
  type Peripheral,
  type PeripheralLink,
  SERVICE_UUID,
} from "../../gatt/index.js";

declare global {
  interface XsNatives {
    /** Of the SDK's bleserver.c. `done` hears NimBLE's status, 0 where all went well. */
    xs_gattserverconnection_notify(
      this: GATTConnection,
      characteristic: GATTCharacteristic,
      value: Uint8Array,
      done: (status: number) => void,
    ): void;
    /** Once NimBLE runs: from now on the handles of connections are kept in the order of their coming. */
    xs_vagus_radio_watch(this: undefined): void;
    /** The handle of the connection that `onConnect` tells of now, or -1. */
    xs_vagus_radio_handle(this: undefined): number;
    xs_vagus_radio_terminate(this: undefined, handle: number): void;
    /** NimBLE's free buffers. */
    xs_vagus_radio_room(this: undefined): number;
  }
}

/** Buffers that stay for the controller's events and for what comes in. */
const RESERVED_BUFFERS = 6;
/** About a connection interval: when the stack is looked at again. */
const RETRY_MS = 15;

const FLAGS = 0x06; // general discoverable, no classic Bluetooth (Core Specification Supplement, Part A section 1.3)

interface Central extends PeripheralLink {
  readonly connection: GATTConnection;
  readonly subscribed: Map<Outgoing, GATTCharacteristic>;
  events: LinkEvents | undefined;
  look(): void;
}

export class Radio implements Peripheral {
  readonly #clock: Clock;
  readonly #starting: () => void;
  readonly #centrals: Central[] = [];
  #server: GATTServer | undefined;
  #connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  #capacity = 1;
  #info = new Uint8Array(0);

  /** @param options.starting called right before the radio starts */
  constructor(options: { clock: Clock; starting: () => void }) {
    this.#clock = options.clock;
    this.#starting = options.starting;
  }

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    this.#connected = connected;
    const { read, write, indicate, notify } = GATTServer.properties;
    const outgoing = (name: Outgoing) => ({
      onSubscribe: this.#subscribed(name, true),
      onUnsubscribe: this.#subscribed(name, false),
    });
    const onWrite = (value: ArrayBuffer, connection: GATTConnection) => {
      const central = this.#find(connection);
      central?.look();
      central?.events?.written(new Uint8Array(value));
    };
    const { control, telemetry, info } = CHARACTERISTICS;
    this.#starting();
    this.#server = new GATTServer({
      mtu: MTU_MAX,
      services: [
        {
          uuid: SERVICE_UUID,
          characteristics: [
            { uuid: control.uuid, properties: write | indicate, onWrite, ...outgoing("control") },
            { uuid: telemetry.uuid, properties: notify, ...outgoing("telemetry") },
            { uuid: info.uuid, properties: read, onRead: () => this.#info },
          ],
        },
      ],
      onReady: () => {
        native("xs_vagus_radio_watch").call(undefined);
        this.#advertise();
      },
      onConnect: (connection) => this.#come(connection),
      onDisconnect: (connection) => this.#gone(connection),
    });
  }

  setCapacity(centrals: 1 | 2): void {
    this.#capacity = centrals;
    this.#advertise();
  }

  setInfo(value: Uint8Array): void {
    this.#info = value.slice();
  }

  close(): void {
    this.#connected = undefined;
    this.#advertise();
    for (const central of this.#centrals) central.disconnect();
  }

  #advertise(): void {
    if (this.#connected !== undefined && this.#centrals.length < this.#capacity) {
      this.#server?.startAdvertising({ flags: FLAGS, services: [SERVICE_UUID] });
    } else this.#server?.stopAdvertising();
  }

  #find(connection: GATTConnection): Central | undefined {
    return this.#centrals.find((central) => central.connection === connection);
  }

  #come(connection: GATTConnection): void {
    const handle = native("xs_vagus_radio_handle").call(undefined);
    const central = createCentral(connection, handle, this.#clock);
    this.#centrals.push(central);
    if (this.#connected === undefined || this.#centrals.length > this.#capacity) central.disconnect();
    else central.events = this.#connected(central);
    // after this callback the SDK advertises again by itself, unless it is told not to
    this.#advertise();
  }

  #gone(connection: GATTConnection): void {
    const central = this.#find(connection);
    if (central === undefined) return;
    this.#centrals.splice(this.#centrals.indexOf(central), 1);
    const { events } = central;
    central.events = undefined;
    events?.disconnected();
    this.#advertise();
  }

  #subscribed(name: Outgoing, wanted: boolean) {
    const find = (connection: GATTConnection) => this.#find(connection);
    return function (this: GATTCharacteristic, connection: GATTConnection): void {
      const central = find(connection);
      if (wanted) central?.subscribed.set(name, this);
      else central?.subscribed.delete(name);
      central?.look();
      central?.events?.subscribed(name, wanted);
    };
  }
}

function createCentral(connection: GATTConnection, handle: number, clock: Clock): Central {
  let mtu = connection.maximumWrite + ATT_OVERHEAD;
  let sending = false;
  let waiting = false;
  const again = () => {
    sending = false;
    central.events?.ready();
  };
  const central: Central = {
    connection,
    subscribed: new Map(),
    events: undefined,
    get mtu() {
      return mtu;
    },
    /** The SDK tells nobody of a new MTU. */
    look() {
      const now = connection.maximumWrite + ATT_OVERHEAD;
      if (now === mtu) return;
      mtu = now;
      central.events?.mtuChanged(now);
    },
    send(name, value) {
      const characteristic = central.subscribed.get(name);
      if (sending || waiting || characteristic === undefined || central.events === undefined) return false;
      if (native("xs_vagus_radio_room").call(undefined) < RESERVED_BUFFERS) {
        waiting = true;
        clock.after(RETRY_MS, () => {
          waiting = false;
          central.events?.ready();
        });
        return false;
      }
      sending = true;
      native("xs_gattserverconnection_notify").call(connection, characteristic, value, again);
      return true;
    },
    disconnect: () => native("xs_vagus_radio_terminate").call(undefined, handle),
  };
  return central;
}
