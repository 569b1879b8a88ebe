import { Fragmenter } from "./fragment.js";
import { ATT_OVERHEAD } from "./service.js";

/**
 * The messages on their way out on one characteristic: cut when they are posted, sent as the stack takes them.
 */
export class Outbox {
  readonly #send: (value: Uint8Array) => boolean;
  readonly #fragmenter = new Fragmenter();
  #waiting: Uint8Array[] = [];
  #mtu: number;

  constructor(mtu: number, send: (value: Uint8Array) => boolean) {
    this.#mtu = mtu;
    this.#send = send;
  }

  /** True when all that was posted has been handed to the stack. */
  get idle(): boolean {
    return this.#waiting.length === 0;
  }

  /** Bytes that the stack has not taken yet, fragment headers and all. */
  get waiting(): number {
    let bytes = 0;
    for (const fragment of this.#waiting) bytes += fragment.length;
    return bytes;
  }

  set mtu(mtu: number) {
    this.#mtu = mtu;
  }

  /** @throws VagusError `gatt/too-long` */
  post(message: Uint8Array): void {
    this.#waiting.push(...this.#fragmenter.cut(message, this.#mtu - ATT_OVERHEAD));
    this.flush();
  }

  /** Hands over what the stack takes. Call it at `ready`. */
  flush(): void {
    while (this.#waiting.length > 0 && this.#send(this.#waiting[0])) this.#waiting.shift();
  }
}
