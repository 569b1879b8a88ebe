import { connect, type Socket } from "node:net";
import { VagusError } from "../../modules/error/index.js";
import { MTU_MAX } from "../../modules/gatt/index.js";
import { AttLink, type AttOptions, type BytePipe, checkMtu } from "./att-link.js";

export interface LoopbackOptions extends AttOptions {
  readonly port: number;
}

/** The loopback link: ATT over a socket to a firmware of this machine. */
export class LoopbackLink extends AttLink {
  /** @throws VagusError `host/link` where nobody listens or answers, `gatt/mtu` for an MTU out of range */
  static async open({ port, mtu = MTU_MAX, timeoutMs }: LoopbackOptions): Promise<LoopbackLink> {
    checkMtu(mtu);
    const socket = connect({ host: "127.0.0.1", port });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", (error) =>
        reject(new VagusError("host/link", `expected a device on port ${port}, came: ${error.message}`)),
      );
    });
    return new LoopbackLink(socketPipe(socket), timeoutMs).agree(mtu);
  }
}

function socketPipe(socket: Socket): BytePipe {
  socket.setNoDelay(true);
  return {
    write: (bytes) => {
      socket.write(bytes);
    },
    close: () => socket.destroy(),
    listen: ({ data, closed }) => {
      socket.on("data", (bytes: Uint8Array) => data(new Uint8Array(bytes)));
      socket.on("error", (error) => closed(error.message));
      socket.on("close", () => closed("the device closed the connection"));
    },
  };
}
