/** What the radio needs of a Bluetooth stack, and NimBLE's (radio.h, radio_nimble.c): events are pulled, nothing throws. */
import type { Outgoing } from "../../gatt/index.js";

/** As `radio_kind` in radio.h. */
export const EVENT = {
  ready: 0,
  stopped: 1,
  connected: 2,
  mtu: 3,
  subscribed: 4,
  written: 5,
  confirmed: 6,
  disconnected: 7,
} as const;

/** As `radio_characteristic` and `radio_sent` there. */
export const CHARACTERISTIC = { control: 0, telemetry: 1 } as const;
export const SENT = { taken: 0, full: 1, lost: 2 } as const;

export interface Stack {
  /** Starts it. `heard` is called when events wait; `uuids` are the service's and those of control, telemetry, info. */
  open(heard: () => void, uuids: Uint8Array, mtu: number): void;
  /** The oldest event that waits: kind, link (2 bytes, little endian), payload. */
  next(): Uint8Array | undefined;
  /** Advertises from this address, or no more. False when that does not start now. */
  advertise(address: Uint8Array | undefined): boolean;
  /** What a central reads from `info`. */
  info(value: Uint8Array): void;
  /** One indication (`control`) or notification. Queues nothing unless it says `taken`. */
  send(link: number, to: Outgoing, value: Uint8Array): number;
  terminate(link: number): void;
  /** The link may be paired, once, with this passkey. False where the stack was built without that. */
  pair(link: number, passkey: number): boolean;
}

declare global {
  interface XsNatives {
    xs_vagus_radio_open(this: undefined, heard: () => void, uuids: Uint8Array, mtu: number): void;
    xs_vagus_radio_next(this: undefined): ArrayBuffer | undefined;
    xs_vagus_radio_advertise(this: undefined, address: Uint8Array | undefined): boolean;
    xs_vagus_radio_info(this: undefined, value: Uint8Array): void;
    xs_vagus_radio_send(this: undefined, link: number, characteristic: number, value: Uint8Array): number;
    xs_vagus_radio_terminate(this: undefined, link: number): void;
    xs_vagus_radio_pair(this: undefined, link: number, passkey: number): boolean;
  }
}

export const nimble: Stack = {
  open: (heard, uuids, mtu) => native("xs_vagus_radio_open").call(undefined, heard, uuids, mtu),
  next: () => {
    const event = native("xs_vagus_radio_next").call(undefined);
    return event && new Uint8Array(event);
  },
  advertise: (address) => native("xs_vagus_radio_advertise").call(undefined, address),
  info: (value) => native("xs_vagus_radio_info").call(undefined, value),
  send: (link, to, value) => native("xs_vagus_radio_send").call(undefined, link, CHARACTERISTIC[to], value),
  terminate: (link) => native("xs_vagus_radio_terminate").call(undefined, link),
  pair: (link, passkey) => native("xs_vagus_radio_pair").call(undefined, link, passkey),
};
