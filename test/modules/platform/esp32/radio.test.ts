import { toHex } from "../../../../modules/bytes/index.js";
import type { Outgoing, PeripheralLink } from "../../../../modules/gatt/index.js";
import { RETRY_SENDING_MS } from "../../../../modules/platform/esp32/central.js";
import { ADDRESS_MS, Radio, RETRY_ADVERTISING_MS } from "../../../../modules/platform/esp32/radio.js";
import { deep, ok, same } from "../../../support/assert.js";
import { SteppedClock } from "../../device/bench.js";
import { PlayedStack } from "./stack.js";

const CONTROL = 0;
const TELEMETRY = 1;

/** A radio that is open, the links that came in, and what each of them told. */
function bench(random = counting(), pairing = false) {
  const stack = new PlayedStack();
  const clock = new SteppedClock();
  const links: PeripheralLink[] = [];
  const told: string[] = [];
  let started = 0;
  const radio = new Radio({ stack, clock, random, pairing, starting: () => started++ });
  radio.open((link) => {
    const name = links.push(link);
    return {
      mtuChanged: (mtu) => told.push(`${name} mtu ${mtu}`),
      subscribed: (to, wanted) => told.push(`${name} ${wanted ? "wants" : "leaves"} ${to}`),
      written: (value) => told.push(`${name} wrote ${toHex(value)}`),
      ready: () => told.push(`${name} ready`),
      disconnected: () => told.push(`${name} gone`),
    };
  });
  same(started, 1);
  const listen = (link: number) =>
    stack.tell(["connected", link], ["subscribed", link, CONTROL, 1], ["subscribed", link, TELEMETRY, 1]);
  return { stack, clock, radio, links, told, listen };
}

/** Bytes that all differ from one call to the next. */
function counting() {
  let last = 0;
  return (length: number) => new Uint8Array(length).fill(++last);
}

const values = (stack: PlayedStack, to: Outgoing) =>
  stack.sent.filter((sent) => sent.to === to).map(({ value }) => value[0]);

