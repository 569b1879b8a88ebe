/**
 * Holds a stack to an ATT MTU: the two PDUs that agree on it (Core Specification 5.4, Vol 3 Part F section 3.4.2) say no
 * more than that in either direction.
 *
 *   | 02 | handle, flags (2) | 07 00 | 03 00 | 04 00 | 02 or 03 | MTU (2) |
 */
import { H4 } from "../hci/codes.js";

const LENGTH = 12;
const AT = { l2capLength: 5, channel: 7, opcode: 9, mtu: 10 } as const;

export function limitMtu(packet: Uint8Array, mtu: number | undefined): Uint8Array {
  if (mtu === undefined || packet[0] !== H4.acl || packet.length !== LENGTH) return packet;
  if (packet[AT.l2capLength] !== 3 || packet[AT.channel] !== 4) return packet;
  if (packet[AT.opcode] !== 0x02 && packet[AT.opcode] !== 0x03) return packet;
  const limited = Math.min(mtu, packet[AT.mtu] | (packet[AT.mtu + 1] << 8));
  const changed = packet.slice();
  changed.set([limited & 0xff, limited >> 8], AT.mtu);
  return changed;
}
