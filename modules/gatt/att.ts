/**
 * The Attribute Protocol over a byte stream, for links without a radio: L2CAP basic frames on the fixed channel of ATT
 * (Core Specification 5.4, Vol 3 Part A section 3.1 and Part F section 3.4), one after the other, little-endian.
 *
 *   frame         | length (2) | channel 04 00 | PDU … |
 *
 *   01 error      | opcode of the request | handle (2) | error code |
 *   02 03 MTU     | MTU (2) |                                           request, response
 *   0a read       | handle (2) |
 *   0b            | value … |                                           response
 *   12 write      | handle (2) | value … |
 *   13            |                                                     response
 *   1b notify     | handle (2) | value … |
 *   1d indicate   | handle (2) | value … |
 *   1e            |                                                     confirmation
 *
 *   7d capacity   | centrals (1) |                                      of ours, for whoever stands between this link and a
 *   7e room       | values (2) |                                        radio: commands, which others pass over (section 3.3)
 *   7f pairing    | passkey (4) |
 *
 * room says that so many more notifications may come; whoever never says it takes all, and is not told the other two.
 * capacity says that the radio may let so many centrals in, 1 or 2; where it was not said it is 1. pairing says that it may let
 * this link be paired, with this passkey.
 */
import { concat } from "../bytes/index.js";
import { VagusError } from "../error/index.js";

export const ATT = {
  error: 0x01,
  mtuRequest: 0x02,
  mtuResponse: 0x03,
  readRequest: 0x0a,
  readResponse: 0x0b,
  writeRequest: 0x12,
  writeResponse: 0x13,
  notification: 0x1b,
  indication: 0x1d,
  confirmation: 0x1e,
  capacity: 0x7d,
  room: 0x7e,
  pairing: 0x7f,
} as const;

/** Error codes of Part F section 3.4.1.1. */
export const ATT_ERROR = {
  invalidHandle: 0x01,
  writeNotPermitted: 0x03,
  readNotPermitted: 0x02,
  invalidPdu: 0x04,
  requestNotSupported: 0x06,
  invalidLength: 0x0d,
} as const;

const CHANNEL = 0x0004;
const HEADER = 4;
/** The longest PDU that either side sends: an attribute value of 512 bytes and its header, rounded up. */
const PDU_MAX = 517;

export function uint16le(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

export function uint32le(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
}

export function readUint16le(bytes: Uint8Array, offset: number): number {
  return bytes[offset] | (bytes[offset + 1] << 8);
}

/** A PDU with its frame around it. */
export function frame(opcode: number, ...parameters: Uint8Array[]): Uint8Array {
  const pdu = concat(Uint8Array.of(opcode), ...parameters);
  return concat(uint16le(pdu.length), uint16le(CHANNEL), pdu);
}

/** Finds the PDUs in a byte stream; keeps at most one unfinished frame. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0);

  /**
   * @returns the PDUs that are whole now
   * @throws VagusError `gatt/attribute` for a frame on another channel or longer than any PDU: close the link
   */
  push(bytes: Uint8Array): Uint8Array[] {
    let rest = this.#rest.length === 0 ? bytes : concat(this.#rest, bytes);
    const pdus: Uint8Array[] = [];
    while (rest.length >= HEADER) {
      const length = readUint16le(rest, 0);
      const channel = readUint16le(rest, 2);
      if (channel !== CHANNEL || length === 0 || length > PDU_MAX) {
        const came = `${length} on channel ${channel}`;
        throw new VagusError(
          "gatt/attribute",
          `expected a PDU of 1 to ${PDU_MAX} bytes on channel 4, came ${came}`,
        );
      }
      if (rest.length < HEADER + length) break;
      pdus.push(rest.slice(HEADER, HEADER + length));
      rest = rest.subarray(HEADER + length);
    }
    this.#rest = rest.slice();
    return pdus;
  }
}
