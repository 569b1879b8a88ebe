/** The radio as the device sees it: a port. The platform brings it; the loopback link and the tests do too. */
import type { Outgoing } from "./service.js";

/** What the radio tells of one connection. No handler throws. */
export interface LinkEvents {
  mtuChanged(mtu: number): void;
  /** The central wants indications of `control` or notifications of `telemetry`, or no longer does. */
  subscribed(characteristic: Outgoing, wanted: boolean): void;
  /** A write to `control`. */
  written(value: Uint8Array): void;
  /** The stack takes values again after `send` said no, or an indication was confirmed. */
  ready(): void;
  /** Last of all, whoever ended it. */
  disconnected(): void;
}

/** One connection with a central. */
export interface PeripheralLink {
  readonly mtu: number;
  /**
   * One indication (`control`) or notification (`telemetry`) of at most MTU - 3 bytes.
   * @returns false when the stack takes none now; `ready` says when it does. Nothing is queued then.
   */
  send(characteristic: Outgoing, value: Uint8Array): boolean;
  disconnect(): void;
  /**
   * From now on this link may be paired, once, by LE Secure Connections with this passkey (0 to 999999), entered on both sides;
   * until then, and by anything weaker, it may not. A radio without it is never paired.
   */
  allowPairing?(passkey: number): void;
}

export interface Peripheral {
  /** Starts advertising, and goes on doing so while there is room for another central. Once. */
  open(connected: (link: PeripheralLink) => LinkEvents): void;
  /** How many centrals may be connected at a time: 1 at first. Those that are stay. */
  setCapacity(centrals: 1 | 2): void;
  /** What a central reads from `info`. */
  setInfo(value: Uint8Array): void;
  close(): void;
}
