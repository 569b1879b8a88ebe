import { VagusError } from "../../error/index.js";
import {
  ATT,
  ATT_ERROR,
  CHARACTERISTICS,
  FrameReader,
  frame,
  type LinkEvents,
  MTU_MIN,
  type Outgoing,
  type PeripheralLink,
  readUint16le,
  uint16le,
  uint32le,
} from "../../gatt/index.js";

/** A connection that carries bytes in order: what a platform's socket offers to the loopback link. */
export interface ByteStream {
  /** Takes all of `bytes` or, where there is no room, nothing and says false; `writable` follows then. */
  write(bytes: Uint8Array): boolean;
  close(): void;
  /** Set before anything comes. */
  listener: ByteListener;
}

export interface ByteListener {
  data(bytes: Uint8Array): void;
  writable(): void;
  /** Once, whoever closed. */
  closed(): void;
}

const COMMAND_FLAG = 0x40;
const ROOM_MAX = 0xffff;
const CCCD = { notify: 0x0001, indicate: 0x0002 } as const;

/** One central of the loopback link: the server's side of ATT over its byte stream. */
export class LoopbackCentral implements PeripheralLink, ByteListener {
  private readonly stream: ByteStream;
  private readonly mtuMax: number;
  private readonly info: () => Uint8Array;
  private readonly capacity: () => number;
  private readonly reader = new FrameReader();
  private readonly subscribed = new Set<Outgoing>();
  private events: LinkEvents | undefined;
  private gone: () => void = () => {};
  private agreedMtu = MTU_MIN;
  /** The MTU is agreed on once in a connection (Core Specification 5.4, Vol 3 Part F section 3.4.2). */
  private agreed = false;
  private indicating = false;
  /** How many notifications may come; undefined until the other side has said. */
  private room: number | undefined;
  /** An answer that the stream does not take yet: one at most, as a client has one request under way. */
  private waiting: Uint8Array | undefined;

  /** What the radio behind it was told last; said again as soon as the stream takes it. */
  private told = 1;

  constructor(stream: ByteStream, mtuMax: number, info: () => Uint8Array, capacity: () => number) {
    this.stream = stream;
    this.mtuMax = mtuMax;
    this.info = info;
    this.capacity = capacity;
  }

  get mtu(): number {
    return this.agreedMtu;
  }

  /** Nothing is read before; `gone` comes once, before the events hear of it. */
  begin(events: LinkEvents, gone: () => void): void {
    this.events = events;
    this.gone = gone;
    this.stream.listener = this;
  }

  closed(): void {
    const events = this.events;
    if (events === undefined) return;
    this.events = undefined;
    this.gone();
    events.disconnected();
  }

  send(characteristic: Outgoing, value: Uint8Array): boolean {
    if (this.events === undefined || !this.subscribed.has(characteristic)) return false;
    const indicate = characteristic === "control";
    if (this.waiting !== undefined || (indicate ? this.indicating : this.room === 0)) return false;
    const opcode = indicate ? ATT.indication : ATT.notification;
    const handle = uint16le(CHARACTERISTICS[characteristic].handle);
    if (!this.stream.write(frame(opcode, handle, value))) return false;
    if (indicate) this.indicating = true;
    else if (this.room !== undefined) this.room--;
    return true;
  }

  disconnect(): void {
    this.stream.close();
  }

  /** Nobody pairs a socket: it is for the radio behind it, which has said that it is there. */
  allowPairing(passkey: number): void {
    if (this.room !== undefined) this.stream.write(frame(ATT.pairing, uint32le(passkey)));
  }

  /** Whoever stands between this link and a radio hears how many centrals that may let in. */
  tellCapacity(): void {
    const centrals = this.capacity();
    if (this.events === undefined || this.room === undefined || centrals === this.told) return;
    if (this.stream.write(frame(ATT.capacity, Uint8Array.of(centrals)))) this.told = centrals;
  }

