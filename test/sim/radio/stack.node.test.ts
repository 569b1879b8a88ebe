import { MTU_MIN, type Outgoing } from "../../../modules/gatt/index.js";
import { BleCentralLink, connectTo, find } from "../../../sim/radio/stack/central.js";
import { BlePeripheral, type RadioLink } from "../../../sim/radio/stack/peripheral.js";
import { withPrivacy } from "../../../sim/radio/stack/privacy.js";
import { deep, ok, same } from "../../support/assert.js";
import { Room, SECOND_US } from "./room.js";

const INFO = Uint8Array.of(1, 0);

/** A peripheral that writes down what it is told. */
async function served(room: Room, options = {}, address?: string) {
  const { controller, manager } = await room.stack(options, address);
  const peripheral = new BlePeripheral({ manager, info: () => INFO });
  const told: unknown[] = [];
  const links: RadioLink[] = [];
  peripheral.open((link) => {
    links.push(link);
    told.push("connected");
    return {
      mtuChanged: (mtu) => told.push(["mtu", mtu]),
      subscribed: (to: Outgoing, wanted) => told.push([to, wanted]),
      written: (value) => {
        told.push(value);
        return undefined;
      },
      ready: () => {},
      disconnected: () => told.push("disconnected"),
    };
  });
  return { controller, peripheral, told, links };
}

describe("ble-host on both sides of the air", () => {
  for (const mtu of [MTU_MIN, 185, 247, 517]) {
    it(`finds, connects, reads, subscribes, writes and is indicated at an MTU of ${mtu}`, async () => {
      const room = new Room();
      const { told, links } = await served(room);
      const { manager } = await room.stack({ mtu });
      const found = await room.until(find(manager));
      const link = await room.until(connectTo(manager, found).then((it) => BleCentralLink.open(it)));
      same(link.mtu, mtu);
      deep(await room.until(link.readInfo()), INFO);
      const came: unknown[] = [];
      await room.until(
        link.subscribe({
          control: (value) => came.push(["control", value]),
          telemetry: (value) => came.push(["telemetry", value]),
          closed: (reason) => came.push(reason),
        }),
      );
      const full = new Uint8Array(Math.min(mtu, 515) - 3).fill(7);
      await room.until(link.write(full));
      let confirmed = false;
      ok(links[0].send("telemetry", full));
      ok(links[0].send("control", Uint8Array.of(9), () => (confirmed = true)));
      same(
        links[0].send("control", Uint8Array.of(10)),
        false,
        "a second indication before the first is confirmed:",
      );
      await room.clock.pass(SECOND_US);
      same(confirmed, true);
      links[0].disconnect();
      await room.clock.pass(SECOND_US);
      deep(came, [["telemetry", full], ["control", Uint8Array.of(9)], "REMOTE_USER_TERMINATED_CONNECTION"]);
      const agreed = mtu === MTU_MIN ? [] : [["mtu", mtu]];
      deep(told, ["connected", ...agreed, ["telemetry", true], ["control", true], full, "disconnected"]);
    });
  }

  it("advertises the service under a resolvable private address, and no name", async () => {
    const room = new Room();
    await served(room, withPrivacy(new Uint8Array(16).fill(3)));
    const { manager } = await room.stack();
    const { address, addressType } = await room.until(find(manager));
    same(addressType, "random");
    same(Number.parseInt(address.slice(0, 2), 16) >> 6, 0b01);
  });

  it("out of range: both sides hear of it after the supervision time-out, and it advertises again", async () => {
    const room = new Room();
    const { controller, told } = await served(room);
    const { manager } = await room.stack();
    const found = await room.until(find(manager));
    const connection = await room.until(connectTo(manager, found, { supervision: 200 }));
    await room.clock.pass(SECOND_US);
    const ended = new Promise((resolve) => connection.once("disconnect", resolve));
    controller.place = { x: 100, y: 0 };
    const before = room.clock.nowUs;
    same(await room.until(ended), 0x08);
    const passed = (room.clock.nowUs - before) / SECOND_US;
    ok(passed >= 1.9 && passed <= 2.1, `expected 2 s, came ${passed}`);
    controller.place = { x: 1, y: 0 };
    await room.clock.pass(SECOND_US);
    deep(told, ["connected", "disconnected"]);
    await room.until(connectTo(manager, found));
  });
});
