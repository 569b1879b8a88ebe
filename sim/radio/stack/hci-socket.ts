import { EventEmitter } from "node:events";
import type { Controller } from "../controller/controller.js";
import { ControllerTransport, type TransportOptions } from "./transport.js";

const PLACE = Symbol.for("vagus.hci-socket");

/** Gives noble's HCI binding, which looks for an adapter of the kernel's, this controller instead. */
export function offerHciSocket(controller: Controller, options: TransportOptions = {}): void {
  class HciSocket extends EventEmitter {
    #transport: ControllerTransport | undefined;

    bindRaw(): void {}
    bindUser(): void {}
    setFilter(): void {}
    isDevUp(): boolean {
      return true;
    }
    start(): void {
      this.#transport = new ControllerTransport(controller, options);
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
