/** What modules/platform uses of the Moddable SDK. Its typings are ambient, so only the files wanted are named. */
/// <reference path="../node_modules/@moddable/typings/timer.d.ts" />
/// <reference path="../node_modules/@moddable/typings/time.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/_common.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/digital.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/listener.d.ts" />
/// <reference path="../node_modules/@moddable/typings/embedded_io/socket/tcp.d.ts" />

declare module "embedded:io/socket/listener" {
  export default interface Listener {
    close(): void;
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
  const config: {
    /** Seconds since 1970; as text where it comes from the command line of the build. */
    readonly madeAt: number | string;
    /** What is on the board (manifests/boards.json): numbers of GPIO pins. */
    readonly vagus: {
      /** Buttons and reed switches, which close to ground. */
      readonly contacts: readonly (number | { readonly pin: number; readonly pulled: "board" })[];
      /** Pins of reed switches. */
      readonly magnet: readonly number[];
      /** May a link be paired that has authenticated? NimBLE must have its security manager (docs/RADIO.md). */
      readonly pairing?: boolean;
      /** What the serial line says: all, or the label until the device is provisioned, and nothing else. */
      readonly serial?: "all" | "label";
      /** `lit`: the level at which it shines. */
      readonly lamp?: { readonly pin: number; readonly lit: 0 | 1 };
    };
  };
  export default config;
}

/** The part of commodetto's Poco that displays are drawn with; the typings of the whole want the SDK's others. */
declare module "commodetto/Poco" {
  export default class Poco {
    constructor(pixelsOut: unknown, options?: { displayListLength?: number });
    readonly width: number;
    readonly height: number;
    begin(x: number, y: number, width: number, height: number): void;
    end(): void;
    makeColor(r: number, g: number, b: number): number;
    fillRectangle(color: number, x: number, y: number, width: number, height: number): void;
    drawText(text: string, font: { readonly height: number }, color: number, x: number, y: number): void;
    getTextWidth(text: string, font: { readonly height: number }): number;
  }
}

declare module "commodetto/parseBMF" {
  export default function parseBMF(bytes: unknown): { readonly height: number };
}

declare module "Resource" {
  export default class Resource {
    constructor(name: string);
  }
}

/** The display of a board; in the simulator also the way to its panel and from it. */
declare const screen: {
  onMessage?: (message: string) => void;
  postMessage?(message: string): void;
};

declare function trace(...texts: string[]): void;
