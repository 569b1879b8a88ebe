import type { LinkEnd } from "../ll/end.js";
import { airtimeUs, type DataPdu } from "../ll/pdu.js";

export interface Counted {
  /** Packets with something in them, repeated ones too. */
  packets: number;
  /** Packets without: they poll, and acknowledge. */
  empty: number;
  /** Octets of payload, MICs among them. */
  octets: number;
  /** Microseconds on the air, preamble to CRC, of all packets. */
  airtimeUs: number;
  lost: number;
}

const none = (): Counted => ({ packets: 0, empty: 0, octets: 0, airtimeUs: 0, lost: 0 });

/** What went over the air on connections, each way. */
export class Traffic {
  fromCentral = none();
  fromPeripheral = none();

  count({ role }: LinkEnd, { payload }: DataPdu, heard: boolean): void {
    const counted = role === "central" ? this.fromCentral : this.fromPeripheral;
    if (payload.length > 0) counted.packets++;
    else counted.empty++;
    counted.octets += payload.length;
    counted.airtimeUs += airtimeUs(payload.length);
    if (!heard) counted.lost++;
  }

  /** Counts from nothing again. */
  reset(): void {
    this.fromCentral = none();
    this.fromPeripheral = none();
  }
}
