import { createServer, type Server, type Socket } from "node:net";
import { FrameReader } from "../../../modules/gatt/index.js";
import type { ByteStream } from "../../../modules/platform/loopback/peripheral.js";

/** A TCP server on a free port of the loopback address that goes with the test. */
export async function serve(
  onSocket: (socket: Socket) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A device's stack by script: answers each PDU with the frames given. */
export function scripted(answer: (pdu: Uint8Array) => readonly Uint8Array[]): (socket: Socket) => void {
  return (socket) => {
    const reader = new FrameReader();
    socket.on("data", (bytes) => {
      for (const pdu of reader.push(new Uint8Array(bytes)))
        for (const frame of answer(pdu)) socket.write(frame);
    });
  };
}

/** A socket as the loopback peripheral's stream. */
export function byteStream(socket: Socket): ByteStream {
  const stream: ByteStream = {
    write: (bytes) => {
      if (socket.destroyed || socket.writableNeedDrain) return false;
      socket.write(bytes);
      return true;
    },
    close: () => socket.destroy(),
    listener: { data() {}, writable() {}, closed() {} },
  };
  socket.on("data", (bytes) => stream.listener.data(new Uint8Array(bytes)));
  socket.on("drain", () => stream.listener.writable());
  socket.on("close", () => stream.listener.closed());
  return stream;
}
