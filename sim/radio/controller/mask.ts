import { EVENT } from "../hci/codes.js";

/** Defaults of Core Specification 5.4, Vol 4 Part E sections 7.3.1 and 7.8.1, least significant octet first. */
const EVENTS = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0x00, 0x00);
const LE_EVENTS = Uint8Array.of(0x1f, 0, 0, 0, 0, 0, 0, 0);

/** Never masked: what answers a command, and what gives buffers back. */
const ALWAYS: readonly number[] = [EVENT.commandComplete, EVENT.commandStatus, EVENT.completedPackets];

/** Which events the host wants. */
export class EventMask {
  events: Uint8Array = EVENTS;
  leEvents: Uint8Array = LE_EVENTS;

  reset(): void {
    this.events = EVENTS;
    this.leEvents = LE_EVENTS;
  }

  /** @param packet an event, H4 indicator first */
  lets(packet: Uint8Array): boolean {
    const [, code, , subevent] = packet;
    if (ALWAYS.includes(code)) return true;
    if (!bit(this.events, code - 1)) return false;
    return code !== EVENT.leMeta || this.wantsLe(subevent);
  }

  wantsLe(subevent: number): boolean {
    return bit(this.leEvents, subevent - 1);
  }
}

function bit(mask: Uint8Array, n: number): boolean {
  return ((mask[n >> 3] >> (n & 7)) & 1) === 1;
}
