/** Bluetooth adapters of this machine, by noble: BlueZ over D-Bus on Linux, CoreBluetooth, WinRT. */
import type { Noble, Peripheral } from "@stoprocent/noble";
import { VagusError } from "../../modules/error/index.js";
import { MTU_MAX, SERVICE_UUID } from "../../modules/gatt/index.js";
import { BluezClient } from "./bluez.js";
import { gone, NOBLE_TIMES, NobleLink, type NobleTimes, plain, within } from "./noble-link.js";
import type { Radio } from "./radio.js";

export interface NobleOptions {
  readonly times?: Partial<NobleTimes>;
  /** As `--link` names it. */
  readonly name?: string;
}

/** What has not been heard for so long, and nobody is connected to, is forgotten. */
const FORGET_MS = 60_000;
const IDLE = new Set(["disconnected", "error"]);

const LINUX = process.platform === "linux";

/** noble, loaded when it is wanted: it takes hold of an adapter. */
async function load(): Promise<Noble> {
  if (LINUX) process.env.NOBLE_BINDINGS ??= "dbus"; // so that BlueZ pairs; its other one knows Just Works alone
  const { default: noble } = await import("@stoprocent/noble");
  const { withBindings } = noble as unknown as { withBindings(binding?: string): Noble };
  return withBindings(LINUX ? "dbus" : "default");
}

/** @throws VagusError `host/link` where there is no adapter that is on */
export async function nobleRadio({ times = {}, name = "ble" }: NobleOptions = {}): Promise<Radio> {
  const limits = { ...NOBLE_TIMES, ...times };
  const noble = await load();
  const bluez = LINUX ? await BluezClient.open() : undefined;
  const platform =
    bluez === undefined
      ? {}
      : {
          mtuOf: (address: string) => bluez.mtu(address).catch(() => undefined),
          pair: (address: string, passkey: number) => bluez.pair(address, passkey),
        };
  const close = async () => {
    noble.stop();
    bluez?.close();
  };
  try {
    await noble.waitForPoweredOnAsync(limits.powerMs);
  } catch {
    await close();
    throw new VagusError("host/link", `expected a Bluetooth adapter that is on, came ${noble.state}`);
  }
  /** By address, and when each was heard last: devices change theirs every few minutes. */
  const known = new Map<string, { readonly peripheral: Peripheral; readonly atMs: number }>();
  const heard = (peripheral: Peripheral) => {
    const atMs = performance.now();
    for (const [id, one] of known) {
      if (atMs - one.atMs > FORGET_MS && IDLE.has(one.peripheral.state)) known.delete(id);
    }
    known.set(peripheral.id, { peripheral, atMs });
  };
  /** Not before a scan has ended: adapters fail to connect beside one, and noble believes what it saw in it. */
  let quiet: Promise<unknown> = Promise.resolve();
  return {
    name,
    scan({ found, failed }) {
      const discovered = (peripheral: Peripheral) => {
        heard(peripheral);
        found({ address: peripheral.id, rssiDbm: peripheral.rssi });
      };
      noble.on("discover", discovered);
      // not before what is being disconnected is: a scan would see it connected, and noble take that for the next connection
      const started = Promise.all([...known.values()].map(({ peripheral }) => gone(peripheral))).then(() =>
        within(limits.requestMs, "a scan", noble.startScanningAsync([plain(SERVICE_UUID)], true)),
      );
      started.catch((error) => failed(new VagusError("host/link", String(error))));
      return () => {
        noble.removeListener("discover", discovered);
        quiet = started
          .then(() => within(limits.requestMs, "the scan's end", noble.stopScanningAsync()))
          .catch(() => {});
      };
    },
    async connect(address, { signal, mtu = MTU_MAX }) {
      const { peripheral } = known.get(address) ?? {};
      if (peripheral === undefined) {
        throw new VagusError("host/link", `expected a device that was found, came ${address}`);
      }
      const cancel = () => peripheral.cancelConnect();
      signal.addEventListener("abort", cancel, { once: true });
      try {
        await quiet;
        const link = await NobleLink.open(peripheral, limits, { ...platform, mtu });
        if (!signal.aborted) return link;
        link.close();
        throw new VagusError("host/link", "expected someone to wait for the connection, came its end");
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    },
    close,
  };
}
