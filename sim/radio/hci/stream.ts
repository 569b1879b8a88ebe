import { joined } from "../octets.js";
import { H4 } from "./codes.js";

/** Where a packet's length stands and how long it is, behind the indicator. */
const LENGTH: Record<number, { readonly at: number; readonly octets: number }> = {
  [H4.command]: { at: 3, octets: 1 },
  [H4.acl]: { at: 3, octets: 2 },
  [H4.event]: { at: 2, octets: 1 },
};

/** Finds packets in a stream of bytes (H4, Vol 4 Part A): what a socket or a UART carries. */
export class PacketReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** @throws Error for an indicator that is none: the two sides are out of step, and the stream is of no use any more */
  push(bytes: Uint8Array): Uint8Array[] {
    let rest = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    const packets: Uint8Array[] = [];
    for (;;) {
      if (rest.length === 0) break;
      const field = LENGTH[rest[0]];
      if (field === undefined) throw new Error(`expected an HCI packet, came an indicator of ${rest[0]}`);
      const header = field.at + field.octets;
      if (rest.length < header) break;
      const length = rest[field.at] | (field.octets === 2 ? rest[field.at + 1] << 8 : 0);
      if (rest.length < header + length) break;
      packets.push(rest.slice(0, header + length));
      rest = rest.subarray(header + length);
    }
    this.#rest = rest.slice();
    return packets;
  }
}