describe("the radio of a board: advertising", () => {
  it("waits for the stack, and gives it the service and its characteristics, last byte first", () => {
    const { stack } = bench();
    deep(stack.addresses, []);
    same(stack.mtu, 247);
    same(toHex(stack.uuids.slice(0, 16)), "70e8d2941c6a3b9fe24a0c5d0100e5b7");
    same(stack.uuids.length, 4 * 16);
    deep(
      [0, 16, 32, 48].map((at) => stack.uuids[at + 12]),
      [1, 2, 3, 4],
    );
    stack.tell(["ready"]);
    same(stack.addresses.length, 1);
  });

  it("comes from a resolvable private address (Core Specification Vol 6 Part B 1.3.2.2), another each time", async () => {
    const { stack, clock } = bench();
    stack.tell(["ready"]);
    await clock.pass(ADDRESS_MS - 1);
    same(stack.addresses.length, 1);
    await clock.pass(1);
    stack.tell(["connected", 1], ["disconnected", 1]);
    const seen = stack.addresses.map((address) => (address ? toHex(address) : ""));
    same(new Set(seen).size, seen.length);
    same(seen.length, 3);
    for (const address of stack.addresses) ok(address?.length === 6 && address[5] >> 6 === 0b01);
  });

  it("never with a prand of all zeros or all ones", () => {
    const draws = ["000000000040", "0000000000c0", "ffffffffff3f", "010000000080"];
    const { stack } = bench(() => {
      const draw = draws.shift() ?? "";
      return Uint8Array.from(draw.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    });
    draws.push("010000010000");
    stack.tell(["ready"]);
    same(stack.address && toHex(stack.address), "010000010040");
  });

  it("stops while there is no room, and is tried again until it starts", async () => {
    const { stack, clock, radio } = bench();
    stack.starts = false;
    stack.tell(["ready"]);
    await clock.pass(3 * RETRY_ADVERTISING_MS);
    same(stack.addresses.length, 4);
    stack.starts = true;
    await clock.pass(RETRY_ADVERTISING_MS);
    await clock.pass(10 * RETRY_ADVERTISING_MS);
    same(stack.addresses.length, 5);
    stack.tell(["connected", 1]);
    await clock.pass(2 * ADDRESS_MS);
    same(stack.addresses.length, 5);
    same(clock.timers, 0);
    radio.setCapacity(2);
    same(stack.addresses.length, 6);
    radio.setCapacity(1);
    same(stack.address, undefined);
    same(clock.timers, 0);
  });

  it("starts anew after a failed connection, and after the controller was reset", () => {
    const { stack } = bench();
    stack.tell(["ready"], ["stopped"], ["ready"]);
    same(stack.addresses.length, 3);
    ok(stack.address !== undefined);
  });

  it("ends when it is closed, with all connections", () => {
    const { stack, radio, told } = bench();
    stack.tell(["ready"], ["connected", 7]);
    radio.close();
    deep(stack.terminated, [7]);
    stack.tell(["disconnected", 7]);
    same(told.join(), "1 gone");
    const before = stack.addresses.length;
    stack.tell(["stopped"]);
    same(stack.addresses.length, before);
  });
});

describe("the radio of a board: connections", () => {
  it("tell what happens in order, each to its own", () => {
    const { stack, radio, told, links } = bench();
    radio.setCapacity(2);
    stack.tell(["ready"], ["connected", 1], ["connected", 0x201], ["mtu", 0x201, 247, 0]);
    stack.tell(["subscribed", 1, CONTROL, 1], ["subscribed", 0x201, TELEMETRY, 1], ["written", 1, 1, 2, 3]);
    stack.tell(
      ["subscribed", 0x201, TELEMETRY, 0],
      ["disconnected", 1],
      ["written", 1, 9],
      ["mtu", 1, 50, 0],
    );
    same(
      told.join(", "),
      "2 mtu 247, 1 wants control, 2 wants telemetry, 1 wrote 010203, 2 leaves telemetry, 1 gone",
    );
    deep(
      links.map(({ mtu }) => mtu),
      [23, 247],
    );
  });

  it("beyond the capacity end unheard, and take a place until they are gone", () => {
    const { stack, told, links } = bench();
    stack.tell(["ready"], ["connected", 1], ["connected", 2], ["written", 2, 1], ["disconnected", 1]);
    deep(stack.terminated, [2]);
    same(links.length, 1);
    same(told.join(), "1 gone");
    stack.tell(["disconnected", 2], ["connected", 3]);
    same(links.length, 2);
  });

  it("send nothing unsubscribed, and nothing when they are gone", () => {
    const { stack, links } = bench();
    stack.tell(["ready"], ["connected", 1]);
    same(links[0].send("telemetry", Uint8Array.of(1)), false);
    stack.tell(
      ["subscribed", 1, CONTROL, 1],
      ["subscribed", 1, TELEMETRY, 1],
      ["subscribed", 1, TELEMETRY, 0],
    );
    same(links[0].send("telemetry", Uint8Array.of(1)), false);
    same(links[0].send("control", Uint8Array.of(1)), true);
    stack.tell(["disconnected", 1]);
    same(links[0].send("control", Uint8Array.of(2)), false);
    same(stack.sent.length, 1);
  });

  it("indicate one by one, each confirmed before the next, and say when", () => {
    const { stack, links, told, listen } = bench();
    stack.tell(["ready"]);
    listen(1);
    const [link] = links;
    same(link.send("control", Uint8Array.of(1)), true);
    same(link.send("control", Uint8Array.of(2)), false);
    same(link.send("telemetry", Uint8Array.of(3)), true);
    told.length = 0;
    stack.tell(["confirmed", 1]);
    same(told.join(), "1 ready");
    same(link.send("control", Uint8Array.of(2)), true);
    deep(values(stack, "control"), [1, 2]);
  });

  it("lose nothing of what a full stack does not take: `ready` comes, again and again", async () => {
    const { stack, clock, links, told, listen } = bench();
    stack.tell(["ready"]);
    listen(1);
    const [link] = links;
    const queue = Array.from({ length: 40 }, (_, index) => Uint8Array.of(index));
    const flush = () => {
      while (queue.length > 0 && link.send("telemetry", queue[0])) queue.shift();
    };
    stack.room = 3;
    told.length = 0;
    flush();
    for (let turns = 0; queue.length > 0; turns++) {
      ok(turns < 30, "stuck");
      stack.room = turns % 3 === 0 ? 0 : 4;
      await clock.pass(RETRY_SENDING_MS);
      ok(told.splice(0).includes("1 ready"));
      flush();
    }
    deep(
      values(stack, "telemetry"),
      Array.from({ length: 40 }, (_, index) => index),
    );
    await clock.pass(10 * RETRY_SENDING_MS);
    same(told.join(), "");
  });

  it("wait once, however often they are refused, and no longer when they are gone", () => {
    const { stack, clock, links, told, listen } = bench();
    stack.tell(["ready"]);
    listen(1);
    stack.room = 0;
    const before = clock.timers;
    for (let i = 0; i < 5; i++) links[0].send("telemetry", Uint8Array.of(i));
    links[0].send("control", Uint8Array.of(1));
    same(clock.timers, before + 1);
    told.length = 0;
    stack.tell(["disconnected", 1]);
    clock.jump(RETRY_SENDING_MS);
    same(told.join(), "1 gone");
  });
});

describe("the radio of a board: pairing", () => {
  it("is allowed for one link, by its number", () => {
    const { stack, links, radio, listen } = bench();
    radio.setCapacity(2);
    stack.tell(["ready"]);
    listen(3);
    listen(4);
    deep(stack.paired, []);
    links[1].allowPairing?.(123456);
    deep(stack.paired, [[4, 123456]]);
  });

  it("where links may be paired the address is a static one, the same as long as the device runs", async () => {
    const { stack, clock } = bench(counting(), true);
    stack.tell(["ready"]);
    await clock.pass(2.5 * ADDRESS_MS);
    ok(stack.addresses.length >= 2);
    same(new Set(stack.addresses.map((address) => toHex(address ?? new Uint8Array(0)))).size, 1);
    same((stack.address?.[5] ?? 0) >> 6, 0b11);
  });
});
