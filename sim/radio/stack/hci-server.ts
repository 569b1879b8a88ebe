import { createServer, type Server, type Socket } from "node:net";
import type { Controller } from "../controller/controller.js";
import { PacketReader } from "../hci/stream.js";

/**
 * Controllers on a socket of 127.0.0.1: whoever connects is the host of one of its own, and speaks H4 with it, one packet after the other
 * (Core Specification 5.4, Vol 4 Part A). Who is out of step is sent away; with its host a controller is gone from the air.
 */
export class HciServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(make: () => Controller) {
    this.#server = createServer((socket) => this.#serve(socket, make()));
  }

  /** @param port 0 for any. @throws Error where it is taken */
  static async listen(make: () => Controller, port = 0): Promise<HciServer> {
    const server = new HciServer(make);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket, controller: Controller): void {
    const reader = new PacketReader();
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    controller.onPacket = (packet) => socket.write(packet);
    socket.on("data", (bytes: Uint8Array) => {
      try {
        for (const packet of reader.push(new Uint8Array(bytes))) controller.write(packet);
      } catch {
        socket.destroy();
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      controller.close();
    });
  }
}
