import { concat, fromHex, toHex } from "../../../modules/bytes/index.js";
import { FrameReader, type PeripheralLink } from "../../../modules/gatt/index.js";
import {
  type ByteListener,
  type ByteStream,
  LoopbackPeripheral,
} from "../../../modules/platform/loopback/peripheral.js";
import { deep, ok, same, throws } from "../../support/assert.js";

/** The other end of a byte stream, with as much room as the test gives. */
class Wire implements ByteStream {
  readonly #reader = new FrameReader();
  room = Number.POSITIVE_INFINITY;
  open = true;
  /** PDUs that came, as hexadecimal. */
  readonly came: string[] = [];
  listener: ByteListener = { data() {}, writable() {}, closed() {} };

  write(bytes: Uint8Array): boolean {
    if (!this.open || this.room === 0) return false;
    this.room--;
    for (const pdu of this.#reader.push(bytes)) this.came.push(toHex(pdu));
    return true;
  }
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.listener.closed();
  }
  /** Sends PDUs, each in its frame. @returns what came back */
  send(...pdus: string[]): string[] {
    const frames = pdus.map((pdu) => {
      const bytes = fromHex(pdu.replaceAll(" ", ""));
      return concat(Uint8Array.of(bytes.length & 0xff, bytes.length >> 8, 4, 0), bytes);
    });
    this.listener.data(concat(...frames));
    return this.came.splice(0);
  }
}

/** A peripheral with one central, and what it told the device. */
function connected(mtuMax?: number) {
  const log: string[] = [];
  const peripheral = new LoopbackPeripheral(mtuMax);
  peripheral.setInfo(Uint8Array.of(1, 1));
  let link: PeripheralLink | undefined;
  peripheral.open((it) => {
    link = it;
    log.push(`connected ${it.mtu}`);
    return {
      mtuChanged: (mtu) => log.push(`mtu ${mtu}`),
      subscribed: (to, wanted) => log.push(`${to} ${wanted}`),
      written: (value) => log.push(`written ${toHex(value)}`),
      ready: () => log.push("ready"),
      disconnected: () => log.push("disconnected"),
    };
  });
  const wire = new Wire();
  peripheral.accept(wire);
  if (link === undefined) throw new Error("expected a connection");
  log.length = 0;
  return { peripheral, wire, link, log };
}

describe("LoopbackPeripheral: requests and their answers (Core Specification 5.4, Vol 3 Part F section 3.4)", () => {
  const CASES: [string, string, string[], string[]][] = [
    ["MTU 247", "02 f700", ["03f700"], ["mtu 247"]],
    ["MTU 23", "02 1700", ["03f700"], ["mtu 23"]],
    ["MTU 0 is 23", "02 0000", ["03f700"], ["mtu 23"]],
    ["MTU 65535 is ours", "02 ffff", ["03f700"], ["mtu 247"]],
    ["an MTU request cut short", "02 f7", ["0102000004"], []],
    ["reads info", "0a 0900", ["0b0101"], []],
    ["reads control", "0a 0300", ["010a030002"], []],
    ["a read cut short", "0a 09", ["010a000004"], []],
    ["writes control", "12 0300 aabb", ["13"], ["written aabb"]],
    ["writes nothing to control", "12 0300", ["13"], ["written "]],
    ["20 bytes at MTU 23", `12 0300 ${"aa".repeat(20)}`, ["13"], [`written ${"aa".repeat(20)}`]],
    ["21 bytes at MTU 23", `12 0300 ${"aa".repeat(21)}`, ["011203000d"], []],
    ["subscribes to control", "12 0400 0200", ["13"], ["control true"]],
    ["subscribes to telemetry", "12 0700 0100", ["13"], ["telemetry true"]],
    ["notifications of control are none", "12 0400 0100", ["13"], ["control false"]],
    ["a CCCD of one byte", "12 0400 02", ["011204000d"], []],
    ["writes telemetry", "12 0600 00", ["0112060003"], []],
    ["writes info", "12 0900 00", ["0112090003"], []],
    ["handle 0", "12 0000 00", ["0112000001"], []],
    ["a handle beyond", "12 0a00 00", ["01120a0001"], []],
    ["a write cut short", "12 03", ["0112000004"], []],
    ["a request of another kind", "08 0100ffff0028", ["0108010006"], []],
    ["a command of another kind is not answered", "52 0300 aa", [], []],
    ["a confirmation of nothing", "1e", [], ["ready"]],
  ];
  for (const [name, pdu, answers, told] of CASES) {
    it(name, () => {
      const { wire, log } = connected();
      deep(wire.send(pdu), answers);
      deep(log, told);
      ok(wire.open);
    });
  }

  it("the MTU is agreed on once", () => {
    const { wire, log } = connected(100);
    deep(wire.send("02f700", "021700"), ["036400", "0102170006"]);
    deep(log, ["mtu 100"]);
  });

  for (const mtu of [22, 248, 23.5, Number.NaN]) {
    it(`an MTU of ${mtu} cannot be`, () => throws("gatt/mtu", () => new LoopbackPeripheral(mtu)));
  }

  for (const [name, bytes] of [
    ["another channel", "0100 0500 1e"],
    ["a PDU that is too long", "ffff 0400"],
  ] as const) {
    it(`${name}: the connection is closed, the next central is let in`, () => {
      const { peripheral, wire, log } = connected();
      wire.listener.data(fromHex(bytes.replaceAll(" ", "")));
      ok(!wire.open);
      deep(log, ["disconnected"]);
      const next = new Wire();
      peripheral.accept(next);
      deep(next.send("0a0900"), ["0b0101"]);
    });
  }
});

