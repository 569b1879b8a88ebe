/** The firmware on XS without a board: what the headless runner (sim/xs) offers, as ports. */
import { createNativeCrypto } from "../../crypto/native/index.js";
import type { DevicePorts } from "../../device/index.js";
import type { FileRange, HeadlessHost } from "../headless/host.js";
import { headlessPorts } from "../headless/ports.js";
import type { ByteListener, ByteStream } from "../loopback/peripheral.js";

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

const NOBODY: ByteListener = { data() {}, writable() {}, closed() {} };

/** A socket as a stream that takes a write whole: what the kernel does not take at once waits, and nothing else goes. */
class SocketStream implements ByteStream {
  private readonly socket: number;
  private rest: Uint8Array | undefined;
  private isOpen = true;
  listener: ByteListener = NOBODY;

  constructor(socket: number) {
    this.socket = socket;
    socketOn(
      socket,
      (bytes) => this.listener.data(new Uint8Array(bytes)),
      () => this.writable(),
      () => this.closed(),
    );
  }

  write(bytes: Uint8Array): boolean {
    if (!this.isOpen || this.rest !== undefined) return false;
    this.put(bytes);
    return true;
  }

  close(): void {
    if (!this.isOpen) return;
    socketClose(this.socket);
    this.closed();
  }

  private put(bytes: Uint8Array): void {
    const taken = socketWrite(this.socket, bytes);
    this.rest = taken < bytes.length ? bytes.slice(taken) : undefined;
  }

  private writable(): void {
    if (this.rest !== undefined) this.put(this.rest);
    if (this.rest === undefined) this.listener.writable();
  }

  private closed(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.listener.closed();
  }
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
  createFile: (path) => {
    if (fileSize(path) === undefined) fileWrite(path, new Uint8Array(0));
    return openFile(path);
  },
  measure: () => {
    const meter = native("xs_meter")();
    native("xs_collect")();
    return { ...native("xs_heap")(), meter };
  },
  listen: (onConnection) => {
    const socket = native("xs_socket_listen")("127.0.0.1", 0, (accepted) =>
      onConnection(new SocketStream(accepted)),
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
  if (host.setting("VAGUS_TETHERED") === "1") native("xs_tether")();
  return headlessPorts(host);
}
