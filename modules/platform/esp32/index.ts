/** The firmware on an ESP32: what the chip and the SDK offer, as ports. */
import config from "mc/config";
import { toHex } from "../../bytes/index.js";
import { PacedSensor, SyntheticSource } from "../../cardiac/index.js";
import { createNativeCrypto } from "../../crypto/native/index.js";
import type { DeviceEvent, DevicePorts } from "../../device/index.js";
import { createClock } from "../moddable/clock.js";
import { PartitionFlash } from "./flash.js";
import { Radio } from "./radio.js";

declare global {
  interface XsNatives {
    /** Until the radio starts, the chip's generator needs another source of noise (entropy.c). */
    xs_vagus_entropy(this: undefined, on: boolean): void;
  }
}

export async function openPorts(): Promise<DevicePorts> {
  native("xs_vagus_entropy").call(undefined, true);
  const crypto = createNativeCrypto();
  const clock = createClock();
  return {
    crypto,
    clock,
    flash: new PartitionFlash("vagus"),
    peripheral: new Radio({
      clock,
      starting: () => native("xs_vagus_entropy").call(undefined, false),
    }),
    sensor: new PacedSensor(new SyntheticSource({ seed: 1 }), { clock: () => clock.monotonicMs() }),
    madeAt: config.madeAt,
    observe: (event) => trace(`${describe(event)}\n`),
  };
}

/** For the serial line: the label is what a maker prints on the case. */
function describe(event: DeviceEvent): string {
  switch (event.kind) {
    case "started":
      return `started, boot ${event.boot}, label ${toHex(event.label)}`;
    case "refused":
      return `refused, ${event.error.code}: ${event.error.message}`;
    default:
      return event.kind;
  }
}