describe("LoopbackPeripheral: what the device sends", () => {
  const VALUE = Uint8Array.of(0xaa);

  it("nothing to who has not subscribed", () => {
    const { wire, link } = connected();
    ok(!link.send("control", VALUE) && !link.send("telemetry", VALUE));
    wire.send("12 0700 0100");
    ok(link.send("telemetry", VALUE) && !link.send("control", VALUE));
    deep(wire.came.splice(0), ["1b0600aa"]);
    wire.send("12 0700 0000");
    ok(!link.send("telemetry", VALUE));
  });

  it("one indication at a time: the next when it was confirmed", () => {
    const { wire, link, log } = connected();
    wire.send("12 0400 0200");
    ok(link.send("control", VALUE) && !link.send("control", VALUE));
    log.length = 0;
    deep(wire.send("1e"), ["1d0300aa"]);
    deep(log, ["ready"]);
    ok(link.send("control", VALUE));
  });

  it("no room: nothing is queued, `ready` tells when there is", () => {
    const { wire, link, log } = connected();
    wire.send("12 0700 0100");
    wire.room = 1;
    ok(link.send("telemetry", VALUE) && !link.send("telemetry", VALUE));
    log.length = 0;
    wire.room = 1;
    wire.listener.writable();
    deep(log, ["ready"]);
    ok(link.send("telemetry", VALUE));
    same(wire.came.length, 2);
  });

  it("no room for an answer: it is kept, goes first, and the connection stays", () => {
    const { wire, link, log } = connected();
    wire.send("12 0700 0100");
    wire.room = 0;
    deep(wire.send("0a 0900"), []);
    wire.listener.writable();
    log.length = 0;
    wire.room = 1;
    ok(!link.send("telemetry", VALUE));
    wire.listener.writable();
    deep(wire.came.splice(0), ["0b0101"]);
    deep(log, ["ready"]);
    ok(wire.open);
  });

  it("a second request before the answer: it is no client, and is sent away", () => {
    const { wire, log } = connected();
    wire.room = 0;
    wire.send("0a 0900", "1e", "0a 0900", "12 0300 aa");
    ok(!wire.open);
    deep(log, ["ready", "disconnected"]);
  });
});

