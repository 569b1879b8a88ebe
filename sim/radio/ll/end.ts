import type { Address } from "../address.js";
import { joined } from "../octets.js";
import type { LinkCipher } from "./cipher.js";
import { CONTROL, DATA_OCTETS_MIN, type DataPdu, LLID } from "./pdu.js";

export type Role = "central" | "peripheral";

/** What one end tells its controller. */
export interface EndEvents {
  /** A fragment of an L2CAP PDU: its beginning, or more of it. */
  data(begins: boolean, bytes: Uint8Array): void;
  /** The other side has all of an ACL packet that the host handed over. */
  completed(): void;
  control(opcode: number, parameters: Uint8Array): void;
  /** A packet that was not what its MIC says: Vol 6 Part E section 2 ends the connection. */
  micFailed(): void;
}

interface Waiting {
  readonly llid: number;
  readonly plain: Uint8Array;
  readonly acknowledged?: (() => void) | undefined;
}

/** One end of a connection: what waits to be sent, and the acknowledgement scheme (Vol 6 Part B section 4.5.9). */
export class LinkEnd {
  readonly role: Role;
  readonly own: Address;
  readonly peer: Address;
  readonly #control: Waiting[] = [];
  #data: Waiting[] = [];
  #sending: { readonly pdu: DataPdu; readonly waiting: Waiting | undefined } | undefined;
  #sn = 0;
  #nesn = 0;
  /** Data waits while encryption is being set up (section 5.1.3); control goes on. */
  paused = false;
  sealer: LinkCipher | undefined;
  opener: LinkCipher | undefined;
  /** Octets of payload in a packet, MIC aside, that this end sends (section 4.5.10). */
  octetsOut = DATA_OCTETS_MIN;
  octetsIn = DATA_OCTETS_MIN;
  events: EndEvents | undefined;

  constructor(role: Role, own: Address, peer: Address) {
    this.role = role;
    this.own = own;
    this.peer = peer;
  }

  /** Is there anything but an empty packet to send? */
  get pending(): boolean {
    return this.#sending?.waiting !== undefined || this.#control.length > 0 || this.#sendable > 0;
  }

  /** An ACL packet of the host, in as many packets as it takes. */
  sendData(begins: boolean, bytes: Uint8Array): void {
    let offset = 0;
    do {
      const plain = bytes.slice(offset, offset + this.octetsOut);
      const llid = begins && offset === 0 ? LLID.begins : LLID.continues;
      offset += this.octetsOut;
      const last = offset >= bytes.length;
      this.#data.push({ llid, plain, acknowledged: last ? () => this.events?.completed() : undefined });
    } while (offset < bytes.length);
  }

  sendControl(
    name: keyof typeof CONTROL,
    parameters: Uint8Array = new Uint8Array(0),
    acknowledged?: () => void,
  ): void {
    this.#control.push({ llid: LLID.control, plain: joined(CONTROL[name], parameters), acknowledged });
  }

  /** The packet that goes out now: the last one again until it is acknowledged, then the next, or an empty one. */
  transmit(): DataPdu {
    if (this.#sending === undefined) {
      const waiting = this.#control.shift() ?? (this.#sendable > 0 ? this.#data.shift() : undefined);
      const llid = waiting?.llid ?? LLID.continues;
      const plain = waiting?.plain ?? new Uint8Array(0);
      const payload = plain.length > 0 && this.sealer !== undefined ? this.sealer.seal(llid, plain) : plain;
      this.#sending = { pdu: { llid, sn: this.#sn, nesn: 0, md: false, payload }, waiting };
    }
    const md = this.#control.length > 0 || this.#sendable > 0;
    return { ...this.#sending.pdu, nesn: this.#nesn, md };
  }

  receive(pdu: DataPdu): void {
    if (pdu.nesn !== this.#sn && this.#sending !== undefined) {
      const { waiting } = this.#sending;
      this.#sending = undefined;
      this.#sn ^= 1;
      waiting?.acknowledged?.();
    }
    if (pdu.sn !== this.#nesn) return; // the same once more
    this.#nesn ^= 1;
    if (pdu.payload.length > 0) this.#open(pdu);
  }

  get #sendable(): number {
    return this.paused ? 0 : this.#data.length;
  }

  #open({ llid, payload }: DataPdu): void {
    const plain = this.opener === undefined ? payload : this.opener.open(llid, payload);
    if (plain === undefined) this.events?.micFailed();
    else if (llid === LLID.control) this.events?.control(plain[0], plain.slice(1));
    else this.events?.data(llid === LLID.begins, plain);
  }
}
