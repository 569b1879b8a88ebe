/**
 * One central on NimBLE. What the stack does not take now is not queued here: `ready` is called when it may. Notifications go
 * out while it has buffers; indications one by one, each confirmed before the next.
 */
import type { Clock } from "../../device/index.js";
import { type LinkEvents, MTU_MIN, type Outgoing, type PeripheralLink } from "../../gatt/index.js";
import { SENT, type Stack } from "./stack.js";

/** About a connection interval: when a stack that was full is asked again. */
export const RETRY_SENDING_MS = 15;

export interface Central {
  readonly link: PeripheralLink;
  /** Who hears of it from now on. Without that, nobody does and nothing is sent. */
  begin(events: LinkEvents): void;
  mtuChanged(mtu: number): void;
  subscribe(to: Outgoing, wanted: boolean): void;
  written(value: Uint8Array): void;
  confirmed(): void;
  gone(): void;
}

export function createCentral(number: number, stack: Stack, clock: Clock): Central {
  const subscribed = new Set<Outgoing>();
  let events: LinkEvents | undefined;
  let mtu = MTU_MIN;
  let unconfirmed = false;
  let waiting: (() => void) | undefined;

  const wait = () => {
    waiting ??= clock.after(RETRY_SENDING_MS, () => {
      waiting = undefined;
      events?.ready();
    });
  };

  const link: PeripheralLink = {
    get mtu() {
      return mtu;
    },
    send(to, value) {
      if (events === undefined || !subscribed.has(to) || (to === "control" && unconfirmed)) return false;
      const sent = stack.send(number, to, value);
      if (sent === SENT.full) wait();
      if (sent !== SENT.taken) return false;
      if (to === "control") unconfirmed = true;
      return true;
    },
    disconnect: () => stack.terminate(number),
    allowPairing: (passkey) => stack.pair(number, passkey),
  };

  return {
    link,
    begin: (heard) => {
      events = heard;
    },
    mtuChanged: (value) => {
      mtu = value;
      events?.mtuChanged(value);
    },
    subscribe: (to, wanted) => {
      if (wanted) subscribed.add(to);
      else subscribed.delete(to);
      events?.subscribed(to, wanted);
    },
    written: (value) => events?.written(value),
    confirmed: () => {
      unconfirmed = false;
      events?.ready();
    },
    gone: () => {
      const last = events;
      events = undefined;
      waiting?.();
      last?.disconnected();
    },
  };
}
