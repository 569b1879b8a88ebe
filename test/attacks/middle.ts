/**
 * Somebody in the middle: to the programmer he is the device, to the device the programmer. He speaks ATT to both, takes
 * every message apart from its fragments, and sends on what he likes.
 *
 *   programmer ── ATT ──> | message whole | ── the hand of whoever sits here ──> | cut anew | ── ATT ──> device
 */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import {
  ATT,
  CHARACTERISTICS,
  Fragmenter,
  FrameReader,
  frame,
  MTU_MAX,
  Reassembler,
  readUint16le,
  uint16le,
} from "../../modules/gatt/index.js";

export type Party = "device" | "programmer";
export type Channel = "control" | "telemetry";

/** A message on its way. */
export interface Letter {
  readonly from: Party;
  readonly on: Channel;
  /** How many came from this side on this characteristic before. */
  readonly number: number;
  readonly message: Uint8Array;
}

export type Hand = (letter: Letter, middle: Middle) => void;

const VALUE_AT = 3;
const handed: Hand = (letter, middle) => middle.forward(letter);

/** One side's socket: whole PDUs in, whole frames out. */
class Side {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();

  constructor(socket: Socket, came: (pdu: Uint8Array) => void, closed: () => void) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      for (const pdu of this.#reader.push(new Uint8Array(bytes))) came(pdu);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", closed);
  }

  send(...parts: Parameters<typeof frame>): void {
    if (!this.#socket.destroyed) this.#socket.write(frame(...parts));
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** What has been cut for one characteristic of one side, and waits for the answer to the fragment before. */
class Lane {
  readonly #fragmenter = new Fragmenter();
  readonly #send: (value: Uint8Array) => void;
  /** Does the other side answer each fragment? */
  readonly #answered: boolean;
  readonly #waiting: Uint8Array[] = [];
  #busy = false;

  constructor(answered: boolean, send: (value: Uint8Array) => void) {
    this.#answered = answered;
    this.#send = send;
  }

  post(message: Uint8Array, fragments = Number.POSITIVE_INFINITY): void {
    const cut = this.#fragmenter.cut(message, MTU_MAX - VALUE_AT);
    this.#waiting.push(...cut.slice(0, fragments));
    this.#flush();
  }

  /** A value as it is: it need not be a fragment. */
  raw(value: Uint8Array): void {
    this.#waiting.push(value);
    this.#flush();
  }

  answered(): void {
    this.#busy = false;
    this.#flush();
  }

  #flush(): void {
    while (!this.#busy && this.#waiting.length > 0) {
      this.#busy = this.#answered;
      this.#send(this.#waiting.shift() as Uint8Array);
    }
  }
}

/** A connection with somebody in its middle. */
export class Middle {
  readonly #device: Side;
  readonly #programmer: Side;
  readonly #lanes: Record<"toDevice" | "control" | "telemetry", Lane>;
  readonly #reassemblers = { device: new Map<number, Reassembler>(), programmer: new Reassembler() };
  readonly #numbers = new Map<string, number>();
  hand: Hand;
  /** Everything that came, in order. */
  readonly letters: Letter[] = [];
  open = true;

  constructor(programmer: Socket, device: Socket, hand: Hand) {
    this.hand = hand;
    const over = () => this.cut();
    this.#programmer = new Side(programmer, (pdu) => this.#ofProgrammer(pdu), over);
    this.#device = new Side(device, (pdu) => this.#ofDevice(pdu), over);
    const { control, telemetry } = CHARACTERISTICS;
    this.#lanes = {
      toDevice: new Lane(true, (value) =>
        this.#device.send(ATT.writeRequest, uint16le(control.handle), value),
      ),
      control: new Lane(true, (value) =>
        this.#programmer.send(ATT.indication, uint16le(control.handle), value),
      ),
      telemetry: new Lane(false, (value) =>
        this.#programmer.send(ATT.notification, uint16le(telemetry.handle), value),
      ),
    };
  }

  forward({ from, on, message }: Letter): void {
    this.send(from === "device" ? "programmer" : "device", message, on);
  }

  /** A message of his own, or somebody else's; of some of its fragments alone. */
  send(to: Party, message: Uint8Array, on: Channel = "control", fragments?: number): void {
    this.#lanes[to === "device" ? "toDevice" : on].post(message, fragments);
  }

  /** A value that is perhaps no fragment. */
  raw(to: Party, value: Uint8Array, on: Channel = "control"): void {
    this.#lanes[to === "device" ? "toDevice" : on].raw(value);
  }

  /** The link is gone, for both. */
  cut(): void {
    if (!this.open) return;
    this.open = false;
    this.#device.close();
    this.#programmer.close();
  }

  #ofProgrammer(pdu: Uint8Array): void {
    const [opcode] = pdu as unknown as [number];
    const message = opcode === ATT.writeRequest && readUint16le(pdu, 1) === CHARACTERISTICS.control.handle;
    if (opcode === ATT.confirmation) this.#lanes.control.answered();
    else if (message) {
      this.#programmer.send(ATT.writeResponse);
      this.#came("programmer", "control", this.#reassemblers.programmer, pdu.subarray(VALUE_AT));
    } else this.#device.send(opcode, pdu.subarray(1));
  }

  #ofDevice(pdu: Uint8Array): void {
    const [opcode] = pdu as unknown as [number];
    if (opcode === ATT.indication) {
      this.#device.send(ATT.confirmation);
      this.#came("device", "control", this.#ofHandle(pdu), pdu.subarray(VALUE_AT));
    } else if (opcode === ATT.notification) {
      this.#came("device", "telemetry", this.#ofHandle(pdu), pdu.subarray(VALUE_AT));
    } else if (opcode !== ATT.writeResponse) this.#programmer.send(opcode, pdu.subarray(1));
    else if (this.#subscribing > 0) {
      this.#subscribing--;
      this.#programmer.send(opcode);
    } else this.#lanes.toDevice.answered();
  }
  /** Two CCCDs are written at first, and their answers belong to the programmer. */
  #subscribing = 2;

  #ofHandle(pdu: Uint8Array): Reassembler {
    const handle = readUint16le(pdu, 1);
    const known = this.#reassemblers.device.get(handle) ?? new Reassembler();
    this.#reassemblers.device.set(handle, known);
    return known;
  }

  #came(from: Party, on: Channel, reassembler: Reassembler, value: Uint8Array): void {
    const message = reassembler.push(value.slice(), performance.now());
    if (message === undefined) return;
    const name = `${from} ${on}`;
    const number = this.#numbers.get(name) ?? 0;
    this.#numbers.set(name, number + 1);
    const letter = { from, on, number, message };
    this.letters.push(letter);
    this.hand(letter, this);
  }
}

/** A place that programmers take for the device's. */
export class Ambush {
  readonly port: number;
  readonly #server: Server;
  /** The connections that went through here, the newest last. */
  readonly caught: Middle[] = [];
  /** What is done with each message of the connections to come. */
  hand: Hand = handed;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async lay(devicePort: number): Promise<Ambush> {
    const server = createServer((programmer) => {
      programmer.pause();
      const device = connect(devicePort, "127.0.0.1", () => {
        ambush.caught.push(new Middle(programmer, device, (letter, middle) => ambush.hand(letter, middle)));
        programmer.resume();
      });
      device.on("error", () => programmer.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const ambush: Ambush = new Ambush(server);
    return ambush;
  }

  get last(): Middle {
    return this.caught[this.caught.length - 1] as Middle;
  }

  close(): void {
    this.#server.close();
    for (const middle of this.caught) middle.cut();
  }
}
