/**
 * An LE controller behind the Host Controller Interface (Core Specification 5.4, Vol 4 Part E): commands and ACL data in,
 * events and ACL data out, each a packet with its H4 indicator in front.
 */
import { type Address, sameAddress } from "../address.js";
import type { Air } from "../air/air.js";
import type { Advertisement, Place, Radio } from "../air/radio.js";
import { EVENT, H4, STATUS } from "../hci/codes.js";
import { commandComplete, commandStatus, event, PB } from "../hci/packet.js";
import { LinkEnd, type Role } from "../ll/end.js";
import { DATA_OCTETS_MIN } from "../ll/pdu.js";
import { OctetReader } from "../octets.js";
import { Advertiser } from "./advertiser.js";
import type { Commands } from "./command.js";
import { ADVERTISING } from "./commands-advertising.js";
import { CONNECTION } from "./commands-connection.js";
import { GENERAL, LE_GENERAL } from "./commands-general.js";
import { SECURITY } from "./commands-security.js";
import { ACL, CONNECTIONS_MAX } from "./features.js";
import { Identity } from "./identity.js";
import { Initiator } from "./initiator.js";
import { Link } from "./link.js";
import { EventMask } from "./mask.js";
import { Scanner } from "./scanner.js";

const COMMANDS: Commands = { ...GENERAL, ...LE_GENERAL, ...ADVERTISING, ...CONNECTION, ...SECURITY };

export interface ControllerOptions {
  readonly air: Air;
  readonly address: Address;
  readonly place?: Place;
  /** Octets of payload that it asks for on new connections, as a driver would have it: 27 to 251. */
  readonly defaultOctets?: number;
}

const HANDLE_FIRST = 0x0040;

export class Controller implements Radio {
  readonly air: Air;
  readonly identity: Identity;
  readonly mask = new EventMask();
  readonly advertiser = new Advertiser(this);
  readonly scanner = new Scanner(this);
  readonly initiator = new Initiator(this);
  readonly links = new Map<number, Link>();
  readonly #firstOctets: number;
  acceptList: Address[] = [];
  defaultOctets: number;
  leHost = false;
  place: Place;
  /** Packets to the host. */
  onPacket: (packet: Uint8Array) => void = () => {};
  /** It is gone: its host waits for nothing any more. */
  onClose: () => void = () => {};

  constructor({ air, address, place = { x: 0, y: 0 }, defaultOctets = DATA_OCTETS_MIN }: ControllerOptions) {
    this.air = air;
    this.identity = new Identity(address, air.clock, air.random);
    this.place = place;
    this.#firstOctets = defaultOctets;
    this.defaultOctets = defaultOctets;
    air.add(this);
  }

  /** A packet from the host. What is none is dropped. */
  write(packet: Uint8Array): void {
    if (packet[0] === H4.command && packet.length >= 4) this.#command(packet);
    else if (packet[0] === H4.acl && packet.length >= 5) this.#acl(packet);
  }

  /** A packet to the host, where it wants it. */
  tell(packet: Uint8Array): void {
    if (packet[0] === H4.event && !this.mask.lets(packet)) return;
    queueMicrotask(() => this.onPacket(packet));
  }

  /** Without power: whoever was connected notices by its silence. */
  close(): void {
    this.reset();
    this.air.remove(this);
    this.onPacket = () => {};
    this.onClose();
  }

  reset(): void {
    for (const link of this.links.values()) link.leave();
    this.links.clear();
    this.advertiser.reset();
    this.scanner.reset();
    this.initiator.reset();
    this.identity.reset();
    this.mask.reset();
    this.acceptList = [];
    this.defaultOctets = this.#firstOctets;
    this.leHost = false;
  }

  hear(advertisement: Advertisement, rssiDbm: number, from: Radio): void {
    this.scanner.hear(advertisement, rssiDbm, from);
    this.initiator.hear(advertisement, from);
  }

  link(handle: number): Link | undefined {
    return this.links.get(handle);
  }

  /** A new connection's end. @returns undefined where there is no room */
  join(role: Role, own: Address, peer: Address): Link | undefined {
    if (this.links.size >= CONNECTIONS_MAX) return undefined;
    let handle = HANDLE_FIRST;
    while (this.links.has(handle)) handle++;
    const link = new Link(this, handle, new LinkEnd(role, own, peer));
    this.links.set(handle, link);
    return link;
  }

  /** @returns false where it was gone */
  forget(link: Link): boolean {
    return this.links.get(link.handle) === link && this.links.delete(link.handle);
  }

  isConnectedTo(peer: Address): boolean {
    return [...this.links.values()].some(({ end }) => sameAddress(end.peer, peer));
  }

  accepts(heard: Address): boolean {
    return this.acceptList.some((address) => this.identity.is(heard, address));
  }

  addAccepted(address: Address): void {
    if (!this.acceptList.some((it) => sameAddress(it, address))) this.acceptList.push(address);
  }

  removeAccepted(address: Address): void {
    this.acceptList = this.acceptList.filter((it) => !sameAddress(it, address));
  }

  /** The bit field of section 6.27. */
  get supported(): Uint8Array {
    const bits = new Uint8Array(64);
    for (const { supported } of Object.values(COMMANDS)) bits[supported[0]] |= 1 << supported[1];
    return bits;
  }

  #command(packet: Uint8Array): void {
    const opcode = packet[1] | (packet[2] << 8);
    this.tell(this.#answer(opcode, packet[3], packet.slice(4)));
  }

  #answer(opcode: number, length: number, parameters: Uint8Array): Uint8Array {
    const command = COMMANDS[opcode];
    if (command === undefined) return commandStatus(opcode, STATUS.unknownCommand);
    if (parameters.length !== command.length || length !== command.length) {
      return commandComplete(opcode, STATUS.invalidParameters, new Uint8Array(0));
    }
    const { status, returned } = command.run(this, new OctetReader(parameters));
    return returned === undefined ? commandStatus(opcode, status) : commandComplete(opcode, status, returned);
  }

  #acl(packet: Uint8Array): void {
    const reader = new OctetReader(packet.slice(1));
    const word = reader.uint(2);
    const length = reader.uint(2);
    const link = this.links.get(word & 0x0fff);
    const boundary = (word >> 12) & 0b11;
    const known = boundary === PB.fromHost || boundary === PB.continues;
    if (link === undefined || reader.left !== length || length === 0 || !known) return;
    let buffered = 0;
    for (const it of this.links.values()) buffered += it.buffered;
    if (length > ACL.octets || buffered >= ACL.packets) {
      this.tell(event(EVENT.dataBufferOverflow, 1)); // link type ACL (section 7.7.26)
      return;
    }
    link.buffered++;
    link.end.sendData(boundary === PB.fromHost, reader.rest());
  }
}
