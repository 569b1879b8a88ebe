/**
 * A stand-in for BlueZ: `org.bluez` on a bus of its own, over ble-host as the central on a controller. What is here is what
 * noble, Chromium and node-ble ask for: discovery, connections, GATT, pairing with an agent.
 */
import type { Manager, Scanner, ScanReport } from "ble-host";
import dbus, { type Variant } from "dbus-next";
import { Agents } from "./agents.js";
import { Device, type Host } from "./device.js";
import { BluezError } from "./error.js";
import { type BusInterface, ObjectTree } from "./tree.js";

export interface BluezOptions {
  readonly manager: Manager;
  readonly busAddress: string;
  /** The adapter's own address, as people write it. */
  readonly address: string;
  /** The connection interval in units of 1.25 ms (12: 15 ms), and the supervision time-out in units of 10 ms. */
  readonly interval?: number;
  readonly supervision?: number;
}

const ADAPTER = "org.bluez.Adapter1";
const ADAPTER_PATH = "/org/bluez/hci0";
/** A device that has not been heard for so long is forgotten, as BlueZ does with what is not paired. */
const FORGET_MS = 30_000;
const SWEEP_MS = 1000;

export class Bluez {
  readonly #tree: ObjectTree;
  readonly #host: Host;
  readonly #devices = new Map<string, Device>();
  readonly #discovering = new Set<string>();
  readonly #sweep: NodeJS.Timeout;
  #scanner: Scanner | undefined;
  #duplicates = false;
  #powered = true;

  private constructor(
    tree: ObjectTree,
    { manager, address, interval = 12, supervision = 420 }: BluezOptions,
  ) {
    this.#tree = tree;
    const agents = new Agents(tree.bus);
    this.#host = { tree, manager, agents, adapterPath: ADAPTER_PATH, interval, supervision };
    tree.add("/org/bluez", { "org.bluez.AgentManager1": agents.manager });
    tree.add(ADAPTER_PATH, { [ADAPTER]: this.#adapter(address) });
    this.#sweep = setInterval(() => this.#forget(), SWEEP_MS);
    this.#sweep.unref();
  }

  static async start(options: BluezOptions): Promise<Bluez> {
    const bus = dbus.sessionBus({ busAddress: options.busAddress });
    bus.on("error", () => {}); // the bus has gone, and everybody on it
    const bluez = new Bluez(new ObjectTree(bus), options);
    await bus.requestName("org.bluez", 0);
    return bluez;
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#scanner?.stopScan();
    for (const device of this.#devices.values()) device.remove();
    this.#tree.close();
  }

  #adapter(address: string): BusInterface {
    const flag = (value: boolean) => ({ signature: "b", value });
    const settable = (name: string) => ({ set: (value: unknown) => this.#change({ [name]: value }) });
    return {
      properties: {
        Address: { signature: "s", value: address },
        AddressType: { signature: "s", value: "public" },
        Name: { signature: "s", value: "virtual" },
        Alias: { signature: "s", value: "virtual", ...settable("Alias") },
        Class: { signature: "u", value: 0 },
        Powered: { ...flag(true), set: (value) => this.#power(value === true) },
        Discoverable: { ...flag(false), ...settable("Discoverable") },
        DiscoverableTimeout: { signature: "u", value: 180, ...settable("DiscoverableTimeout") },
        Pairable: { ...flag(true), ...settable("Pairable") },
        PairableTimeout: { signature: "u", value: 0, ...settable("PairableTimeout") },
        Discovering: flag(false),
        UUIDs: { signature: "as", value: [] },
        Roles: { signature: "as", value: ["central"] },
        Modalias: { signature: "s", value: "usb:v1D6Bp0246d0542" },
      },
      methods: {
        SetDiscoveryFilter: {
          in: "a{sv}",
          out: "",
          run: ([filter]) => {
            this.#duplicates = (filter as Record<string, Variant>).DuplicateData?.value === true;
            return [];
          },
        },
        GetDiscoveryFilters: { in: "", out: "as", run: () => [["UUIDs", "Transport", "DuplicateData"]] },
        StartDiscovery: { in: "", out: "", run: (_args, sender) => this.#start(sender) },
        StopDiscovery: { in: "", out: "", run: (_args, sender) => this.#stop(sender) },
        RemoveDevice: { in: "o", out: "", run: ([path]) => this.#remove(String(path)) },
      },
    };
  }

  #change(values: Record<string, unknown>): void {
    this.#tree.change(ADAPTER_PATH, ADAPTER, values);
  }

  #power(on: boolean): void {
    this.#powered = on;
    if (!on) {
      for (const sender of [...this.#discovering]) this.#stop(sender);
      for (const address of [...this.#devices.keys()]) this.#drop(address);
    }
    this.#change({ Powered: on });
  }

  #start(sender: string): unknown[] {
    if (!this.#powered) throw new BluezError("NotReady", "Resource Not Ready");
    if (this.#discovering.has(sender)) throw new BluezError("InProgress", "Operation already in progress");
    this.#discovering.add(sender);
    if (this.#scanner === undefined) {
      this.#scanner = this.#host.manager.startScan({ activeScan: true });
      this.#scanner.on("report", (report: ScanReport) => this.#heard(report));
      this.#change({ Discovering: true });
    }
    return [];
  }

  #stop(sender: string): unknown[] {
    if (!this.#discovering.delete(sender)) throw new BluezError("Failed", "No discovery started");
    if (this.#discovering.size > 0) return [];
    this.#scanner?.stopScan();
    this.#scanner = undefined;
    this.#change({ Discovering: false });
    return [];
  }

  #heard(report: ScanReport): void {
    const known = this.#devices.get(report.address);
    if (known === undefined) this.#devices.set(report.address, new Device(this.#host, report));
    else known.heard(report, this.#duplicates);
  }

  #forget(): void {
    const now = performance.now();
    for (const [address, device] of this.#devices) {
      if (!device.connected && now - device.seenMs > FORGET_MS) this.#drop(address);
    }
  }

  #remove(path: string): unknown[] {
    const found = [...this.#devices].find(([, device]) => device.path === path);
    if (found === undefined) throw new BluezError("DoesNotExist", "Does Not Exist");
    this.#drop(found[0]);
    return [];
  }

  #drop(address: string): void {
    this.#devices.get(address)?.remove();
    this.#devices.delete(address);
  }
}
