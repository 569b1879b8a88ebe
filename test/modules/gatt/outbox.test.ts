import { Outbox, type Outgoing, Reassembler } from "../../../modules/gatt/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";

describe("Outbox", () => {
  it("hands over in order what the stack takes, when it takes it", () => {
    const taken: Uint8Array[] = [];
    let room = 2;
    const send = (_to: Outgoing, value: Uint8Array) => {
      if (room === 0) return false;
      room--;
      taken.push(value);
      return true;
    };
    const outbox = new Outbox({ send }, "control", 23);
    ok(outbox.idle);
    const messages = [new Uint8Array(60).fill(1), new Uint8Array(5).fill(2), new Uint8Array(40).fill(3)];
    for (const message of messages) outbox.post(message);
    same(taken.length, 2);
    ok(!outbox.idle);
    same(outbox.waiting, 60 + 3 + 3 - 40 + (5 + 3) + (40 + 3 + 2));
    while (!outbox.idle) {
      room = 1;
      outbox.flush();
    }
    same(outbox.waiting, 0);
    const reassembler = new Reassembler();
    const out = taken.map((value) => reassembler.push(value, 0)).filter((message) => message !== undefined);
    deep(out, messages);
  });

  it("cuts to the MTU that holds when a message is posted", () => {
    const lengths: number[] = [];
    const outbox = new Outbox({ send: (_to, value) => lengths.push(value.length) > 0 }, "telemetry", 23);
    outbox.post(new Uint8Array(100));
    outbox.mtu = 247;
    outbox.post(new Uint8Array(100));
    deep(lengths, [20, 20, 20, 20, 20, 8, 103]);
  });

  it("a message that is too long leaves nothing behind", () => {
    const taken: Uint8Array[] = [];
    const outbox = new Outbox({ send: (_to, value) => taken.push(value) > 0 }, "control", 247);
    throws("gatt/too-long", () => outbox.post(new Uint8Array(4097)));
    ok(outbox.idle);
    outbox.post(Uint8Array.of(1));
    deep(taken, [Uint8Array.of(0xc0, 0, 1, 1)]);
  });

  it("sends on its own characteristic, and after its end nothing", () => {
    const sent: string[] = [];
    let room = true;
    const outbox = new Outbox(
      { send: (to, value) => room && sent.push(`${to} ${value.length}`) > 0 },
      "telemetry",
      23,
    );
    outbox.post(Uint8Array.of(1));
    room = false;
    outbox.post(Uint8Array.of(2));
    outbox.close();
    ok(outbox.idle);
    room = true;
    outbox.flush();
    outbox.post(Uint8Array.of(3));
    deep(sent, ["telemetry 4"]);
  });
});
