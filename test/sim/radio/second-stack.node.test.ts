/** A host stack that is not ble-host on the virtual controller: noble's own, over HCI, as a central, with ble-host as the peripheral. */
import { createRequire } from "node:module";
import type { Characteristic, Noble, Peripheral } from "@stoprocent/noble";
import { plain } from "../../../host/link/noble-link.js";
import { CHARACTERISTICS, SERVICE_UUID } from "../../../modules/gatt/index.js";
import { parseAddress } from "../../../sim/radio/address.js";
import { Air } from "../../../sim/radio/air/air.js";
import { RealClock } from "../../../sim/radio/clock.js";
import { Controller } from "../../../sim/radio/controller/controller.js";
import { HciServer } from "../../../sim/radio/stack/hci-server.js";
import { offerHciSocket } from "../../../sim/radio/stack/hci-socket.js";
import { startStack } from "../../../sim/radio/stack/manager.js";
import { BlePeripheral, type RadioLink } from "../../../sim/radio/stack/peripheral.js";
import { withPrivacy } from "../../../sim/radio/stack/privacy.js";
import { ControllerTransport, SocketTransport } from "../../../sim/radio/stack/transport.js";
import { deep, ok, same } from "../../support/assert.js";

const require = createRequire(import.meta.url);

describe("noble's own host stack on the virtual controller", () => {
  for (const over of ["in this process", "on a socket"])
    it(`${over}: scans, connects, agrees on an MTU, discovers, reads, writes long values, subscribes, hears, disconnects`, async () => {
      const air = new Air({ clock: new RealClock(), loss: 0.05 });
      const controller = (n: number) =>
        new Controller({ air, address: parseAddress(`00:00:5E:00:53:0${n}`), defaultOctets: 251 });
      const device = controller(2);
      const manager = await startStack(
        new ControllerTransport(device, withPrivacy(new Uint8Array(16).fill(1))),
      );
      const peripheral = new BlePeripheral({ manager, info: () => Uint8Array.of(1, 0) });
      const written: Uint8Array[] = [];
      let link: RadioLink | undefined;
      let gone = false;
      peripheral.open((it) => {
        link = it;
        return {
          mtuChanged() {},
          subscribed() {},
          written: (value) => {
            written.push(value);
            return undefined;
          },
          ready() {},
          disconnected: () => (gone = true),
        };
      });
      const server = await HciServer.listen(() => controller(1));
      const socket = over === "on a socket" ? await SocketTransport.open(server.port) : undefined;
      offerHciSocket(socket ?? new ControllerTransport(controller(1)));
      process.env.NOBLE_BINDINGS = "hci";
      const { withBindings } = require("@stoprocent/noble") as { withBindings(binding: string): Noble };
      const noble = withBindings("hci");
      await noble.waitForPoweredOnAsync();
      const discovered = new Promise<Peripheral>((resolve) => noble.once("discover", resolve));
      await noble.startScanningAsync([plain(SERVICE_UUID)], false);
      const found = await discovered;
      await noble.stopScanningAsync();
      same(found.addressType, "random");
      same(Number.parseInt(found.address.slice(0, 2), 16) >> 6, 0b01, "a resolvable private address:");
      await found.connectAsync();
      const { characteristics } = await found.discoverAllServicesAndCharacteristicsAsync();
      ok((found.mtu ?? 0) >= 247, `an MTU of ${found.mtu}`);
      const one = (name: keyof typeof CHARACTERISTICS): Characteristic =>
        characteristics.find(({ uuid }) => uuid === plain(CHARACTERISTICS[name].uuid)) as Characteristic;
      deep(new Uint8Array(await one("info").readAsync()), Uint8Array.of(1, 0));
      const long = Uint8Array.from({ length: 244 }, (_, i) => i);
      await one("control").writeAsync(Buffer.from(long), false);
      deep(written, [long]);
      const came: Uint8Array[] = [];
      const both = new Promise<void>((resolve) => {
        for (const name of ["telemetry", "control"] as const) {
          one(name).on("data", (value) => {
            came.push(new Uint8Array(value));
            if (came.length === 2) resolve();
          });
        }
      });
      await one("telemetry").subscribeAsync();
      await one("control").subscribeAsync();
      same(link?.send("telemetry", long), true);
      same(link?.send("control", long.slice(0, 200)), true);
      await both;
      deep(new Set(came.map(({ length }) => length)), new Set([244, 200]));
      await found.disconnectAsync();
      for (let n = 0; n < 100 && !gone; n++) await new Promise((resolve) => setTimeout(resolve, 50));
      same(gone, true);
      noble.stop();
      device.close();
      socket?.close();
      server.close();
    });
});
