import { join } from "node:path";
import { type Firmware, type FirmwareOptions, startFirmware } from "./firmware.js";

/** Node's command for the firmware in Moddable's desktop simulator, from `root` and the library that it was built into. */
export function simulatorCommand(root: string, library: string): string[] {
  return [process.execPath, join(root, "sim/moddable/launch.mjs"), library];
}

/**
 * Starts the firmware in Moddable's desktop simulator, as `startFirmware` does in a process without a window.
 * @param options.library what `buildSimulator` of sim/moddable/simulator.mjs returned
 * @throws VagusError `host/link` where it does not come up
 */
export function startSimulator(
  options: Omit<FirmwareOptions, "command"> & { readonly root: string; readonly library: string },
): Promise<Firmware> {
  const { root, library, ...rest } = options;
  return startFirmware({ ...rest, command: simulatorCommand(root, library) });
}
