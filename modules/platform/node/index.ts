/** The firmware on Node: for machines without a C compiler, and for debugging. */
import type { DevicePorts } from "../../device/index.js";
import { headlessPorts } from "../headless/ports.js";
import { nodeHost } from "./host.js";

export function openPorts(): Promise<DevicePorts> {
  const setting = (name: string) => process.env[name];
  if (setting("VAGUS_TETHERED") === "1") process.stdin.once("end", () => process.exit(0)).resume();
  return headlessPorts(nodeHost({ setting, print: (line) => process.stdout.write(`${line}\n`) }));
}
