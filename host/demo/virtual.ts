import { VirtualRadio, type VirtualRadioOptions } from "../../sim/radio/virtual.js";
import { findFirst } from "../link/find.js";
import type { CentralLink } from "../link/link.js";
import { nobleRadio } from "../link/noble.js";

/** A device on the virtual radio, and noble to reach it. */
export interface VirtualLinks {
  readonly radio: VirtualRadio;
  connect(): Promise<CentralLink>;
  close(): Promise<void>;
}

const FIND_MS = 10_000;
const CONNECT_MS = 15_000;

/** @throws Error where there is no `dbus-daemon`, VagusError `host/link` */
export async function openVirtual(options: VirtualRadioOptions): Promise<VirtualLinks> {
  const radio = await VirtualRadio.start(options);
  process.env.DBUS_SYSTEM_BUS_ADDRESS = radio.busAddress;
  const noble = await nobleRadio({ name: "virtual" });
  return {
    radio,
    async connect() {
      const { address } = await findFirst(noble, FIND_MS);
      return noble.connect(address, { signal: AbortSignal.timeout(CONNECT_MS) });
    },
    async close() {
      await noble.close?.();
      await radio.close();
    },
  };
}
