/** What Node offers to a device without a board: files for its flash, a socket for its radio, timers. Its power can be cut. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPortableCrypto } from "../../crypto/portable/index.js";
import type { FileRange, HeadlessHost } from "../headless/host.js";
import type { ByteStream } from "../loopback/peripheral.js";

/** A stream with so much waiting takes no more until it has drained. */
const HIGH_WATER = 8192;

export interface NodeHostOptions {
  setting(name: string): string | undefined;
  print(line: string): void;
}

export interface NodeHost extends HeadlessHost {
  /** Nothing is written, heard or due any more: for a device that is not a process of its own. */
  cutPower(): void;
}

/** 16 random bytes in the file of VAGUS_DEVICE_SECRET, in place of the secret that a chip keeps in its fuses. */
function deviceSecret(path: string | undefined): Uint8Array {
  const fresh = randomBytes(16);
  if (path === undefined) return fresh;
  if (!existsSync(path)) writeFileSync(path, fresh, { mode: 0o600 });
  return new Uint8Array(readFileSync(path));
}

function byteStream(socket: Socket): ByteStream {
  socket.setNoDelay(true);
  const stream: ByteStream = {
    write: (bytes) => {
      if (socket.destroyed || socket.writableNeedDrain) return false;
      socket.write(bytes);
      return true;
    },
    close: () => socket.destroy(),
    listener: { data() {}, writable() {}, closed() {} },
  };
  socket.on("data", (bytes: Uint8Array) => stream.listener.data(new Uint8Array(bytes)));
  socket.on("drain", () => stream.listener.writable());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => stream.listener.closed());
  return stream;
}

/** A process that was started without `--expose-gc` has the function all the same. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

export function nodeHost({ setting, print }: NodeHostOptions): NodeHost {
  const files = new Set<number>();
  const timers = new Set<NodeJS.Timeout>();
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();
  let powered = true;

  const openFile = (path: string): FileRange => {
    const file = openSync(path, existsSync(path) ? "r+" : "r");
    files.add(file);
    return {
      length: fstatSync(file).size,
      read: (offset, length) => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
      },
      write: (offset, bytes) => {
        if (powered) writeSync(file, bytes, 0, bytes.length, offset);
      },
    };
  };

  return {
    engine: `Node.js ${process.versions.node}`,
    crypto: createPortableCrypto({ deviceSecret: deviceSecret(setting("VAGUS_DEVICE_SECRET")) }),
    clock: {
      monotonicMs: () => performance.now(),
      after: (ms, callback) => {
        if (!powered) return () => {};
        const timer = setTimeout(() => {
          timers.delete(timer);
          callback();
        }, ms);
        timers.add(timer);
        return () => {
          clearTimeout(timer);
          timers.delete(timer);
        };
      },
    },
    wallClock: () => Math.floor(Date.now() / 1000),
    setting,
    print,
    openFile,
    createFile: (path) => {
      if (!existsSync(path)) writeFileSync(path, "");
      return openFile(path);
    },
    measure: () => {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return { heapBytes: heapUsed + arrayBuffers };
    },
    listen: async (onConnection) => {
      const server = createServer({ highWaterMark: HIGH_WATER }, (socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        onConnection(byteStream(socket));
      });
      servers.add(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return { port: (server.address() as AddressInfo).port, close: () => server.close() };
    },
    cutPower: () => {
      powered = false;
      for (const file of files) closeSync(file);
      files.clear();
      for (const timer of timers) clearTimeout(timer);
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