  data(bytes: Uint8Array): void {
    try {
      for (const pdu of this.reader.push(bytes)) {
        if (this.events === undefined) return;
        if (this.waiting !== undefined && pdu[0] !== ATT.confirmation && !(pdu[0] & COMMAND_FLAG)) {
          throw new VagusError(
            "gatt/attribute",
            "expected no request before the answer to the last, came one",
          );
        }
        const answer = this.answerTo(this.events, pdu);
        if (answer !== undefined && !this.stream.write(answer)) this.waiting = answer;
      }
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.stream.close();
    }
  }

  writable(): void {
    if (this.waiting !== undefined && !this.stream.write(this.waiting)) return;
    this.waiting = undefined;
    this.tellCapacity();
    this.events?.ready();
  }

  private answerTo(events: LinkEvents, pdu: Uint8Array): Uint8Array | undefined {
    const opcode = pdu[0];
    switch (opcode) {
      case ATT.mtuRequest:
        if (pdu.length !== 3) return refuse(pdu, ATT_ERROR.invalidPdu);
        if (this.agreed) return refuse(pdu, ATT_ERROR.requestNotSupported);
        this.agreed = true;
        this.agreedMtu = Math.max(MTU_MIN, Math.min(readUint16le(pdu, 1), this.mtuMax));
        events.mtuChanged(this.agreedMtu);
        return frame(ATT.mtuResponse, uint16le(this.mtuMax));
      case ATT.readRequest:
        if (pdu.length !== 3) return refuse(pdu, ATT_ERROR.invalidPdu);
        if (readUint16le(pdu, 1) !== CHARACTERISTICS.info.handle)
          return refuse(pdu, ATT_ERROR.readNotPermitted);
        return frame(ATT.readResponse, this.info());
      case ATT.writeRequest:
        return this.writeAttribute(events, pdu);
      case ATT.confirmation:
        this.indicating = false;
        events.ready();
        return undefined;
      case ATT.room:
        if (pdu.length === 3) this.room = Math.min(ROOM_MAX, (this.room ?? 0) + readUint16le(pdu, 1));
        this.tellCapacity();
        events.ready();
        return undefined;
      default:
        // A command, told by its flag, is not answered (Vol 3 Part F section 3.3).
        return opcode & COMMAND_FLAG ? undefined : refuse(pdu, ATT_ERROR.requestNotSupported);
    }
  }

  private writeAttribute(events: LinkEvents, pdu: Uint8Array): Uint8Array {
    if (pdu.length < 3) return refuse(pdu, ATT_ERROR.invalidPdu);
    const handle = readUint16le(pdu, 1);
    const value = pdu.subarray(3);
    const { control, telemetry, info } = CHARACTERISTICS;
    if (handle === control.handle) {
      if (value.length > this.agreedMtu - 3) return refuse(pdu, ATT_ERROR.invalidLength);
      events.written(value);
    } else if (handle === control.cccd || handle === telemetry.cccd) {
      if (value.length !== 2) return refuse(pdu, ATT_ERROR.invalidLength);
      const to = handle === control.cccd ? "control" : "telemetry";
      const wanted = readUint16le(value, 0) === (to === "control" ? CCCD.indicate : CCCD.notify);
      if (wanted) this.subscribed.add(to);
      else this.subscribed.delete(to);
      events.subscribed(to, wanted);
    } else {
      const known = handle > 0 && handle <= info.handle;
      return refuse(pdu, known ? ATT_ERROR.writeNotPermitted : ATT_ERROR.invalidHandle);
    }
    return frame(ATT.writeResponse);
  }
}

function refuse(pdu: Uint8Array, code: number): Uint8Array {
  const handle = pdu.length >= 3 ? pdu.subarray(1, 3) : uint16le(0);
  return frame(ATT.error, pdu.subarray(0, 1), handle, Uint8Array.of(code));
}
