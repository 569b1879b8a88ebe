/**
 * The firmware on Node in this process: the same device, the same ports but for the engine's, the same link over a loopback
 * socket. What a process of its own costs is not paid. A weakness can be bundled into it.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { Device } from "../../modules/device/index.js";
import type { FileRange, HeadlessHost } from "../../modules/platform/headless/host.js";
import { headlessPorts } from "../../modules/platform/headless/ports.js";
import type { ByteStream } from "../../modules/platform/loopback/peripheral.js";
import type { Firmware, FirmwareEvent, FirmwareOptions } from "../../sim/firmware.js";

const HIGH_WATER = 8192;

/** What ends with the device. */
interface Held {
  readonly servers: Set<Server>;
  readonly sockets: Set<Socket>;
  readonly timers: Set<NodeJS.Timeout>;
  readonly files: Set<number>;
}

function openFile(path: string, { files }: Held): FileRange {
  const file = openSync(path, "r+");
  files.add(file);
  return {
    length: fstatSync(file).size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    },
    write: (offset, bytes) => {
      if (files.has(file)) writeSync(file, bytes, 0, bytes.length, offset); // who has no power writes nothing
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

function hostOf(
  options: Omit<FirmwareOptions, "command">,
  held: Held,
  print: (line: string) => void,
): HeadlessHost {
  const folder = options.folder as string;
  const secret = join(folder, "secret.bin");
  if (!existsSync(secret)) writeFileSync(secret, randomBytes(16));
  const settings: Record<string, string | undefined> = {
    VAGUS_FLASH: join(folder, "flash.bin"),
    VAGUS_SOURCE: options.source,
    VAGUS_PACED: options.paced ? "1" : "0",
    VAGUS_CLOCK: "bench",
    VAGUS_SECTORS: options.sectors === undefined ? undefined : String(options.sectors),
  };
  return {
    engine: `Node.js ${process.versions.node}`,
    crypto: createPortableCrypto({ deviceSecret: new Uint8Array(readFileSync(secret)) }),
    clock: {
      monotonicMs: () => performance.now(),
      after: (ms, callback) => {
        if (held.servers.size === 0) return () => {}; // without power
        const timer = setTimeout(() => {
          held.timers.delete(timer);
          callback();
        }, ms);
        held.timers.add(timer);
        return () => {
          clearTimeout(timer);
          held.timers.delete(timer);
        };
      },
    },
    wallClock: () => Math.floor(Date.now() / 1000),
    setting: (name) => settings[name],
    print,
    openFile: (path) => openFile(path, held),
    createFile: (path) => {
      if (!existsSync(path)) writeFileSync(path, "");
      return openFile(path, held);
    },
    measure: () => {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return { heapBytes: heapUsed + arrayBuffers };
    },
    listen: (onConnection) => listen(onConnection, held),
  };
}

/** A test's process is started without `--expose-gc`: the function is made here. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

async function listen(onConnection: (stream: ByteStream) => void, { servers, sockets }: Held) {
  const server = createServer({ highWaterMark: HIGH_WATER }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    onConnection(byteStream(socket));
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** Starts the device, as `startFirmware` does in a process of its own. */
export async function startInProcess(options: Omit<FirmwareOptions, "command">): Promise<Firmware> {
  mkdirSync(options.folder as string, { recursive: true });
  const held: Held = { servers: new Set(), sockets: new Set(), timers: new Set(), files: new Set() };
  const words: FirmwareEvent[] = [];
  const print = (line: string) => {
    const event = JSON.parse(line) as FirmwareEvent;
    words.push(event);
    setImmediate(() => options.onEvent?.(event));
  };
  const ports = await headlessPorts(hostOf(options, held, print));
  await Device.start(ports);
  const said = (event: string) => words.find((word) => word.event === event);
  const started = said("started");
  const ask = (line: object) =>
    new Promise<Record<string, number>>((resolve) =>
      ports.bench.obey(JSON.stringify(line), (answer) => resolve(JSON.parse(answer))),
    );
  const pass = (ms: number) => ask({ pass: ms }).then(() => {});
  const cutPower = async () => {
    for (const file of held.files) closeSync(file);
    held.files.clear();
    for (const timer of held.timers) clearTimeout(timer);
    for (const server of held.servers) server.close();
    held.servers.clear();
    for (const socket of held.sockets) socket.destroy();
  };
  return {
    label: new Uint8Array(Buffer.from(String(started?.label), "hex")),
    port: Number(said("advertising")?.port),
    engine: String(said("advertising")?.engine),
    state: String(started?.state),
    press: async (ms) => {
      ports.bench.obey('{"button":"down"}');
      await pass(ms);
      ports.bench.obey('{"button":"up"}');
    },
    pass,
    magnet: (on) => ask({ magnet: on }).then(() => {}),
    measure: () => ask({ measure: true }),
    stop: cutPower,
    cutPower,
    ended: Promise.resolve(),
  };
}
