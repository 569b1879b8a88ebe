/**
 * The firmware in Moddable's desktop simulator: the ports of the headless device, over the SDK and a little C. Where
 * VAGUS_HEAP is set, it tells twice a second what is in use, and draws nothing, which a board does not either.
 */
import { createNativeCrypto } from "../../crypto/native/index.js";
import type { DevicePorts } from "../../device/index.js";
import type { FileRange, HeadlessHost } from "../headless/host.js";
import { headlessPorts } from "../headless/ports.js";
import { createClock } from "../moddable/clock.js";
import { listen } from "./listen.js";
import { withScreen } from "./screen.js";

declare global {
  interface XsNatives {
    /** The engine's name and version: "XS 17.7.0". */
    xs_sim_engine(this: undefined): string;
    /** Slots and bytes of chunks in use after a collection of garbage, as JSON. */
    xs_sim_heap(this: undefined): string;
    xs_sim_environment(this: undefined, name: string): string | undefined;
    /** Writes a line to standard output, at once. */
    xs_sim_print(this: undefined, line: string): void;
    /** Bytes, or undefined for a missing file. */
    xs_sim_file_size(this: undefined, path: string): number | undefined;
    /** A range of a file. @throws Error where it has not so much */
    xs_sim_file_read(this: undefined, path: string, offset: number, length: number): ArrayBuffer;
    /** Overwrites a range of a file in place; makes the file if there is none. */
    xs_sim_file_write(this: undefined, path: string, bytes: Uint8Array, offset: number): void;
  }
}

function openFile(path: string): FileRange {
  const length = native("xs_sim_file_size").call(undefined, path);
  if (length === undefined) throw new Error(`expected a file, came nothing: ${path}`);
  return {
    length,
    read: (offset, count) => new Uint8Array(native("xs_sim_file_read").call(undefined, path, offset, count)),
    write: (offset, bytes) => native("xs_sim_file_write").call(undefined, path, bytes, offset),
  };
}

const HEAP_MS = 500;

export async function openPorts(): Promise<DevicePorts> {
  const host: HeadlessHost = {
    engine: `${native("xs_sim_engine").call(undefined)} in the Moddable simulator`,
    crypto: createNativeCrypto(),
    clock: createClock(),
    wallClock: () => Math.floor(Date.now() / 1000),
    setting: (name) => native("xs_sim_environment").call(undefined, name),
    print: (line) => native("xs_sim_print").call(undefined, line),
    openFile,
    createFile: (path) => {
      if (native("xs_sim_file_size").call(undefined, path) === undefined) {
        native("xs_sim_file_write").call(undefined, path, new Uint8Array(0), 0);
      }
      return openFile(path);
    },
    listen,
  };
  const tell = () => {
    host.print(`{"event":"resident","heap":${native("xs_sim_heap").call(undefined)}}`);
    host.clock.after(HEAP_MS, tell);
  };
  const ports = await headlessPorts(host);
  if (host.setting("VAGUS_HEAP") === undefined) return withScreen(ports);
  host.clock.after(HEAP_MS, tell);
  return ports;
}
