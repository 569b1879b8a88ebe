import type { OctetReader } from "../octets.js";
import { joined } from "../octets.js";
import type { Controller } from "./controller.js";

/** How a command ends: with Command Complete and what it returns, or with Command Status and an event to follow. */
export interface Outcome {
  readonly status: number;
  /** Behind the status; without it, Command Status. */
  readonly returned?: Uint8Array;
}

export interface Command {
  /** Octets of parameters. */
  readonly length: number;
  /** Where it stands in the bit field of supported commands: octet, bit (Core Specification 5.4, Vol 4 Part E 6.27). */
  readonly supported: readonly [number, number];
  run(controller: Controller, parameters: OctetReader): Outcome;
}

export type Commands = Readonly<Record<number, Command>>;

export function complete(status: number, ...returned: (Uint8Array | readonly number[] | number)[]): Outcome {
  return { status, returned: joined(...returned) };
}

export function done(...returned: (Uint8Array | readonly number[] | number)[]): Outcome {
  return complete(0, ...returned);
}

/** Command Status: 0 where an event follows, else why not. */
export function pending(status = 0): Outcome {
  return { status };
}

/** Is it from `min` to `max`? */
export function within(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
