import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import type { Transport } from "ble-host";
import type { Controller } from "../controller/controller.js";
import { PacketReader } from "../hci/stream.js";
import { limitMtu } from "./limit-mtu.js";

export interface TransportOptions {
  /** The largest ATT MTU that this side agrees to; a stack that always asks for 517 is held to it. */
  readonly mtu?: number;
  /** Sees and may change what the host writes: packets in, packets out. */
  readonly outgoing?: (packet: Uint8Array) => Uint8Array[];
  /** Sees and may swallow what the controller says. */
  readonly incoming?: (packet: Uint8Array) => Uint8Array | undefined;
}

/** Between a host stack and a controller in the same process. */
export class ControllerTransport extends EventEmitter implements Transport {
  readonly #controller: Controller;
  readonly #options: TransportOptions;

  constructor(controller: Controller, options: TransportOptions = {}) {
    super();
    this.#controller = controller;
    this.#options = options;
    controller.onClose = () => this.emit("close");
    controller.onPacket = (packet) => {
      const kept = options.incoming === undefined ? packet : options.incoming(packet);
      if (kept !== undefined) this.emit("data", Buffer.from(limitMtu(kept, options.mtu)));
    };
  }

  write(packet: Buffer): void {
    const bytes = new Uint8Array(packet);
    for (const each of this.#options.outgoing?.(bytes) ?? [bytes]) {
      this.#controller.write(limitMtu(each, this.#options.mtu));
    }
  }
}

/** The same over a socket that carries H4 packets one after the other. */
export class SocketTransport extends EventEmitter implements Transport {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    super();
    this.#socket = socket;
    const reader = new PacketReader();
    socket.setNoDelay(true);
    socket.on("data", (bytes: Uint8Array) => {
      for (const packet of reader.push(new Uint8Array(bytes))) this.emit("data", Buffer.from(packet));
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.emit("close"));
  }

  static async open(port: number): Promise<SocketTransport> {
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new SocketTransport(socket);
  }

  write(packet: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(packet);
  }

  close(): void {
    this.#socket.destroy();
  }
}
