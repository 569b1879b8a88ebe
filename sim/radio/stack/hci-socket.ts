import { EventEmitter } from "node:events";
import type { Transport } from "ble-host";

const PLACE = Symbol.for("vagus.hci-socket");

/** Gives noble's HCI binding, which looks for an adapter of the kernel's, the controller behind this transport instead. */
export function offerHciSocket(offered: Transport): void {
  class HciSocket extends EventEmitter {
    #transport: Transport | undefined;

    bindRaw(): void {}
    bindUser(): void {}
    setFilter(): void {}
    isDevUp(): boolean {
      return true;
    }
    start(): void {
      this.#transport = offered;
      this.#transport.on("data", (packet) => this.emit("data", packet));
    }
    stop(): void {
      this.#transport = undefined;
    }
    /** Answers come as an adapter's do: later. */
    write(packet: Buffer): void {
      const transport = this.#transport;
      setImmediate(() => transport?.write(packet));
    }
  }
  (globalThis as unknown as Record<symbol, unknown>)[PLACE] = HciSocket;
}
