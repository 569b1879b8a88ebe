/**
 * The radio of a board. The SDK has two servers and neither would do: BLEServer never indicates, drops what went wrong with a
 * notification and cuts a long write to its first buffer; GATTServer, in modules/io/ble/server/esp32 of SDK 8.2.3, drops the
 * callback of `notify` (bleserver.js), ends twice and frees twice a notification that NimBLE has no memory for, frees a
 * connection on close() before its subscriptions end, keeps subscriptions for a characteristic instead of a connection, asks
 * JavaScript for every read while NimBLE's task waits, and advertises from the chip's public address (bleserver.c). So
 * this is a server of our own on the same NimBLE; no key is stored, and nothing pairs that the device has not allowed.
 *
 * Each time that advertising starts, and every 15 minutes (Core Specification 5.4, Vol 3 Part C Appendix A), it does so from
 * another resolvable private address, whose two parts are both random: that is the hash of some key (Vol 6 Part B section
 * 1.3.2.2), but of none that anyone has, this device included. Where links may be paired the stack has to know the address: then it is
 * a static one, another at each start (section 1.3.2.1).
 */
import { fromHex } from "../../bytes/index.js";
import type { Crypto } from "../../crypto/port.js";
import type { Clock } from "../../device/index.js";
import type { LinkEvents } from "../../gatt/index.js";
import {
  CHARACTERISTICS,
  MTU_MAX,
  type Peripheral,
  type PeripheralLink,
  SERVICE_UUID,
} from "../../gatt/index.js";
import { type Central, createCentral } from "./central.js";
import { CHARACTERISTIC, EVENT, type Stack } from "./stack.js";

/** How long one address is used. */
export const ADDRESS_MS = 15 * 60_000;
/** How long after advertising did not start it is tried again. */
export const RETRY_ADVERTISING_MS = 1000;

export interface RadioOptions {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly random: Crypto["random"];
  /** May links be paired? */
  readonly pairing?: boolean;
  /** Called right before the stack starts. */
  readonly starting: () => void;
}

export class Radio implements Peripheral {
  readonly #options: RadioOptions;
  readonly #centrals = new Map<number, Central>();
  #connected: ((link: PeripheralLink) => LinkEvents) | undefined;
  #static: Uint8Array | undefined;
  #capacity = 1;
  #ready = false;
  /** Stops the wait for the next address, while it advertises. */
  #advertising: (() => void) | undefined;

  constructor(options: RadioOptions) {
    this.#options = options;
    if (options.pairing) this.#static = randomAddress(options.random, STATIC);
  }

  open(connected: (link: PeripheralLink) => LinkEvents): void {
    const { stack, starting } = this.#options;
    this.#connected = connected;
    starting();
    const { control, telemetry, info } = CHARACTERISTICS;
    const uuids = [SERVICE_UUID, control.uuid, telemetry.uuid, info.uuid].map(lastByteFirst).join("");
    stack.open(() => this.#hear(), fromHex(uuids), MTU_MAX);
  }

  setCapacity(centrals: 1 | 2): void {
    this.#capacity = centrals;
    this.#advertise();
  }

  setInfo(value: Uint8Array): void {
    this.#options.stack.info(value);
  }

  close(): void {
    this.#connected = undefined;
    this.#advertise();
    for (const link of this.#centrals.keys()) this.#options.stack.terminate(link);
  }

  #hear(): void {
    const { stack } = this.#options;
    for (let event = stack.next(); event !== undefined; event = stack.next()) this.#take(event);
  }

  #take(event: Uint8Array): void {
    const link = event[1] + 256 * event[2];
    const central = this.#centrals.get(link);
    switch (event[0]) {
      case EVENT.ready:
        this.#ready = true;
        this.#restart();
        break;
      case EVENT.stopped:
        this.#restart();
        break;
      case EVENT.connected:
        this.#come(link);
        break;
      case EVENT.disconnected:
        this.#centrals.delete(link);
        central?.gone();
        this.#restart();
        break;
      case EVENT.mtu:
        central?.mtuChanged(event[3] + 256 * event[4]);
        break;
      case EVENT.subscribed:
        central?.subscribe(event[3] === CHARACTERISTIC.control ? "control" : "telemetry", event[4] !== 0);
        break;
      case EVENT.written:
        central?.written(event.slice(3));
        break;
      case EVENT.confirmed:
        central?.confirmed();
    }
  }

  /** Whoever came in beyond the capacity is heard of no more, and keeps its place until it is gone. */
  #come(link: number): void {
    const { stack, clock } = this.#options;
    const central = createCentral(link, stack, clock);
    this.#centrals.set(link, central);
    if (this.#connected === undefined || this.#centrals.size > this.#capacity) stack.terminate(link);
    else central.begin(this.#connected(central.link));
    this.#restart();
  }

  /** The stack has stopped advertising, or may have. */
  #restart(): void {
    this.#advertising?.();
    this.#advertising = undefined;
    this.#advertise();
  }

  #advertise(): void {
    const wanted = this.#ready && this.#connected !== undefined && this.#centrals.size < this.#capacity;
    const { stack, clock, random } = this.#options;
    if (wanted && this.#advertising === undefined) {
      const started = stack.advertise(this.#static ?? randomAddress(random, RESOLVABLE));
      this.#advertising = clock.after(started ? ADDRESS_MS : RETRY_ADVERTISING_MS, () => {
        this.#advertising = undefined;
        this.#advertise();
      });
    } else if (!wanted && this.#advertising !== undefined) {
      this.#advertising();
      this.#advertising = undefined;
      stack.advertise(undefined);
    }
  }
}

function lastByteFirst(uuid: string): string {
  return (uuid.replace(/-/g, "").match(/../g) ?? []).reverse().join("");
}

/** The two highest bits of a random address. */
const RESOLVABLE = 0x40;
const STATIC = 0xc0;

/**
 * The last byte first, as HCI has it: hash:3 | prand:3, whose two highest bits say what it is. Its other 22 are neither all
 * zeros nor all ones.
 */
function randomAddress(random: Crypto["random"], kind: number): Uint8Array {
  for (;;) {
    const address = random(6);
    const prand = address[3] | (address[4] << 8) | ((address[5] & 0x3f) << 16);
    if (prand === 0 || prand === 0x3fffff) continue;
    address[5] = (address[5] & 0x3f) | kind;
    return address;
  }
}
