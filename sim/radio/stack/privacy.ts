/**
 * Resolvable private addresses under a host stack that knows only its own (ble-host): the controller's own privacy is
 * switched on beneath it (Core Specification 5.4, Vol 4 Part E sections 7.8.38, 7.8.44), with a key that is nobody else's,
 * and its advertising parameters ask for a private address (section 7.8.5, Own_Address_Type 2).
 *
 * The stack does not learn the address, so nothing that counts on it works: pairing does not. Where pairing is wanted
 * this is left out.
 */
import { NOBODY } from "../address.js";
import { EVENT, H4, OPCODE } from "../hci/codes.js";
import { joined, uint } from "../octets.js";
import type { TransportOptions } from "./transport.js";

const OWN_TYPE_AT = 4 + 5;
const PRIVATE = 2;

function command(opcode: number, ...parameters: (Uint8Array | number)[]): Uint8Array {
  const body = joined(...parameters);
  return joined(H4.command, uint(opcode, 2), body.length, body);
}

/** @param irk 16 octets */
export function withPrivacy(irk: Uint8Array): Pick<TransportOptions, "outgoing" | "incoming"> {
  const ours: readonly number[] = [OPCODE.leAddToResolvingList, OPCODE.leSetAddressResolution];
  let ready = false;
  return {
    outgoing(packet) {
      const opcode = packet[0] === H4.command ? packet[1] | (packet[2] << 8) : 0;
      if (opcode === OPCODE.reset) ready = false;
      if (opcode !== OPCODE.leSetAdvertisingParameters) return [packet];
      const changed = packet.slice();
      changed[OWN_TYPE_AT] |= PRIVATE;
      if (ready) return [changed];
      ready = true;
      const entry = command(OPCODE.leAddToResolvingList, NOBODY.type, NOBODY.octets, new Uint8Array(16), irk);
      return [entry, command(OPCODE.leSetAddressResolution, 1), changed];
    },
    incoming(packet) {
      const answers = packet[0] === H4.event && packet[1] === EVENT.commandComplete;
      return answers && ours.includes(packet[4] | (packet[5] << 8)) ? undefined : packet;
    },
  };
}
