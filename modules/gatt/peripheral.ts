/** The radio as the device sees it: a port. The platform brings it; the loopback link and the tests do too. */
import type { Outgoing } from "./service.js";

/** What the radio tells the device. No handler throws. */
export interface PeripheralEvents {
  connected(mtu: number): void;
  mtuChanged(mtu: number): void;
  /** The central wants indications of `control` or notifications of `telemetry`, or no longer does. */
  subscribed(characteristic: Outgoing, wanted: boolean): void;
  /** A write to `control`. */
  written(value: Uint8Array): void;
  /** The stack takes values again after `send` said no, or an indication was confirmed. */
  ready(): void;
  disconnected(): void;
}

export interface Peripheral {
  /** Starts advertising, and goes on doing so whenever nobody is connected. Once. */
  open(events: PeripheralEvents): void;
  /** What a central reads from `info`. */
  setInfo(value: Uint8Array): void;
  /**
   * One indication (`control`) or notification (`telemetry`) of at most MTU - 3 bytes.
   * @returns false when the stack takes none now; `ready` says when it does. Nothing is queued then.
   */
  send(characteristic: Outgoing, value: Uint8Array): boolean;
  disconnect(): void;
  close(): void;
}
