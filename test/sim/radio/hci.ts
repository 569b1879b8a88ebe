/** A host that says what the test says: commands in, everything that comes back kept. */
import type { Controller } from "../../../sim/radio/controller/controller.js";
import { EVENT, H4, LE_EVENT, OPCODE } from "../../../sim/radio/hci/codes.js";
import { joined, uint } from "../../../sim/radio/octets.js";

export type Octets = Uint8Array | readonly number[] | number;

export const le16 = (value: number): number[] => uint(value, 2);

const ALL_EVENTS = new Uint8Array(8).fill(0xff);
const LE_EVENTS = Uint8Array.of(0xff, 0x01, 0, 0, 0, 0, 0, 0);

export class Hci {
  readonly controller: Controller;
  /** Packets from the controller that no test has taken yet. */
  readonly came: Uint8Array[] = [];

  constructor(controller: Controller) {
    this.controller = controller;
    controller.onPacket = (packet) => this.came.push(packet);
  }

  /** Reset, with all events wanted but the enhanced connection complete. */
  async begin(): Promise<this> {
    await this.command("reset");
    await this.command("setEventMask", ALL_EVENTS);
    await this.command("leSetEventMask", LE_EVENTS);
    return this;
  }

  write(packet: Uint8Array): void {
    this.controller.write(packet);
  }

  /** @returns the status and what follows it, of Command Complete or Command Status */
  async command(name: keyof typeof OPCODE, ...parameters: Octets[]): Promise<number[]> {
    return this.raw(OPCODE[name], joined(...parameters));
  }

  async raw(opcode: number, parameters: Uint8Array): Promise<number[]> {
    this.write(joined(H4.command, le16(opcode), parameters.length, parameters));
    await new Promise((resolve) => setImmediate(resolve));
    const answer = this.#take(
      (packet) =>
        packet[0] === H4.event &&
        ((packet[1] === EVENT.commandComplete &&
          packet[4] === (opcode & 0xff) &&
          packet[5] === opcode >> 8) ||
          (packet[1] === EVENT.commandStatus && packet[5] === (opcode & 0xff) && packet[6] === opcode >> 8)),
    );
    if (answer === undefined) throw new Error(`expected an answer to ${opcode.toString(16)}, came none`);
    return answer[1] === EVENT.commandComplete ? [...answer.slice(6)] : [answer[3]];
  }

  acl(handle: number, boundary: number, data: Uint8Array): void {
    this.write(joined(H4.acl, le16(handle | (boundary << 12)), le16(data.length), data));
  }

  /** Parameters of all events of a kind that came since it was last asked. */
  events(name: Exclude<keyof typeof EVENT, "leMeta">): number[][] {
    return this.#takeAll((packet) => packet[0] === H4.event && packet[1] === EVENT[name]).map((packet) => [
      ...packet.slice(3),
    ]);
  }

  le(name: keyof typeof LE_EVENT): number[][] {
    return this.#takeAll(
      (packet) => packet[0] === H4.event && packet[1] === EVENT.leMeta && packet[3] === LE_EVENT[name],
    ).map((packet) => [...packet.slice(4)]);
  }

  /** Data packets: where they stand in an L2CAP PDU, and what they carry. */
  data(): { readonly boundary: number; readonly bytes: Uint8Array }[] {
    return this.#takeAll((packet) => packet[0] === H4.acl).map((packet) => ({
      boundary: (packet[2] >> 4) & 0b11,
      bytes: packet.slice(5),
    }));
  }

  #take(wanted: (packet: Uint8Array) => boolean): Uint8Array | undefined {
    const at = this.came.findIndex(wanted);
    return at < 0 ? undefined : this.came.splice(at, 1)[0];
  }

  #takeAll(wanted: (packet: Uint8Array) => boolean): Uint8Array[] {
    const found = this.came.filter(wanted);
    for (const packet of found) this.came.splice(this.came.indexOf(packet), 1);
    return found;
  }
}

const ZERO = [0, 0, 0, 0, 0, 0];

/** Advertising parameters (7.8.5): min, max, type, own, peer type, peer, channels, filter. */
export function advertising({
  interval = 160,
  type = 0,
  own = 0,
  peer = ZERO as Octets,
  peerType = 0,
  filter = 0,
} = {}): Octets[] {
  return [le16(interval), le16(interval), type, own, peerType, peer, 7, filter];
}

/** Scan parameters (7.8.10): all the time. */
export function scanning({ active = 1, own = 0, filter = 0 } = {}): Octets[] {
  return [active, le16(16), le16(16), own, filter];
}

/** LE Create Connection (7.8.12). */
export function connecting(
  peer: Octets,
  { peerType = 0, own = 0, filter = 0, interval = 12, latency = 0, timeout = 100 } = {},
): Octets[] {
  const times = [le16(interval), le16(interval), le16(latency), le16(timeout), le16(0), le16(0)];
  return [le16(96), le16(96), filter, peerType, peer, own, ...times];
}

export function data31(...bytes: number[]): Octets[] {
  return [bytes.length, bytes, new Uint8Array(31 - bytes.length)];
}
