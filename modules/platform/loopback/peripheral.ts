import { VagusError } from "../../error/index.js";
import {
  ATT,
  ATT_ERROR,
  CHARACTERISTICS,
  FrameReader,
  frame,
  MTU_MAX,
  MTU_MIN,
  type Outgoing,
  type Peripheral,
  type PeripheralEvents,
  readUint16le,
  uint16le,
} from "../../gatt/index.js";

/** A connection that carries bytes in order: what a platform's socket offers to the loopback link. */
export interface ByteStream {
  /** Takes all of `bytes` or, where there is no room, nothing and says false; `writable` follows then. */
  write(bytes: Uint8Array): boolean;
  close(): void;
  onData: (bytes: Uint8Array) => void;
  onWritable: () => void;
  onClose: () => void;
}

interface Central {
  readonly stream: ByteStream;
  readonly reader: FrameReader;
  mtu: number;
  /** The MTU is agreed on once in a connection (Core Specification 5.4, Vol 3 Part F section 3.4.2). */
  agreed: boolean;
  indicating: boolean;
  /** An answer that the stream does not take yet: one at most, as a client has one request under way. */
  answer: Uint8Array | undefined;
  readonly subscribed: Set<Outgoing>;
}

const COMMAND_FLAG = 0x40;
const CCCD = { none: 0x0000, notify: 0x0001, indicate: 0x0002 } as const;

/** The device's radio without a radio: an ATT server over a byte stream, for one central at a time. */
export class LoopbackPeripheral implements Peripheral {
  readonly #mtuMax: number;
  #events: PeripheralEvents | undefined;
  #central: Central | undefined;
  #info: Uint8Array = new Uint8Array(0);

  /** @throws VagusError `gatt/mtu` for an MTU that is not from 23 to 247 */
  constructor(mtuMax: number = MTU_MAX) {
    if (!(Number.isInteger(mtuMax) && mtuMax >= MTU_MIN && mtuMax <= MTU_MAX)) {
      throw new VagusError("gatt/mtu", `expected an MTU of ${MTU_MIN} to ${MTU_MAX}, came ${mtuMax}`);
    }
    this.#mtuMax = mtuMax;
  }

  open(events: PeripheralEvents): void {
    this.#events = events;
  }

  setInfo(value: Uint8Array): void {
    this.#info = value;
  }

  send(characteristic: Outgoing, value: Uint8Array): boolean {
    const central = this.#central;
    if (central === undefined || !central.subscribed.has(characteristic)) return false;
    const indicate = characteristic === "control";
    if (central.answer !== undefined || (indicate && central.indicating)) return false;
    const opcode = indicate ? ATT.indication : ATT.notification;
    if (!central.stream.write(frame(opcode, uint16le(CHARACTERISTICS[characteristic].handle), value)))
      return false;
    if (indicate) central.indicating = true;
    return true;
  }

  disconnect(): void {
    this.#central?.stream.close();
  }

  close(): void {
    this.disconnect();
    this.#events = undefined;
  }

  /** A central that comes in: one at a time, and none before `open`. */
  accept(stream: ByteStream): void {
    if (this.#central !== undefined || this.#events === undefined) {
      stream.close();
      return;
    }
    const central: Central = {
      stream,
      reader: new FrameReader(),
      mtu: MTU_MIN,
      agreed: false,
      indicating: false,
      answer: undefined,
      subscribed: new Set<Outgoing>(),
    };
    this.#central = central;
    stream.onData = (bytes) => this.#data(central, bytes);
    stream.onWritable = () => this.#writable(central);
    stream.onClose = () => {
      this.#central = undefined;
      this.#events?.disconnected();
    };
    this.#events?.connected(MTU_MIN);
  }

  #data(central: Central, bytes: Uint8Array): void {
    try {
      for (const pdu of central.reader.push(bytes)) {
        if (central !== this.#central) return;
        if (central.answer !== undefined && pdu[0] !== ATT.confirmation) {
          throw new VagusError(
            "gatt/attribute",
            "expected no request before the answer to the last, came one",
          );
        }
        const answer = this.#answer(central, pdu);
        if (answer !== undefined && !central.stream.write(answer)) central.answer = answer;
      }
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      central.stream.close();
    }
  }

  #writable(central: Central): void {
    if (central.answer !== undefined && !central.stream.write(central.answer)) return;
    central.answer = undefined;
    this.#events?.ready();
  }

  #answer(central: Central, pdu: Uint8Array): Uint8Array | undefined {
    const opcode = pdu[0];
    switch (opcode) {
      case ATT.mtuRequest:
        if (pdu.length !== 3) return refuse(pdu, ATT_ERROR.invalidPdu);
        if (central.agreed) return refuse(pdu, ATT_ERROR.requestNotSupported);
        central.agreed = true;
        central.mtu = Math.max(MTU_MIN, Math.min(readUint16le(pdu, 1), this.#mtuMax));
        this.#events?.mtuChanged(central.mtu);
        return frame(ATT.mtuResponse, uint16le(this.#mtuMax));
      case ATT.readRequest:
        if (pdu.length !== 3) return refuse(pdu, ATT_ERROR.invalidPdu);
        if (readUint16le(pdu, 1) !== CHARACTERISTICS.info.handle)
          return refuse(pdu, ATT_ERROR.readNotPermitted);
        return frame(ATT.readResponse, this.#info);
      case ATT.writeRequest:
        return this.#write(central, pdu);
      case ATT.confirmation:
        central.indicating = false;
        this.#events?.ready();
        return undefined;
      default:
        // A command, told by its flag, is not answered (Vol 3 Part F section 3.3).
        return opcode & COMMAND_FLAG ? undefined : refuse(pdu, ATT_ERROR.requestNotSupported);
    }
  }

  #write(central: Central, pdu: Uint8Array): Uint8Array {
    if (pdu.length < 3) return refuse(pdu, ATT_ERROR.invalidPdu);
    const handle = readUint16le(pdu, 1);
    const value = pdu.subarray(3);
    const { control, telemetry } = CHARACTERISTICS;
    if (handle === control.handle) {
      if (value.length > central.mtu - 3) return refuse(pdu, ATT_ERROR.invalidLength);
      this.#events?.written(value);
    } else if (handle === control.cccd || handle === telemetry.cccd) {
      if (value.length !== 2) return refuse(pdu, ATT_ERROR.invalidLength);
      const [to, bit] =
        handle === control.cccd
          ? (["control", CCCD.indicate] as const)
          : (["telemetry", CCCD.notify] as const);
      const wanted = readUint16le(value, 0) === bit;
      if (wanted) central.subscribed.add(to);
      else central.subscribed.delete(to);
      this.#events?.subscribed(to, wanted);
    } else {
      return refuse(
        pdu,
        handle === 0 || handle > CHARACTERISTICS.info.handle
          ? ATT_ERROR.invalidHandle
          : ATT_ERROR.writeNotPermitted,
      );
    }
    return frame(ATT.writeResponse);
  }
}

function refuse(pdu: Uint8Array, code: number): Uint8Array {
  const handle = pdu.length >= 3 ? pdu.subarray(1, 3) : uint16le(0);
  return frame(ATT.error, pdu.subarray(0, 1), handle, Uint8Array.of(code));
}
