/**
 * What the serial line says. The label is made by the device at its first start, from its own generator, so that no two boards
 * that were flashed with one image share it. It is said at every start until the device is provisioned, since whoever has
 * the serial line of such a device has the device; from then on it never is: a log must not hold what provisions it anew.
 */
import { toHex } from "../../bytes/index.js";
import type { DeviceEvent } from "../../device/index.js";

export function describe(event: DeviceEvent): string {
  switch (event.kind) {
    case "started":
      return event.state === "new"
        ? `started, boot ${event.boot}, label ${toHex(event.label)}`
        : `started, boot ${event.boot}, ${event.state}`;
    case "magnet":
      return `magnet ${event.on ? "on" : "off"}`;
    case "refused":
    case "fault":
      return `${event.kind}, ${event.error.message}`;
    default:
      return event.kind;
  }
}

/**
 * What is said of it. In the hardened profile (`label`) that is the label alone, in the hands of whoever makes the device and prints it:
 * at each start until it is provisioned, for a first start may be torn, and a device whose label nobody knows is of no use.
 * It says nothing of whom it serves, or why not.
 */
export function spoken(event: DeviceEvent, profile: "all" | "label" | undefined): string | undefined {
  if (profile !== "label") return describe(event);
  return event.kind === "started" && event.state === "new" ? describe(event) : undefined;
}

declare global {
  interface XsNatives {
    /** Writes to the serial line (serial_uart.c). False where it did not go out. */
    xs_vagus_serial(this: undefined, text: string): boolean;
  }
}

/** A line on the board's serial line: 115,200 baud, 8 bits, no parity. */
export function say(line: string): boolean {
  return native("xs_vagus_serial").call(undefined, `${line}\r\n`);
}
