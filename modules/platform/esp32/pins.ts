/** The pins of a board, as its manifest's "config" names them: contacts that close to ground, and one lamp. */
import Digital from "embedded:io/digital";
import type { Contacts } from "../moddable/button.js";

/** Of a pin that the chip cannot pull up the board has the resistor. */
export type Contact = number | { readonly pin: number; readonly pulled: "board" };

/** @param contacts each to ground: the boot button, a reed switch */
export function openContacts(contacts: readonly Contact[]): Contacts {
  let edge: (() => void) | undefined;
  const inputs = contacts.map(
    (contact) =>
      new Digital({
        pin: typeof contact === "number" ? contact : contact.pin,
        mode: typeof contact === "number" ? Digital.InputPullUp : Digital.Input,
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
