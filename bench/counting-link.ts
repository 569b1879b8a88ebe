import type { CentralLink, LinkHandlers } from "../host/link/link.js";
import { Reassembler } from "../modules/gatt/index.js";

/** A telemetry message as the air carried it. */
export interface AirMessage {
  /** Octets of its notifications' values: the message and its fragments' headers. */
  readonly airBytes: number;
  /** Octets of the message alone, a COSE_Encrypt0. */
  readonly messageBytes: number;
}

/**
 * How long this side is still before it writes. The device has then read all that came before, so that it gets each
 * write in a piece of its own and counts the same byte codes on every run, however the sockets cut.
 */
const QUIET_MS = 10;

/** A link that counts what goes over it. */
export class CountingLink implements CentralLink {
  readonly #link: CentralLink;
  readonly #reassembler = new Reassembler();
  #airBytes = 0;
  #message: AirMessage = { airBytes: 0, messageBytes: 0 };
  readonly #control = { from: new Reassembler(), to: new Reassembler() };
  /** Octets of each control message so far, of both sides and without fragments' headers; an EDHOC message each at first. */
  readonly controlBytes: number[] = [];

  constructor(link: CentralLink) {
    this.#link = link;
  }

  get mtu(): number {
    return this.#link.mtu;
  }

  /** The telemetry message that came last. */
  get message(): AirMessage {
    return this.#message;
  }

  subscribe(handlers: LinkHandlers): Promise<void> {
    return this.#link.subscribe({
      control: (value) => {
        this.#countControl(this.#control.from, value);
        handlers.control(value);
      },
      closed: (reason) => handlers.closed(reason),
      telemetry: (value) => {
        this.#count(value);
        handlers.telemetry(value);
      },
    });
  }

  async write(value: Uint8Array): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    this.#countControl(this.#control.to, value);
    await this.#link.write(value);
  }

  readInfo(): Promise<Uint8Array> {
    return this.#link.readInfo();
  }

  close(): void {
    this.#link.close();
  }

  #countControl(reassembler: Reassembler, value: Uint8Array): void {
    const message = reassembler.push(value, performance.now());
    if (message !== undefined) this.controlBytes.push(message.length);
  }

  #count(value: Uint8Array): void {
    this.#airBytes += value.length;
    const message = this.#reassembler.push(value, performance.now());
    if (message === undefined) return;
    this.#message = { airBytes: this.#airBytes, messageBytes: message.length };
    this.#airBytes = 0;
  }
}
