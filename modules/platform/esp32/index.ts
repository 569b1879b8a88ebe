/** The firmware on an ESP32: what the chip and the SDK offer, as ports. */
import config from "mc/config";
import { PacedSensor, simulatedPatient } from "../../cardiac/index.js";
import { createNativeCrypto } from "../../crypto/native/index.js";
import type { DevicePorts } from "../../device/index.js";
import { flashOr } from "../../flash/index.js";
import type { Heart } from "../display/heart.js";
import { createButton } from "../moddable/button.js";
import { createClock } from "../moddable/clock.js";
import { createLamp } from "../moddable/lamp.js";
import { PartitionFlash } from "./flash.js";
import { openContacts, openLight } from "./pins.js";
import { Radio } from "./radio.js";
import { say, spoken } from "./serial.js";
import { nimble } from "./stack.js";

declare global {
  interface XsNatives {
    /** Until the radio starts, the chip's generator needs another source of noise (entropy.c). */
    xs_vagus_entropy(this: undefined, on: boolean): void;
  }
}

/** A board, and the heart that a display on it shows. */
export function openBoard(): { readonly ports: DevicePorts; readonly heart: Heart } {
  native("xs_vagus_entropy").call(undefined, true);
  const crypto = createNativeCrypto();
  const clock = createClock();
  const { contacts, magnet, lamp, serial, pairing = false } = config.vagus;
  const implant = simulatedPatient();
  const show = lamp && createLamp(openLight(lamp.pin, lamp.lit), clock);
  const ports: DevicePorts = {
    crypto,
    clock,
    flash: flashOr(() => new PartitionFlash("vagus")),
    peripheral: new Radio({
      stack: nimble,
      clock,
      random: crypto.random,
      pairing,
      starting: () => native("xs_vagus_entropy").call(undefined, false),
    }),
    sensor: new PacedSensor(implant, { clock: () => clock.monotonicMs() }),
    implant,
    button: createButton(openContacts(contacts), clock),
    magnet: createButton(openContacts(magnet), clock),
    madeAt: Number(config.madeAt),
    pairing,
    observe: (event) => {
      const line = spoken(event, serial);
      if (line !== undefined) say(line);
      show?.(event);
    },
  };
  return { ports, heart: { samples: implant, patient: implant } };
}

export async function openPorts(): Promise<DevicePorts> {
  return openBoard().ports;
}
