import type {
  ClientCharacteristic,
  ClientDescriptor,
  ClientService,
  Connection,
  Manager,
  PendingConnection,
  ScanReport,
} from "ble-host";
import type { Agents } from "./agents.js";
import { CHARACTERISTIC, characteristicInterface } from "./characteristic.js";
import { DESCRIPTOR, descriptorInterface } from "./descriptor.js";
import { BluezError } from "./error.js";
import { pair } from "./pair.js";
import type { BusInterface, ObjectTree } from "./tree.js";

export const DEVICE = "org.bluez.Device1";
const SERVICE = "org.bluez.GattService1";
/** How long BlueZ tries to connect. */
const CONNECT_MS = 20_000;

/** The characteristics of a service with their descriptors, in the order of their handles. */
type Found = ReadonlyMap<ClientCharacteristic, readonly ClientDescriptor[]>;

export interface Host {
  readonly tree: ObjectTree;
  readonly manager: Manager;
  readonly agents: Agents;
  readonly adapterPath: string;
  /** In units of 1.25 ms and 10 ms. */
  readonly interval: number;
  readonly supervision: number;
}

/** org.bluez.Device1, and below it the services of what is connected. */
export class Device {
  readonly #host: Host;
  readonly path: string;
  readonly address: string;
  readonly #addressType: "public" | "random";
  #pending: PendingConnection | undefined;
  #connecting: Promise<void> | undefined;
  #abort: ((error: BluezError) => void) | undefined;
  #connection: Connection | undefined;
  #below: string[] = [];
  /** When it was last heard, or connected. */
  seenMs = performance.now();

