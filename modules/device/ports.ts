import type { EcgSensor, Implant } from "../cardiac/index.js";
import type { HolderState } from "../credential/index.js";
import type { Crypto } from "../crypto/port.js";
import type { VagusError } from "../error/index.js";
import type { Flash } from "../flash/index.js";
import type { Peripheral } from "../gatt/index.js";
import type { Button } from "./button.js";
import type { DeviceView } from "./view.js";

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
      readonly state: HolderState;
    }
  | { readonly kind: "connected" | "authenticated" | "disconnected" }
  /** What the button opened, or did; and what the device became. */
  | { readonly kind: "window" | "provisioning" | "reset" | "provisioned" | "revoked" }
  | { readonly kind: "magnet"; readonly on: boolean }
  /** What became of the therapy: other parameters, Pace-Now, or the end of what was temporary. */
  | { readonly kind: "paceNow" | "parametersProgrammed" | "parametersReverted" }
  | { readonly kind: "refused"; readonly error: VagusError }
  /** It cannot read its flash: it serves nobody. */
  | { readonly kind: "fault"; readonly error: VagusError };

/** All that the device has of the world. The platform brings it. */
export interface DevicePorts {
  readonly crypto: Crypto;
  readonly flash: Flash;
  readonly clock: Clock;
  readonly peripheral: Peripheral;
  readonly sensor: EcgSensor;
  /** The patient with the pacemaker whom the sensor reads; none where the heart is a recorded one. */
  readonly implant?: Implant;
  /** Where a magnet is noticed; `down` while it lies on the device. */
  readonly magnet?: Button;
  /** Without it a device can be neither provisioned nor reset. */
  readonly button?: Button;
  /** Lets a radio pair its link once a session of EDHOC is open, with a passkey of that session. Off unless it is said. */
  readonly pairing?: boolean;
  /** Seconds since 1970 when the device was made: its first floor of time. */
  readonly madeAt: number;
  readonly observe: (event: DeviceEvent) => void;
  /** Once, when it has started: how to look at it. For a display; it may be called as often as wanted. */
  readonly show?: (look: () => DeviceView) => void;
}
