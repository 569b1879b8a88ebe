import { ACL } from "../../../../sim/radio/controller/features.js";
import { OPCODE, STATUS } from "../../../../sim/radio/hci/codes.js";
import { Seeded } from "../../../../sim/radio/random.js";
import { deep, ok, same } from "../../../support/assert.js";
import { le16 } from "../hci.js";
import { SECOND_US } from "../room.js";
import { completed, connected, encrypted, HANDLE } from "./pair.js";

const { success } = STATUS;

describe("the virtual controller: whatever happens on the air", () => {
  const WAYS: [string, number, boolean][] = [
    ["in the clear", 0.2, false],
    ["in the clear, half of it lost", 0.5, false],
    ["encrypted", 0.2, true],
  ];
  for (const [way, loss, secret] of WAYS) {
    it(`${way}: all that was sent comes once, in order, and each buffer is given back once`, async () => {
      for (let seed = 1; seed <= 8; seed++) {
        const { room, a, b } = secret ? await encrypted({ seed }) : await connected({ seed });
        room.air.loss = loss;
        const random = new Seeded(seed);
        const hosts = [a, b].map((host) => ({
          host,
          sent: [] as number[],
          given: 0,
          packets: 0,
          came: [] as number[],
        }));
        for (let n = 0; n < 60; n++) {
          for (const one of hosts) {
            one.given += completed(one.host);
            while (one.packets - one.given < ACL.packets && random.next() < 0.7) {
              const bytes = random.bytes(1 + Math.floor(random.next() * 251));
              one.host.acl(HANDLE, one.packets === 0 ? 0 : 1, bytes);
              one.sent.push(...bytes);
              one.packets++;
            }
          }
          await room.clock.pass(random.next() * SECOND_US * 0.05);
        }
        room.air.loss = 0;
        await room.clock.pass(5 * SECOND_US);
        const [left, right] = hosts;
        for (const one of hosts) {
          one.given += completed(one.host);
          one.came.push(...one.host.data().flatMap(({ bytes }) => [...bytes]));
          same(one.given, one.packets, `seed ${seed}:`);
          deep(one.host.events("dataBufferOverflow"), []);
        }
        ok(left.packets > ACL.packets && right.packets > ACL.packets);
        same(
          Buffer.from(left.came).equals(Buffer.from(right.sent)),
          true,
          `seed ${seed}, to the peripheral:`,
        );
        same(Buffer.from(right.came).equals(Buffer.from(left.sent)), true, `seed ${seed}, to the central:`);
      }
    });
  }

  it("the same seed, the same air: packet for packet", async () => {
    const run = async (seed: number) => {
      const { room, a, b } = await connected({ seed });
      room.air.loss = 0.3;
      for (let n = 0; n < 10; n++) b.acl(HANDLE, n === 0 ? 0 : 1, new Uint8Array(100).fill(n));
      await room.clock.pass(SECOND_US);
      return [room.air.traffic.fromCentral, room.air.traffic.fromPeripheral, a.data().length];
    };
    deep(await run(4), await run(4));
    ok(JSON.stringify(await run(4)) !== JSON.stringify(await run(5)));
  });

  it("any bytes from a host: no throw, and the controller still answers", async () => {
    const { a, room } = await connected();
    const random = new Seeded(11);
    for (let n = 0; n < 20_000; n++) {
      const packet = random.bytes(Math.floor(random.next() * 45));
      if (packet.length > 3) {
        packet[0] = [1, 1, 2, packet[0]][n % 4];
        const opcodes = Object.values(OPCODE);
        if (n % 3 === 0) packet.set(le16(opcodes[Math.floor(random.next() * opcodes.length)]), 1);
        packet[3] = n % 2 === 0 ? packet.length - 4 : packet[3];
      }
      a.write(packet);
      if (n % 100 === 0) await room.clock.pass(10_000);
      a.came.length = 0;
    }
    deep(await a.command("reset"), [success]);
  });
});
