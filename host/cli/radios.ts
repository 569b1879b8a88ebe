/** Which radio a command uses: `--link`. */
import type { VagusError } from "../../modules/error/index.js";
import { findFirst } from "../link/find.js";
import type { CentralLink } from "../link/link.js";
import { loopbackRadio } from "../link/loopback-radio.js";
import type { Radio } from "../link/radio.js";
import { DEVICE_OPTIONS, type DeviceSource, deviceAt, linkTo } from "./device-at.js";
import { number, oneOf } from "./usage.js";

/** For commands that open a session. */
export const PAIR_OPTION = { pair: { type: "boolean", default: false } } as const;
export const PAIR_HELP = `  --pair                pairs the link after the handshake, with the session's passkey, where the device lets it: virtual, and ble on Linux`;

const LINKS = ["loopback", "sim", "virtual", "ble"] as const;

export const LINK_OPTIONS = {
  ...DEVICE_OPTIONS,
  link: { type: "string", default: "loopback" },
  mtu: { type: "string", default: "247" },
} as const;
export const LINK_HELP = `  --link L              how the device is reached: loopback (default); sim, Moddable's desktop simulator; virtual, the virtual radio
                        between here and a device that runs here; or ble, this machine's Bluetooth adapter
  --device FOLDER       a device that \`vagus device FOLDER\` runs here; it is found again when it is restarted; or
  --port P              the port of 127.0.0.1 that it said. With ble neither: whoever advertises
  --mtu N               the largest ATT MTU, 23 to 247 (default 247); with ble what this side goes by, whatever the adapter agrees on`;

export interface LinkSource extends DeviceSource {
  readonly link: string;
  readonly mtu: string;
  readonly pair?: boolean;
}

const FIND_MS = 20_000;
const CONNECT_MS = 15_000;

/** @throws UsageError, VagusError `host/link` where no device runs in the folder, or there is no adapter */
export async function radioOf(source: LinkSource): Promise<{ readonly radio: Radio; readonly mtu: number }> {
  const link = oneOf("link", source.link, LINKS);
  const mtu = number("mtu", source.mtu, 23, 247);
  if (link === "ble") {
    const { nobleRadio } = await import("../link/noble.js");
    return { radio: await nobleRadio(), mtu };
  }
  deviceAt(source);
  if (link === "virtual") return { radio: await virtualRadio(source, mtu), mtu };
  return { radio: loopbackRadio(() => portsOf(source), link), mtu };
}

/** One connection, to the first device that is found. @throws VagusError `host/link`, `gatt/…` */
export async function connectOnce(
  source: LinkSource,
): Promise<{ readonly link: CentralLink; close(): Promise<void> }> {
  const kind = oneOf("link", source.link, LINKS);
  if (kind === "loopback" || kind === "sim") {
    return { link: await linkTo(deviceAt(source)), close: () => Promise.resolve() };
  }
  const { radio, mtu } = await radioOf(source);
  const close = async () => radio.close?.();
  try {
    const { address } = await findFirst(radio, FIND_MS);
    const link = await radio.connect(address, { mtu, signal: AbortSignal.timeout(CONNECT_MS) });
    return { link, close };
  } catch (error) {
    await close();
    throw error as VagusError;
  }
}

/** The air, host stacks and a stand-in BlueZ in this process, and noble as it is; the device behind them is asked for anew each time. */
async function virtualRadio(source: LinkSource, mtu: number): Promise<Radio> {
  const { VirtualRadio } = await import("../../sim/radio/virtual.js");
  const { nobleRadio } = await import("../link/noble.js");
  let last = deviceAt(source).port;
  const port = () => {
    [last = last] = portsOf(source);
    return last;
  };
  const air = await VirtualRadio.start({ port, mtu, pairing: source.pair === true });
  process.env.DBUS_SYSTEM_BUS_ADDRESS = air.busAddress;
  const noble = await nobleRadio({ name: "virtual" });
  return {
    ...noble,
    async close() {
      await noble.close?.();
      await air.close();
    },
  };
}

/** A device that is being restarted is nowhere. */
function portsOf(source: DeviceSource): number[] {
  try {
    return [deviceAt(source).port];
  } catch {
    return [];
  }
}
