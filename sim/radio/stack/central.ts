/** A central of ble-host: finds the service, connects, and is the programmer's link. */
import bleHost, {
  type ClientCharacteristic,
  type ClientService,
  type Connection,
  type Manager,
  type ScanReport,
} from "ble-host";
import type { CentralLink, LinkHandlers } from "../../../host/link/link.js";
import { VagusError } from "../../../modules/error/index.js";
import { CHARACTERISTICS, SERVICE_UUID } from "../../../modules/gatt/index.js";

const { AttErrors, HciErrors } = bleHost;

export interface Found {
  readonly address: string;
  readonly addressType: "public" | "random";
  readonly rssi: number;
}

export interface ConnectOptions {
  /** In units of 1.25 ms; 12 are 15 ms. */
  readonly interval?: number;
  /** In units of 10 ms. */
  readonly supervision?: number;
}

/** The first that advertises the service. */
export function find(manager: Manager): Promise<Found> {
  return new Promise((resolve) => {
    const scanner = manager.startScan({ activeScan: true });
    scanner.on("report", ({ address, addressType, rssi, parsedDataItems }: ScanReport) => {
      if (!parsedDataItems.serviceUuids?.includes(SERVICE_UUID.toUpperCase())) return;
      scanner.stopScan();
      resolve({ address, addressType, rssi });
    });
  });
}

export function connectTo(manager: Manager, found: Found, options: ConnectOptions = {}): Promise<Connection> {
  const { interval = 12, supervision = 500 } = options;
  const parameters = {
    connIntervalMin: interval,
    connIntervalMax: interval,
    supervisionTimeout: supervision,
  };
  return new Promise((resolve) => manager.connect(found.addressType, found.address, parameters, resolve));
}

/** The service's characteristics, whoever serves them. @throws VagusError `host/link` where one is missing */
export class BleCentralLink implements CentralLink {
  readonly connection: Connection;
  readonly #characteristics: Record<keyof typeof CHARACTERISTICS, ClientCharacteristic>;
  #ended: string | undefined;
  #handlers: LinkHandlers | undefined;

  private constructor(
    connection: Connection,
    characteristics: Record<keyof typeof CHARACTERISTICS, ClientCharacteristic>,
  ) {
    this.connection = connection;
    this.#characteristics = characteristics;
    connection.on("disconnect", (reason: number) => this.#end(HciErrors.toString(reason)));
  }

  static async open(connection: Connection): Promise<BleCentralLink> {
    await new Promise<void>((resolve) => connection.gatt.exchangeMtu(() => resolve()));
    const services = await new Promise<ClientService[]>((resolve) =>
      connection.gatt.discoverAllPrimaryServices(resolve),
    );
    const service = services.find(({ uuid }) => uuid === SERVICE_UUID.toUpperCase());
    const found =
      service === undefined
        ? []
        : await new Promise<ClientCharacteristic[]>((resolve) => service.discoverCharacteristics(resolve));
    const one = (name: keyof typeof CHARACTERISTICS) => {
      const wanted = CHARACTERISTICS[name].uuid.toUpperCase();
      const characteristic = found.find(({ uuid }) => uuid === wanted);
      if (characteristic === undefined)
        throw new VagusError("host/link", `expected ${name}, came no such thing`);
      return characteristic;
    };
    const characteristics = { control: one("control"), telemetry: one("telemetry"), info: one("info") };
    return new BleCentralLink(connection, characteristics);
  }

  get mtu(): number {
    return this.connection.gatt.currentMtu;
  }

  async subscribe(handlers: LinkHandlers): Promise<void> {
    this.#handlers = handlers;
    if (this.#ended !== undefined) {
      handlers.closed(this.#ended);
      return;
    }
    const { control, telemetry } = this.#characteristics;
    telemetry.on("change", (value: Buffer) => handlers.telemetry(new Uint8Array(value)));
    control.on("change", (value: Buffer, _isIndication: boolean, confirm: () => void) => {
      confirm();
      handlers.control(new Uint8Array(value));
    });
    await this.#done((answer) => telemetry.writeCCCD(true, false, answer));
    await this.#done((answer) => control.writeCCCD(false, true, answer));
  }

  async write(value: Uint8Array): Promise<void> {
    await this.#done((answer) => this.#characteristics.control.write(Buffer.from(value), answer));
  }

  async readInfo(): Promise<Uint8Array> {
    let info = new Uint8Array(0);
    await this.#done((answer) =>
      this.#characteristics.info.read((error, value) => {
        if (value !== undefined) info = new Uint8Array(value);
        answer(error);
      }),
    );
    return info;
  }

  close(): void {
    this.connection.disconnect();
    this.#end("closed by this side");
  }

  #done(start: (answer: (error: number) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new VagusError("gatt/disconnected", this.#ended ?? "the connection ended"));
      if (this.#ended !== undefined || this.connection.disconnected) {
        gone();
        return;
      }
      this.connection.once("disconnect", gone);
      start((error) => {
        this.connection.off("disconnect", gone);
        if (error === AttErrors.SUCCESS) resolve();
        else reject(new VagusError("gatt/attribute", `the device refused with ATT error ${error}`));
      });
    });
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#handlers?.closed(reason);
  }
}
