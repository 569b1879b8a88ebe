/** Which radio a command uses: `--link`. */
import { loopbackRadio } from "../link/loopback-radio.js";
import type { Radio } from "../link/radio.js";
import { DEVICE_OPTIONS, type DeviceSource, deviceAt } from "./device-at.js";
import { number, oneOf } from "./usage.js";

const LINKS = ["loopback", "sim"] as const;

export const LINK_OPTIONS = {
  ...DEVICE_OPTIONS,
  link: { type: "string", default: "loopback" },
  mtu: { type: "string", default: "247" },
} as const;
export const LINK_HELP = `  --link L              ${LINKS.join(" or ")}: how the device is reached (default: loopback); sim is Moddable's desktop simulator
  --device FOLDER       a device that \`vagus device FOLDER\` runs here; it is found again when it is restarted; or
  --port P              the port of 127.0.0.1 that it said
  --mtu N               the largest ATT MTU, 23 to 247 (default 247)`;

export interface LinkSource extends DeviceSource {
  readonly link: string;
  readonly mtu: string;
}

/** @throws UsageError, VagusError `host/link` where no device runs in the folder */
export async function radioOf(source: LinkSource): Promise<{ readonly radio: Radio; readonly mtu: number }> {
  const link = oneOf("link", source.link, LINKS);
  deviceAt(source);
  return { radio: loopbackRadio(() => portsOf(source), link), mtu: number("mtu", source.mtu, 23, 247) };
}

/** A device that is being restarted is nowhere. */
function portsOf(source: DeviceSource): number[] {
  try {
    return [deviceAt(source).port];
  } catch {
    return [];
  }
}
