/** The pins of a board, as its manifest's "config" names them: contacts that close to ground, and one lamp. */
import Digital from "embedded:io/digital";
import type { Contacts } from "../moddable/button.js";

/** @param pins each with its own pull-up: the boot button, a reed switch */
export function openContacts(pins: readonly number[]): Contacts {
  let edge: (() => void) | undefined;
  const inputs = pins.map(
    (pin) =>
      new Digital({
        pin,
        mode: Digital.InputPullUp,
        edge: Digital.Rising | Digital.Falling,
        onReadable: () => edge?.(),
      }),
  );
  return {
    closed: () => inputs.some((input) => input.read() === 0),
    listen: (heard) => {
      edge = heard;
    },
  };
}

/** @param lit the level at which it shines */
export function openLight(pin: number, lit: 0 | 1): (on: boolean) => void {
  const output = new Digital({ pin, mode: Digital.Output });
  const light = (on: boolean) => output.write(on === (lit === 1) ? 1 : 0);
  light(false);
  return light;
}
