/** The firmware on XS without a board: what the headless runner (sim/xs) offers, as ports. */
import { createNativeCrypto } from "../../crypto/native/index.js";
import type { DevicePorts } from "../../device/index.js";
import type { FileRange, HeadlessHost } from "../headless/host.js";
import { headlessPorts } from "../headless/ports.js";
import type { ByteStream } from "../loopback/peripheral.js";

declare const console: { log(line: string): void };

const timerSet = native("xs_timer_set");
const timerClear = native("xs_timer_clear");
const fileSize = native("xs_file_size");
const fileRead = native("xs_file_read");
const fileWrite = native("xs_file_write");
const socketOn = native("xs_socket_on");
const socketWrite = native("xs_socket_write");
const socketClose = native("xs_socket_close");

function openFile(path: string): FileRange {
  const length = fileSize(path);
  if (length === undefined) throw new Error(`expected a file, came nothing: ${path}`);
  return {
    length,
    read: (offset, count) => new Uint8Array(fileRead(path, offset, count) as ArrayBuffer),
    write: (offset, bytes) => fileWrite(path, bytes, offset),
  };
}

/** A socket as a stream that takes a write whole: what the kernel does not take at once waits, and nothing else goes. */
function byteStream(socket: number): ByteStream {
  let rest: Uint8Array | undefined;
  let open = true;
  const write = (bytes: Uint8Array) => {
    const taken = socketWrite(socket, bytes);
    rest = taken < bytes.length ? bytes.slice(taken) : undefined;
  };
  const closed = () => {
    if (!open) return;
    open = false;
    stream.onClose();
  };
  const stream: ByteStream = {
    write: (bytes) => {
      if (!open || rest !== undefined) return false;
      write(bytes);
      return true;
    },
    close: () => {
      if (!open) return;
      socketClose(socket);
      closed();
    },
    onData: () => {},
    onWritable: () => {},
    onClose: () => {},
  };
  socketOn(
    socket,
    (bytes) => stream.onData(new Uint8Array(bytes)),
    () => {
      if (rest !== undefined) write(rest);
      if (rest === undefined) stream.onWritable();
    },
    closed,
  );
  return stream;
}

const host: HeadlessHost = {
  engine: native("xs_engine")(),
  crypto: createNativeCrypto(),
  clock: {
    monotonicMs: () => native("xs_clock_monotonic")(),
    after: (ms, callback) => {
      const timer = timerSet(callback, ms);
      return () => timerClear(timer);
    },
  },
  wallClock: () => Math.floor(native("xs_clock_wall")() / 1000),
  setting: (name) => native("xs_environment")(name),
  print: (line) => console.log(line),
  openFile,
  createFile: (path, length) => {
    if (fileSize(path) === undefined) fileWrite(path, new Uint8Array(length).fill(0xff));
    return openFile(path);
  },
  listen: (onConnection) => {
    const socket = native("xs_socket_listen")("127.0.0.1", 0, (accepted) =>
      onConnection(byteStream(accepted)),
    );
    return Promise.resolve({
      port: native("xs_socket_port")(socket),
      close: () => socketClose(socket),
    });
  },
};

/** A signal ends the process in order, so that the runner still writes its report. */
export function openPorts(): Promise<DevicePorts> {
  native("xs_on_signal")(() => native("xs_exit")(0));
  return headlessPorts(host);
}
