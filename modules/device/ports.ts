import type { EcgSensor } from "../cardiac/index.js";
import type { Crypto } from "../crypto/port.js";
import type { VagusError } from "../error/index.js";
import type { Flash } from "../flash/index.js";
import type { Peripheral } from "../gatt/index.js";

export interface Clock {
  /** Milliseconds since some moment at or before the start; never falls, stands still only while the device is off. */
  monotonicMs(): number;
  /** Calls back once, `ms` milliseconds from now or later; the function returned stops it. */
  after(ms: number, callback: () => void): () => void;
}

/** What the device tells whoever watches it from the bench. Nothing of it goes to the radio. */
export type DeviceEvent =
  | {
      readonly kind: "started";
      readonly label: Uint8Array;
      readonly boot: number;
      readonly fresh: boolean;
      readonly provisioned: boolean;
    }
  | { readonly kind: "connected" | "authenticated" | "disconnected" }
  | { readonly kind: "refused"; readonly error: VagusError };

/** All that the device has of the world. The platform brings it. */
export interface DevicePorts {
  readonly crypto: Crypto;
  readonly flash: Flash;
  readonly clock: Clock;
  readonly peripheral: Peripheral;
  readonly sensor: EcgSensor;
  /** Is the key of this kid revoked? Without it nobody is. */
  readonly revoked?: (kid: Uint8Array) => boolean;
  /** Tells of each press of the button, or each coming of a magnet. Without it there is none. */
  readonly button?: (pressed: () => void) => void;
  /** Seconds since 1970 when the device was made: its first floor of time. */
  readonly madeAt: number;
  readonly observe: (event: DeviceEvent) => void;
}