  constructor(host: Host, report: ScanReport) {
    this.#host = host;
    this.address = report.address;
    this.#addressType = report.addressType;
    this.path = `${host.adapterPath}/dev_${report.address.replaceAll(":", "_")}`;
    host.tree.add(this.path, { [DEVICE]: this.#interface(report) });
  }

  get connected(): boolean {
    return this.#connection !== undefined || this.#connecting !== undefined;
  }

  heard(report: ScanReport, always: boolean): void {
    this.seenMs = performance.now();
    if (always) this.#change({ RSSI: report.rssi });
  }

  /** It has not been heard for a while, and goes; or the adapter does. */
  remove(): void {
    this.#connection?.disconnect();
    this.#abort?.(new BluezError("Failed", "removed"));
    if (this.#connection !== undefined) this.#gone();
    this.#host.tree.remove(this.path);
  }

  #change(values: Record<string, unknown>): void {
    this.#host.tree.change(this.path, DEVICE, values);
  }

  #interface({ rssi, parsedDataItems }: ScanReport): BusInterface {
    const { localName, serviceUuids = [] } = parsedDataItems;
    const settable = (name: string) => ({ set: (value: unknown) => this.#change({ [name]: value }) });
    const bool = (value: boolean) => ({ signature: "b", value });
    return {
      properties: {
        Address: { signature: "s", value: this.address },
        AddressType: { signature: "s", value: this.#addressType },
        Name: { signature: "s", value: localName },
        Alias: { signature: "s", value: localName ?? this.address.replaceAll(":", "-") },
        Adapter: { signature: "o", value: this.#host.adapterPath },
        UUIDs: { signature: "as", value: serviceUuids.map((uuid) => uuid.toLowerCase()) },
        RSSI: { signature: "n", value: rssi },
        Paired: bool(false),
        Bonded: bool(false),
        Connected: bool(false),
        ServicesResolved: bool(false),
        LegacyPairing: bool(false),
        Trusted: { ...bool(false), ...settable("Trusted") },
        Blocked: { ...bool(false), ...settable("Blocked") },
      },
      methods: {
        Connect: { in: "", out: "", run: () => this.#connect().then(() => []) },
        Disconnect: { in: "", out: "", run: () => this.#disconnect() },
        Pair: { in: "", out: "", run: (_args, sender) => this.#pair(sender) },
        CancelPairing: { in: "", out: "", run: () => [] },
      },
    };
  }

  async #pair(sender: string): Promise<unknown[]> {
    if (this.#connection === undefined) await this.#connect();
    if (this.#connection === undefined) throw new BluezError("Failed", "not connected");
    await pair(this.#connection, this.#host.agents, sender, this.path);
    this.#change({ Paired: true });
    return [];
  }

  #connect(): Promise<void> {
    if (this.#connection !== undefined && this.#connecting === undefined) return Promise.resolve();
    this.#connecting ??= this.#begin().finally(() => {
      this.#connecting = undefined;
      this.#abort = undefined;
    });
    return this.#connecting;
  }

  #begin(): Promise<void> {
    const { manager, interval, supervision } = this.#host;
    const parameters = {
      connIntervalMin: interval,
      connIntervalMax: interval,
      supervisionTimeout: supervision,
    };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#abort?.(new BluezError("Failed", "le-connection-abort-by-local")),
        CONNECT_MS,
      );
      this.#abort = (error) => {
        clearTimeout(timer);
        this.#pending?.cancel();
        this.#connection?.disconnect();
        reject(error);
      };
      this.#pending = manager.connect(this.#addressType, this.address, parameters, (connection) => {
        this.#pending = undefined;
        this.#begun(connection);
        this.#resolve(connection).then(() => {
          clearTimeout(timer);
          resolve();
        }, reject);
      });
    });
  }

  #begun(connection: Connection): void {
    this.#connection = connection;
    connection.on("disconnect", (reason: number) => {
      this.#connection = undefined;
      this.seenMs = performance.now(); // from now on it may be forgotten
      this.#abort?.(new BluezError("Failed", `le-connection-abort-by-remote ${reason}`));
      this.#gone();
    });
    this.#change({ Connected: true });
  }

  #gone(): void {
    for (const path of this.#below.reverse()) this.#host.tree.remove(path);
    this.#below = [];
    this.#change({ ServicesResolved: false, Connected: false, Paired: false });
  }

  /** The MTU, then all services with their characteristics, as BlueZ does it at once. */
  async #resolve(connection: Connection): Promise<void> {
    const { gatt } = connection;
    await new Promise<void>((resolve) => gatt.exchangeMtu(() => resolve()));
    const services = await new Promise<ClientService[]>((resolve) =>
      gatt.discoverAllPrimaryServices(resolve),
    );
    for (const [n, service] of services.entries()) {
      const found = await new Promise<ClientCharacteristic[]>((resolve) =>
        service.discoverCharacteristics(resolve),
      );
      const descriptors = new Map<ClientCharacteristic, ClientDescriptor[]>();
      for (const it of found) {
        descriptors.set(it, await new Promise((resolve) => it.discoverDescriptors(resolve)));
      }
      if (connection.disconnected) return;
      this.#addService(`${this.path}/service${hex(n + 1)}`, service, descriptors, gatt.currentMtu);
    }
    this.#change({ UUIDs: services.map(({ uuid }) => uuid.toLowerCase()), ServicesResolved: true });
  }

  #addService(path: string, { uuid }: ClientService, found: Found, mtu: number): void {
    const { tree } = this.#host;
    const service = {
      properties: {
        UUID: { signature: "s", value: uuid.toLowerCase() },
        Device: { signature: "o", value: this.path },
        Primary: { signature: "b", value: true },
        Includes: { signature: "ao", value: [] },
      },
      methods: {},
    };
    this.#add(path, { [SERVICE]: service });
    for (const [n, [characteristic, descriptors]] of [...found].entries()) {
      const below = `${path}/char${hex(n + 1)}`;
      this.#add(below, { [CHARACTERISTIC]: characteristicInterface(tree, below, path, characteristic, mtu) });
      for (const [m, descriptor] of descriptors.entries()) {
        this.#add(`${below}/desc${hex(m + 1)}`, { [DESCRIPTOR]: descriptorInterface(below, descriptor) });
      }
    }
  }

  #add(path: string, object: Record<string, BusInterface>): void {
    this.#host.tree.add(path, object);
    this.#below.push(path);
  }

  #disconnect(): unknown[] | Promise<unknown[]> {
    this.#abort?.(new BluezError("Failed", "le-connection-abort-by-local"));
    const connection = this.#connection;
    if (connection === undefined) return [];
    return new Promise((resolve) => {
      connection.on("disconnect", () => resolve([]));
      connection.disconnect();
    });
  }
}

function hex(n: number): string {
  return n.toString(16).padStart(4, "0");
}
