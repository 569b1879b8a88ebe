/**
 * Where a running device is. `vagus device FOLDER` leaves a note in its folder while it runs:
 *
 *   running.json   { "label", "port", "bench", "pid" }
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VagusError } from "../../modules/error/index.js";
import { LoopbackLink } from "../link/loopback.js";
import { number, UsageError } from "./usage.js";

export const RUNNING = "running.json";
export const DEVICE_OPTIONS = { port: { type: "string" }, device: { type: "string" } } as const;
export const DEVICE_HELP = `  --device FOLDER       a device that \`vagus device FOLDER\` runs here; or
  --port P              the port of 127.0.0.1 that it said`;

export interface DeviceAt {
  readonly port: number;
  /** 32 hexadecimal digits, where the device's folder tells. */
  readonly label?: string;
}

export interface DeviceSource {
  readonly port?: string;
  readonly device?: string;
}

/** @throws UsageError, VagusError `host/link` where no device runs in the folder */
export function deviceAt({ port, device }: DeviceSource): DeviceAt {
  if (port !== undefined) return { port: number("port", port, 1, 65_535) };
  if (device === undefined) throw new UsageError("expected --device FOLDER or --port P, came neither");
  const note = join(device, RUNNING);
  if (!existsSync(note)) {
    throw new VagusError(
      "host/link",
      `expected a device that runs in ${device} (vagus device ${device}), came none`,
    );
  }
  return JSON.parse(readFileSync(note, "utf8")) as DeviceAt;
}

const TRIES = 8;
const PAUSE_MS = 150;

/** The device serves one central at a time, and may not have seen the last one go. @throws VagusError `host/link`, `gatt/…` */
export async function linkTo({ port }: DeviceAt): Promise<LoopbackLink> {
  for (let left = TRIES; ; left--) {
    try {
      return await LoopbackLink.open({ port });
    } catch (error) {
      if (left <= 1 || !(error instanceof VagusError) || error.code !== "gatt/disconnected") throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
