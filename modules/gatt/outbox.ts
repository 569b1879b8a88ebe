import { Fragmenter } from "./fragment.js";
import type { PeripheralLink } from "./peripheral.js";
import { ATT_OVERHEAD, type Outgoing } from "./service.js";

/**
 * The messages on their way out on one characteristic: cut when they are posted, sent as the stack takes them.
 */
export class Outbox {
  private readonly link: Pick<PeripheralLink, "send">;
  private readonly to: Outgoing;
  private readonly fragmenter = new Fragmenter();
  private fragments: Uint8Array[] = [];
  private closed = false;
  private size: number;

  constructor(link: Pick<PeripheralLink, "send">, to: Outgoing, mtu: number) {
    this.link = link;
    this.to = to;
    this.size = mtu;
  }

  /** True when all that was posted has been handed to the stack. */
  get idle(): boolean {
    return this.fragments.length === 0;
  }

  /** Bytes that the stack has not taken yet, fragment headers and all. */
  get waiting(): number {
    let bytes = 0;
    for (const fragment of this.fragments) bytes += fragment.length;
    return bytes;
  }

  set mtu(mtu: number) {
    this.size = mtu;
  }

  /** @throws VagusError `gatt/too-long` */
  post(message: Uint8Array): void {
    if (this.closed) return;
    this.fragments.push(...this.fragmenter.cut(message, this.size - ATT_OVERHEAD));
    this.flush();
  }

  /** Forgets what was not sent; nothing goes out any more. */
  close(): void {
    this.fragments = [];
    this.closed = true;
  }

  /** Hands over what the stack takes. Call it at `ready`. */
  flush(): void {
    while (this.fragments.length > 0 && this.link.send(this.to, this.fragments[0])) this.fragments.shift();
  }
}
