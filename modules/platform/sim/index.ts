/**
 * The firmware in Moddable's desktop simulator: the ports of the headless device, over the SDK and a little C, seen on a display and in the
 * hands of sim/panel. Where VAGUS_HEAP is set, it tells twice a second what is in use, and draws nothing, as a board without a display;
 * VAGUS_HEAP=display draws all the same.
 */
import { createNativeCrypto } from "../../crypto/native/index.js";
import type { DevicePorts } from "../../device/index.js";
import { withDisplay } from "../display/index.js";
import { openCanvas } from "../display/poco.js";
import type { FileRange, HeadlessHost } from "../headless/host.js";
import { headlessPorts } from "../headless/ports.js";
import { createClock } from "../moddable/clock.js";
import { listen } from "./listen.js";
import { withPanel } from "./panel.js";

declare global {
  interface XsNatives {
    /** The engine's name and version: "XS 17.7.0". */
    xs_sim_engine(this: undefined): string;
    /** Slots and bytes of chunks in use after a collection of garbage, as JSON. */
    xs_sim_heap(this: undefined): string;
    xs_sim_environment(this: undefined, name: string): string | undefined;
    /** Sets it, for the next start of the firmware in this simulator. */
    xs_sim_keep(this: undefined, name: string, value: string): void;
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

const setting = (name: string) => native("xs_sim_environment").call(undefined, name);
const keep = (name: string, value: string) => native("xs_sim_keep").call(undefined, name, value);

/** Where a device that lost its power was found before, it is found again. */
let listeners = 0;
const listenAgain: HeadlessHost["listen"] = async (onConnection) => {
  const name = `VAGUS_PORT_${listeners++}`;
  const listener = await listen(onConnection, Number(setting(name) ?? 0));
  keep(name, `${listener.port}`);
  return listener;
};

export async function openPorts(): Promise<DevicePorts> {
  const host: HeadlessHost = {
    engine: `${native("xs_sim_engine").call(undefined)} in the Moddable simulator`,
    crypto: createNativeCrypto(),
    clock: createClock(),
    wallClock: () => Math.floor(Date.now() / 1000),
    setting,
    print: (line) => native("xs_sim_print").call(undefined, line),
    openFile,
    createFile: (path) => {
      if (native("xs_sim_file_size").call(undefined, path) === undefined) {
        native("xs_sim_file_write").call(undefined, path, new Uint8Array(0), 0);
      }
      return openFile(path);
    },
    power: (loss) => {
      keep("VAGUS_BUTTON", ports.bench.button.down ? "down" : "up");
      screen.postMessage?.(JSON.stringify({ power: loss }));
    },
    listen: listenAgain,
  };
  const tell = () => {
    host.print(`{"event":"resident","heap":${native("xs_sim_heap").call(undefined)}}`);
    host.clock.after(HEAP_MS, tell);
  };
  const ports = await headlessPorts(host);
  const heap = setting("VAGUS_HEAP");
  if (heap !== undefined) host.clock.after(HEAP_MS, tell);
  if (heap !== undefined && heap !== "display") return ports;
  const failed = (error: unknown) => host.print(JSON.stringify({ event: "display", detail: String(error) }));
  return withPanel(withDisplay(ports, openCanvas(), ports.heart, failed), ports);
}
