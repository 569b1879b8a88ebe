import type { Crypto } from "../../crypto/port.js";
import type { Clock } from "../../device/index.js";
import type { ByteStream } from "../loopback/peripheral.js";

/** A file that is read and written in place. Written at its end, it grows. */
export interface FileRange {
  /** Bytes, when it was opened. */
  readonly length: number;
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
}

/** What an engine without a board offers the firmware: XS in its runner, or Node. */
export interface HeadlessHost {
  readonly engine: string;
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** Seconds since 1970. */
  wallClock(): number;
  setting(name: string): string | undefined;
  /** Writes a line to standard output. */
  print(line: string): void;
  openFile(path: string): FileRange;
  /** Opens a file; where there is none, an empty one. */
  createFile(path: string): FileRange;
  /** Takes the power away, or starts anew, where whatever runs the engine can. */
  power?(loss: "cut" | "reset"): void;
  /** What the engine knows of its memory, behind a collection, and of its work, by name. */
  measure?(): Record<string, number>;
  /** Listens on a free port of 127.0.0.1. */
  listen(onConnection: (stream: ByteStream) => void): Promise<{ readonly port: number; close(): void }>;
}
