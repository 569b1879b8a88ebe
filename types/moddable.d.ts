/** What modules/platform uses of the Moddable SDK. Its typings are ambient, so only the files wanted are named. */
/// <reference path="../node_modules/@moddable/typings/timer.d.ts" />
/// <reference path="../node_modules/@moddable/typings/time.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/_common.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/listener.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/tcp.d.ts" />

declare module "embedded:io/socket/listener" {
  export default interface Listener {
    close(): void;
  }
}

/** 5.6.0 of the typings has no GATT server. */
declare module "embedded:io/bluetoothle/peripheral" {
  export interface GATTConnection {
    /** The MTU less ATT's three bytes. */
    readonly maximumWrite: number;
  }
  /** What a callback of a characteristic has as `this`. */
  export interface GATTCharacteristic {
    readonly brand?: unique symbol;
  }
  interface CharacteristicOptions {
    uuid: string;
    properties: number;
    onRead?: (connection: GATTConnection) => Uint8Array;
    onWrite?: (value: ArrayBuffer, connection: GATTConnection) => void;
    onSubscribe?: (this: GATTCharacteristic, connection: GATTConnection) => void;
    onUnsubscribe?: (this: GATTCharacteristic, connection: GATTConnection) => void;
  }
  export class GATTServer {
    static readonly properties: { read: number; write: number; notify: number; indicate: number };
    constructor(options: {
      mtu?: number;
      services: { uuid: string; characteristics: CharacteristicOptions[] }[];
      onReady?: () => void;
      onConnect?: (connection: GATTConnection) => void;
      onDisconnect?: (connection: GATTConnection) => void;
    });
    startAdvertising(data: { flags: number; services: string[] }): void;
    stopAdvertising(): void;
  }
}

declare module "flash" {
  export default class Flash {
    constructor(partition: string);
    readonly byteLength: number;
    read(offset: number, byteLength: number): ArrayBuffer;
    write(offset: number, byteLength: number, buffer: Uint8Array): void;
    erase(sector: number): void;
  }
}

/** What stands under "config" in the manifests. */
declare module "mc/config" {
  const config: { readonly madeAt: number };
  export default config;
}

declare function trace(...texts: string[]): void;
