/** A Bluetooth stack that a test plays: events go in as radio.h draws them. */
import { EVENT, SENT, type Stack } from "../../../../modules/platform/esp32/stack.js";

export class PlayedStack implements Stack {
  readonly #waiting: Uint8Array[] = [];
  #heard: (() => void) | undefined;
  uuids: Uint8Array = new Uint8Array(0);
  mtu = 0;
  /** The addresses advertised from, one after the other; undefined where it stopped. */
  readonly addresses: (Uint8Array | undefined)[] = [];
  readonly infos: Uint8Array[] = [];
  readonly sent: { link: number; to: string; value: Uint8Array }[] = [];
  readonly terminated: number[] = [];
  readonly paired: (readonly [link: number, passkey: number])[] = [];
  /** How many values it takes before it is full. */
  room = Number.POSITIVE_INFINITY;
  starts = true;

  open(heard: () => void, uuids: Uint8Array, mtu: number): void {
    this.#heard = heard;
    this.uuids = uuids;
    this.mtu = mtu;
  }

  next(): Uint8Array | undefined {
    return this.#waiting.shift();
  }

  advertise(address: Uint8Array | undefined): boolean {
    this.addresses.push(address);
    return this.starts;
  }

  info(value: Uint8Array): void {
    this.infos.push(value);
  }

  send(link: number, to: "control" | "telemetry", value: Uint8Array): number {
    if (this.room === 0) return SENT.full;
    this.room--;
    this.sent.push({ link, to, value });
    return SENT.taken;
  }

  terminate(link: number): void {
    this.terminated.push(link);
  }

  pair(link: number, passkey: number): boolean {
    this.paired.push([link, passkey]);
    return true;
  }

  /** Events that happened before XS had time to look. */
  tell(...events: [kind: keyof typeof EVENT, link?: number, ...payload: number[]][]): void {
    for (const [kind, link = 0, ...payload] of events) {
      this.#waiting.push(Uint8Array.of(EVENT[kind], link & 0xff, link >> 8, ...payload));
    }
    this.#heard?.();
  }

  /** Where it advertises from now, if it does. */
  get address(): Uint8Array | undefined {
    return this.addresses[this.addresses.length - 1];
  }
}
