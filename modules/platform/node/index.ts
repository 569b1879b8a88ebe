/** The firmware on Node: for machines without a C compiler, and for debugging. */
import { randomBytes } from "node:crypto";
import { existsSync, fstatSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createPortableCrypto } from "../../crypto/portable/index.js";
import type { DevicePorts } from "../../device/index.js";
import type { FileRange, HeadlessHost } from "../headless/host.js";
import { headlessPorts } from "../headless/ports.js";
import type { ByteStream } from "../loopback/peripheral.js";

/** A stream with so much waiting takes no more until it has drained. */
const HIGH_WATER = 8192;

function openFile(path: string): FileRange {
  const file = openSync(path, existsSync(path) ? "r+" : "r");
  return {
    length: fstatSync(file).size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    },
    write: (offset, bytes) => {
      writeSync(file, bytes, 0, bytes.length, offset);
    },
  };
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

async function listen(
  onConnection: (stream: ByteStream) => void,
): Promise<{ readonly port: number; close(): void }> {
  const server = createServer({ highWaterMark: HIGH_WATER }, (socket) => onConnection(byteStream(socket)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** 16 random bytes in the file of VAGUS_DEVICE_SECRET, in place of the secret that a chip keeps in its fuses. */
function deviceSecret(path: string | undefined): Uint8Array {
  const fresh = randomBytes(16);
  if (path === undefined) return fresh;
  if (!existsSync(path)) writeFileSync(path, fresh, { mode: 0o600 });
  return new Uint8Array(readFileSync(path));
}

const host: HeadlessHost = {
  engine: `Node.js ${process.versions.node}`,
  crypto: createPortableCrypto({ deviceSecret: deviceSecret(process.env.VAGUS_DEVICE_SECRET) }),
  clock: {
    monotonicMs: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  },
  wallClock: () => Math.floor(Date.now() / 1000),
  setting: (name) => process.env[name],
  print: (line) => process.stdout.write(`${line}\n`),
  openFile,
  createFile: (path) => {
    if (!existsSync(path)) writeFileSync(path, "");
    return openFile(path);
  },
  measure: () => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heapBytes: heapUsed + arrayBuffers };
  },
  listen,
};

export function openPorts(): Promise<DevicePorts> {
  if (host.setting("VAGUS_TETHERED") === "1") process.stdin.once("end", () => process.exit(0)).resume();
  return headlessPorts(host);
}