describe("LoopbackPeripheral: centrals", () => {
  it("one at a time, and none before it is open", () => {
    const closed = new Wire();
    new LoopbackPeripheral().accept(closed);
    ok(!closed.open);
    const { peripheral, wire, log } = connected();
    const second = new Wire();
    peripheral.accept(second);
    ok(!second.open && wire.open);
    deep(log, []);
    wire.close();
    deep(log, ["disconnected"]);
    const third = new Wire();
    peripheral.accept(third);
    ok(third.open);
  });

  it("nothing of a connection is told after its end", () => {
    const { wire, link, log } = connected();
    wire.send("12 0700 0100");
    log.length = 0;
    link.disconnect();
    deep(log, ["disconnected"]);
    wire.listener.data(fromHex("050004001203001122"));
    wire.listener.writable();
    ok(!link.send("telemetry", Uint8Array.of(1)));
    deep(log, ["disconnected"]);
  });

  it("a device that hangs up in the midst of a piece: the rest of it is not read", () => {
    const log: string[] = [];
    const peripheral = new LoopbackPeripheral();
    peripheral.open((link) => ({
      mtuChanged: () => {},
      subscribed: () => {},
      written: (value) => {
        log.push(toHex(value));
        link.disconnect();
      },
      ready: () => log.push("ready"),
      disconnected: () => log.push("disconnected"),
    }));
    const wire = new Wire();
    peripheral.accept(wire);
    wire.send("12 0300 01", "12 0300 02", "1e");
    deep(log, ["01", "disconnected"]);
  });

  it("closed: the central goes, and no other comes in", () => {
    const { peripheral, wire } = connected();
    peripheral.close();
    ok(!wire.open);
    const next = new Wire();
    peripheral.accept(next);
    ok(!next.open);
  });
});

describe("LoopbackPeripheral: a radio behind the link", () => {
  const value = Uint8Array.of(5);

  it("room (7e): so many notifications and no more, indications aside", () => {
    const { wire, link, log } = connected();
    wire.send("12 0700 0100", "12 0400 0200", "7e 0200");
    deep(log, ["telemetry true", "control true", "ready"]);
    deep(
      [1, 2, 3].map(() => link.send("telemetry", value)),
      [true, true, false],
    );
    same(link.send("control", value), true);
    wire.send("7e 0100");
    deep(
      [1, 2].map(() => link.send("telemetry", value)),
      [true, false],
    );
  });

  it("without it all are sent", () => {
    const { wire, link } = connected();
    wire.send("12 0700 0100");
    for (let n = 0; n < 100; n++) same(link.send("telemetry", value), true);
  });

  it("room never overflows, and one cut short is none", () => {
    const { wire, link } = connected();
    wire.send("12 0700 0100", "7e 01", "7e");
    same(link.send("telemetry", value), true);
    wire.send("7e ffff", "7e ffff", "7e ffff");
    same(link.send("telemetry", value), true);
  });

  it("room may be given while an answer waits to be sent", () => {
    const { wire } = connected();
    wire.room = 0;
    wire.send("0a 0900", "7e 0100");
    same(wire.open, true);
  });

  it("capacity (7d): said when it changes, and at once to who comes when it is another; to a radio, and to nobody else", () => {
    const alone = connected();
    alone.peripheral.setCapacity(2);
    deep(alone.wire.came, []);
    const { peripheral, wire } = connected();
    wire.send("7e 0100");
    peripheral.setCapacity(1);
    deep(wire.came, [], "one is understood:");
    peripheral.setCapacity(2);
    peripheral.setCapacity(2);
    deep(wire.came.splice(0), ["7d02"]);
    const second = new Wire();
    peripheral.accept(second);
    deep(second.send("7e 0100"), ["7d02"]);
    wire.room = 0;
    peripheral.setCapacity(1);
    deep([wire.came, second.came], [[], ["7d01"]]);
    wire.room = 1;
    wire.listener.writable();
    deep(wire.came, ["7d01"], "as soon as there is room:");
  });

  it("pairing (7f) goes to a radio that is there, and to nobody else", () => {
    const alone = connected();
    alone.link.allowPairing?.(123456);
    deep(alone.wire.came, []);
    const { wire, link } = connected();
    wire.send("7e 0100");
    link.allowPairing?.(123456);
    deep(wire.came, ["7f40e20100"]);
  });
});
