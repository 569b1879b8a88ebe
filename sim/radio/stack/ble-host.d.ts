/** What is used here of ble-host 1.0.3, which comes without types. */
declare module "ble-host" {
  import type { EventEmitter } from "node:events";

  export interface Transport extends EventEmitter {
    write(packet: Buffer): void;
  }

  export interface PairingFeatures {
    ioCap: number;
    bondingFlags: number;
    mitm: boolean;
    sc?: boolean;
    keypress?: boolean;
    maxKeySize?: number;
    initKeyDistr?: { encKey: boolean; idKey: boolean };
    rspKeyDistr?: { encKey: boolean; idKey: boolean };
  }

  export interface EncryptionLevel {
    mitm: boolean;
    sc: boolean;
    keySize: number;
  }

  export interface Smp extends EventEmitter {
    readonly isEncrypted: boolean;
    readonly currentEncryptionLevel: EncryptionLevel | null;
    sendPairingRequest(features: PairingFeatures): boolean;
    sendPairingFailed(reason: number): void;
    setAvailableLtk(ltk: Buffer, rand: Buffer, ediv: number, mitm: boolean, sc: boolean): void;
    startEncryption(): boolean;
  }

  export interface ClientDescriptor {
    readonly uuid: string;
    read(callback: (error: number, value?: Buffer) => void): void;
    write(value: Buffer, callback: (error: number) => void): void;
  }

  export interface ClientCharacteristic extends EventEmitter {
    readonly uuid: string;
    readonly properties: Record<string, boolean>;
    read(callback: (error: number, value?: Buffer) => void): void;
    write(value: Buffer, callback: (error: number) => void): void;
    writeWithoutResponse(value: Buffer, sent?: () => void): void;
    writeCCCD(notify: boolean, indicate: boolean, callback: (error: number) => void): void;
    discoverDescriptors(callback: (descriptors: ClientDescriptor[]) => void): void;
  }

  export interface ClientService {
    readonly uuid: string;
    discoverCharacteristics(callback: (characteristics: ClientCharacteristic[]) => void): void;
  }

  export interface Gatt extends EventEmitter {
    readonly currentMtu: number;
    exchangeMtu(callback: (error: number) => void): void;
    discoverAllPrimaryServices(callback: (services: ClientService[]) => void): void;
  }

  export interface Connection extends EventEmitter {
    readonly id: number;
    readonly ownAddress: string;
    readonly peerAddress: string;
    readonly peerAddressType: "public" | "random";
    readonly disconnected: boolean;
    readonly smp: Smp;
    readonly gatt: Gatt;
    disconnect(reason?: number, ignoreIncoming?: boolean): void;
    readRssi(callback: (status: number, rssi?: number) => void): void;
    updateConnParams(parameters: object, callback?: (status: number) => void): void;
  }

  export interface ServerCharacteristic {
    uuid: string;
    properties: string[];
    maxLength?: number;
    readPerm?: string;
    writePerm?: string;
    value?: Buffer;
    onRead?(connection: Connection, callback: (error: number, value?: Buffer) => void): void;
    onWrite?(
      connection: Connection,
      needsResponse: boolean,
      value: Buffer,
      callback: (error: number) => void,
    ): void;
    onSubscriptionChange?(connection: Connection, notify: boolean, indicate: boolean, isWrite: boolean): void;
    /** These two the stack puts there. */
    notify?(connection: Connection, value: Buffer, sent?: () => void, complete?: () => void): boolean;
    indicate?(connection: Connection, value: Buffer, confirmed?: () => void): boolean;
  }

  export interface GattServerDb {
    setDeviceName(name: string): void;
    addServices(services: { uuid: string; characteristics: ServerCharacteristic[] }[]): void;
  }

  export interface ScanReport {
    readonly connectable: boolean;
    readonly addressType: "public" | "random";
    readonly address: string;
    readonly rssi: number;
    readonly parsedDataItems: {
      readonly serviceUuids?: string[];
      readonly localName?: string;
      readonly manufacturerSpecificData?: { companyIdentifierCode: number; data: Buffer }[];
    };
  }

  export interface Scanner extends EventEmitter {
    stopScan(): void;
  }

  export interface PendingConnection extends EventEmitter {
    cancel(callback?: () => void): void;
  }

  export interface Manager extends EventEmitter {
    readonly gattDb: GattServerDb;
    startScan(parameters?: object): Scanner;
    connect(
      addressType: "public" | "random",
      address: string,
      parameters: object,
      connected: (connection: Connection) => void,
    ): PendingConnection;
    setAdvertisingData(data: Buffer, callback?: (status: number) => void): void;
    setScanResponseData(data: Buffer, callback?: (status: number) => void): void;
    startAdvertising(parameters: object, callback: (status: number, connection: Connection) => void): void;
    stopAdvertising(callback?: (status: number) => void): void;
  }

  export const BleManager: {
    create(
      transport: Transport,
      options: { staticRandomAddress?: string },
      callback: (error: Error | null, manager: Manager) => void,
    ): void;
  };
  export const AttErrors: Record<string, number>;
  export const HciErrors: Record<string, number> & { toString(code: number): string };
  export const SmpErrors: Record<string, number> & { toString(code: number): string };
  export const IOCapabilities: Record<string, number>;
  export const AssociationModels: Record<string, number>;

  const all: {
    BleManager: typeof BleManager;
    AttErrors: typeof AttErrors;
    HciErrors: typeof HciErrors;
    SmpErrors: typeof SmpErrors;
    IOCapabilities: typeof IOCapabilities;
    AssociationModels: typeof AssociationModels;
  };
  export default all;
}
