import { connect, type Socket } from "node:net";
import { VagusError } from "../../../modules/error/index.js";
import {
  ATT,
  CHARACTERISTICS,
  FrameReader,
  frame,
  MTU_MIN,
  type Outgoing,
  uint16le,
} from "../../../modules/gatt/index.js";
import type { RadioEvents, RadioLink } from "../stack/peripheral.js";

/** Notifications that may wait here for the radio: as the stack takes one, the firmware may send another. */
const ROOM = 24;
/** "Unlikely Error" (Core Specification 5.4, Vol 3 Part F section 3.4.1.1). */
const UNLIKELY = 0x0e;
const CCCD = { notify: 0x0001, indicate: 0x0002 } as const;

/** One central: what it does on the radio is done on the firmware's loopback port, and what comes back goes to it. */
export class Relay implements RadioEvents {
  readonly #link: RadioLink;
  readonly #socket: Socket;
  readonly #capacity: (centrals: 1 | 2) => void;
  readonly #reader = new FrameReader();
  #requests: Promise<unknown> = Promise.resolve();
  #answer: ((pdu: Uint8Array | undefined) => void) | undefined;
  #waiting: Uint8Array[] = [];
  #indication: Uint8Array | undefined;
  #mtu = MTU_MIN;
  #over = false;

  /** @param capacity hears how many centrals the firmware lets in */
  constructor(link: RadioLink, port: number, capacity: (centrals: 1 | 2) => void) {
    this.#link = link;
    this.#capacity = capacity;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (bytes: Uint8Array) => this.#data(new Uint8Array(bytes)));
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("close", () => this.#end());
    this.#socket.write(frame(ATT.room, uint16le(ROOM)));
  }

  /** @throws VagusError `gatt/disconnected`, `gatt/attribute` */
  async info(): Promise<Uint8Array> {
    const answer = await this.#request(frame(ATT.readRequest, uint16le(CHARACTERISTICS.info.handle)));
    if (answer?.[0] === ATT.readResponse) return answer.slice(1);
    throw new VagusError("gatt/disconnected", "expected the firmware's info, came none");
  }

  mtuChanged(mtu: number): void {
    if (mtu === this.#mtu) return;
    this.#mtu = mtu;
    this.#request(frame(ATT.mtuRequest, uint16le(mtu)));
  }

  subscribed(characteristic: Outgoing, wanted: boolean): void {
    const bit = characteristic === "control" ? CCCD.indicate : CCCD.notify;
    const handle = uint16le(CHARACTERISTICS[characteristic].cccd);
    this.#request(frame(ATT.writeRequest, handle, uint16le(wanted ? bit : 0)));
  }

  async written(value: Uint8Array): Promise<number> {
    const request = frame(ATT.writeRequest, uint16le(CHARACTERISTICS.control.handle), value);
    const answer = await this.#request(request);
    if (answer?.[0] === ATT.writeResponse) return 0;
    return answer?.[0] === ATT.error ? answer[4] : UNLIKELY;
  }

  ready(): void {
    this.#pump();
  }

  disconnected(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  /** One after the other, as ATT wants it (Vol 3 Part F section 3.3.2). @returns nothing where the firmware has gone */
  #request(request: Uint8Array): Promise<Uint8Array | undefined> {
    const answered = this.#requests.then(
      () =>
        new Promise<Uint8Array | undefined>((resolve) => {
          if (this.#over) {
            resolve(undefined);
            return;
          }
          this.#answer = resolve;
          this.#socket.write(request);
        }),
    );
    this.#requests = answered;
    return answered;
  }

  #data(bytes: Uint8Array): void {
    try {
      for (const pdu of this.#reader.push(bytes)) this.#pdu(pdu);
    } catch {
      this.#socket.destroy();
    }
  }

  #pdu(pdu: Uint8Array): void {
    switch (pdu[0]) {
      case ATT.notification:
        this.#waiting.push(pdu.slice(3));
        this.#pump();
        return;
      case ATT.indication:
        this.#indication = pdu.slice(3);
        this.#pump();
        return;
      case ATT.capacity:
        if (pdu.length === 2) this.#capacity(pdu[1] === 2 ? 2 : 1);
        return;
      case ATT.pairing:
        if (pdu.length === 5)
          this.#link.allowPairing(new DataView(pdu.buffer, pdu.byteOffset).getUint32(1, true));
        return;
      default: {
        const answer = this.#answer;
        this.#answer = undefined;
        answer?.(pdu);
      }
    }
  }

  #pump(): void {
    const indication = this.#indication;
    if (indication !== undefined && this.#link.send("control", indication, () => this.#confirm())) {
      this.#indication = undefined;
    }
    let sent = 0;
    while (this.#waiting.length > 0 && this.#link.send("telemetry", this.#waiting[0])) {
      this.#waiting.shift();
      sent++;
    }
    if (sent > 0 && !this.#over) this.#socket.write(frame(ATT.room, uint16le(sent)));
  }

  #confirm(): void {
    if (!this.#over) this.#socket.write(frame(ATT.confirmation));
  }

  /** The firmware hung up: so does the radio, once what it sent before is on its way. */
  #end(): void {
    this.#answer?.(undefined);
    this.#answer = undefined;
    if (this.#over) return;
    this.#over = true;
    this.#link.disconnect();
  }
}
