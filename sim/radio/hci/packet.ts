/**
 * HCI packets with their H4 indicator in front (Core Specification 5.4, Vol 4 Part A section 2, Part E section 5.4).
 *
 *   command   | 01 | opcode (2) | length | parameters … |
 *   ACL data  | 02 | handle (12 bits) PB (2) BC (2) | length (2) | data … |
 *   event     | 04 | code | length | parameters … |
 *
 *   PB  from the host 00 begins an L2CAP PDU, 01 goes on with it; from the controller 10 begins one, 01 goes on
 */
import { joined, uint } from "../octets.js";
import { EVENT, H4, LE_EVENT } from "./codes.js";

export const PB = { fromHost: 0b00, continues: 0b01, fromController: 0b10 } as const;

export function event(code: number, ...parameters: (Uint8Array | readonly number[] | number)[]): Uint8Array {
  const body = joined(...parameters);
  return joined(H4.event, code, body.length, body);
}

export function leEvent(
  name: keyof typeof LE_EVENT,
  ...parameters: (Uint8Array | readonly number[] | number)[]
): Uint8Array {
  return event(EVENT.leMeta, LE_EVENT[name], ...parameters);
}

/** With room for one more command (section 7.7.14). */
export function commandComplete(opcode: number, status: number, returned: Uint8Array): Uint8Array {
  return event(EVENT.commandComplete, 1, uint(opcode, 2), status, returned);
}

export function commandStatus(opcode: number, status: number): Uint8Array {
  return event(EVENT.commandStatus, status, 1, uint(opcode, 2));
}

export function aclData(handle: number, boundary: number, data: Uint8Array): Uint8Array {
  return joined(H4.acl, uint(handle | (boundary << 12), 2), uint(data.length, 2), data);
}
