/** One way through everything that `npm run e2e` tries: noble over a stand-in BlueZ on D-Bus, to a firmware behind the gateway. */
import { createServer, type Server } from "node:net";
import { findFirst } from "../../../host/link/find.js";
import { nobleRadio } from "../../../host/link/noble.js";
import { LoopbackPeripheral } from "../../../modules/platform/loopback/peripheral.js";
import { VirtualRadio } from "../../../sim/radio/virtual.js";
import { byteStream } from "../../host/link/server.js";
import { deep, rejects, same } from "../../support/assert.js";
import { missingBus } from "../../support/debian.mjs";

describe("noble over the virtual radio", () => {
  let server: Server;
  let radio: VirtualRadio | undefined;
  const peripheral = new LoopbackPeripheral();
  const told: unknown[] = [];

  before(async function () {
    if (missingBus()) this.skip();
    server = createServer((socket) => peripheral.accept(byteStream(socket)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    radio = await VirtualRadio.start({ port: () => port, supervisionMs: 1000 });
    process.env.DBUS_SYSTEM_BUS_ADDRESS = radio.busAddress;
  });
  after(async () => {
    await radio?.close();
    server?.close();
  });

  it("finds, connects, reads, subscribes, writes, hears, is hung up on", async () => {
    peripheral.setInfo(Uint8Array.of(1, 0));
    peripheral.open((link) => {
      const hello = () => {
        link.send("telemetry", Uint8Array.of(7));
        link.send("control", Uint8Array.of(8));
      };
      return {
        mtuChanged: (mtu) => told.push(mtu),
        subscribed: (to, wanted) => {
          told.push([to, wanted]);
          if (to === "control" && wanted) hello();
        },
        written: (value) => {
          told.push(value);
          if (value[0] === 9) link.disconnect();
        },
        ready() {},
        disconnected: () => told.push("disconnected"),
      };
    });
    const noble = await nobleRadio({ times: { requestMs: 8000 } });
    const { address } = await findFirst(noble, 15_000);
    const link = await noble.connect(address, { signal: AbortSignal.timeout(20_000) });
    same(link.mtu, 247);
    deep(await link.readInfo(), Uint8Array.of(1, 0));
    const came: unknown[] = [];
    const closed = new Promise<string>((resolve) => {
      link
        .subscribe({
          control: (value) => came.push(["control", value]),
          telemetry: (value) => came.push(["telemetry", value]),
          closed: resolve,
        })
        .then(() => link.write(new Uint8Array(244)))
        .then(() => link.write(Uint8Array.of(9)))
        .catch(() => {});
    });
    await closed;
    deep(new Set(came.map(String)), new Set(["control,8", "telemetry,7"]));
    const expected = [
      247,
      ["telemetry", true],
      ["control", true],
      new Uint8Array(244),
      Uint8Array.of(9),
      "disconnected",
    ];
    deep(told, expected);
    await rejects("gatt/disconnected", () => link.readInfo());
    await noble.close?.();
  });
});
