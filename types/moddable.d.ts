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
