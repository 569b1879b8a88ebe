/**
 * How devices are found and connected to, whatever carries it: a local socket, the virtual radio, a Bluetooth adapter, a
 * browser. Nothing here knows an engine: the command line and the page share it.
 */
import type { VagusError } from "../../modules/error/index.js";
import type { CentralLink } from "./link.js";

/** A device that advertises the service (`SERVICE_UUID` of `modules/gatt`). It names nobody until it has authenticated. */
export interface Sighting {
  /** What this radio connects to it by; a device changes it from time to time. */
  readonly address: string;
  /** Received signal strength. */
  readonly rssiDbm?: number;
}

export interface Scanning {
  /** One device may be found again and again. */
  found(sighting: Sighting): void;
  /** Nothing more is found by this scan. */
  failed(error: VagusError): void;
}

export interface Scanner {
  /** Looks for devices until the function returned is called. */
  scan(handlers: Scanning): () => void;
}

export interface Connector {
  /**
   * Connects, and agrees on an MTU. After `signal` is aborted nobody waits: a link that still comes is closed.
   * @throws VagusError `host/link`, `gatt/…`
   */
  connect(
    address: string,
    options: { readonly mtu?: number; readonly signal: AbortSignal },
  ): Promise<CentralLink>;
}

export interface Radio extends Scanner, Connector {
  /** As `--link` names it. */
  readonly name: string;
  /** Gives the adapter back. */
  close?(): Promise<void>;
}

/** Milliseconds of a monotonic clock, and timers; the function returned stops one. */
export interface Clock {
  nowMs(): number;
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
