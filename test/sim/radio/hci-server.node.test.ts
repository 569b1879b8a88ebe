/** The virtual controller on a socket: two host stacks that reach theirs by H4 alone. */
import { connect } from "node:net";
import { parseAddress } from "../../../sim/radio/address.js";
import { Air } from "../../../sim/radio/air/air.js";
import { RealClock } from "../../../sim/radio/clock.js";
import { Controller } from "../../../sim/radio/controller/controller.js";
import { EVENT, H4, OPCODE } from "../../../sim/radio/hci/codes.js";
import { PacketReader } from "../../../sim/radio/hci/stream.js";
import { BleCentralLink, connectTo, find } from "../../../sim/radio/stack/central.js";
import { HciServer } from "../../../sim/radio/stack/hci-server.js";
import { startStack } from "../../../sim/radio/stack/manager.js";
import { BlePeripheral, type RadioLink } from "../../../sim/radio/stack/peripheral.js";
import { SocketTransport } from "../../../sim/radio/stack/transport.js";
import { deep, ok, same } from "../../support/assert.js";

describe("the virtual controller on a socket", () => {
  let air: Air;
  let server: HciServer;
  let controllers: Controller[] = [];
  beforeEach(async () => {
    air = new Air({ clock: new RealClock() });
    controllers = [];
    server = await HciServer.listen(() => {
      const address = parseAddress(`00:00:5E:00:53:${(controllers.length + 16).toString(16)}`);
      const controller = new Controller({ air, address, defaultOctets: 251 });
      controllers.push(controller);
      return controller;
    });
  });
  afterEach(() => server.close());

  /** Sends bytes in these pieces. @returns what came back within so many packets, and whether the socket stayed */
  function say(pieces: readonly number[][], packets: number) {
    return new Promise<{ readonly came: number[][]; readonly open: boolean }>((resolve) => {
      const socket = connect(server.port, "127.0.0.1");
      const reader = new PacketReader();
      const came: number[][] = [];
      const end = (open: boolean) => {
        socket.destroy();
        resolve({ came, open });
      };
      socket.on("data", (bytes: Uint8Array) => {
        came.push(...reader.push(new Uint8Array(bytes)).map((packet) => [...packet]));
        if (came.length >= packets) end(true);
      });
      socket.on("close", () => end(false));
      socket.on("connect", async () => {
        for (const piece of pieces) {
          socket.write(Uint8Array.from(piece));
          await new Promise((next) => setTimeout(next, 5));
        }
      });
    });
  }

  const command = (opcode: number) => [H4.command, opcode & 0xff, opcode >> 8, 0];

  it("commands cut anywhere, and several at once, are answered one by one", async () => {
    const reset = command(OPCODE.reset);
    const version = command(OPCODE.readLocalVersion);
    const { came } = await say(
      [reset.slice(0, 2), [...reset.slice(2), ...version, ...reset], [H4.command]],
      3,
    );
    deep(
      came.map((packet) => [packet[0], packet[1], (packet[4] ?? 0) | ((packet[5] ?? 0) << 8)]),
      [OPCODE.reset, OPCODE.readLocalVersion, OPCODE.reset].map((opcode) => [
        H4.event,
        EVENT.commandComplete,
        opcode,
      ]),
    );
  });

  it("who is out of step is sent away, and its controller is gone from the air; the next one has a new one", async () => {
    const { open, came } = await say([[...command(OPCODE.reset), 0x7f, 1, 2, 3]], 9);
    deep([open, came.length <= 1], [false, true]);
    same((await say([command(OPCODE.reset)], 1)).open, true);
    same(controllers.length, 2);
  });

  it("ble-host on both sides, each over a socket: found, connected, written to, notified, gone", async () => {
    const [one, other] = [await SocketTransport.open(server.port), await SocketTransport.open(server.port)];
    const peripheral = new BlePeripheral({ manager: await startStack(one), info: () => Uint8Array.of(1, 0) });
    const written: Uint8Array[] = [];
    let link: RadioLink | undefined;
    const gone = new Promise<void>((resolve) => {
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
          disconnected: resolve,
        };
      });
    });
    const manager = await startStack(other);
    const central = await BleCentralLink.open(
      await connectTo(manager, await find(manager), { supervision: 100 }),
    );
    deep(await central.readInfo(), Uint8Array.of(1, 0));
    const came = new Promise<Uint8Array>((resolve) => {
      central.subscribe({ control() {}, telemetry: resolve, closed() {} }).then(() => {
        ok(link?.send("telemetry", new Uint8Array(244).fill(7)));
      });
    });
    same((await came).length, 244);
    await central.write(new Uint8Array(200));
    same(written.length, 1);
    other.close(); // its controller goes with it: the peripheral hears of it by the supervision time-out
    await gone;
    one.close();
  });
});
