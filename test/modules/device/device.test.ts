import { cryptos } from "engine";
import { equal } from "../../../modules/bytes/index.js";
import { type CborValue, encode } from "../../../modules/cbor/index.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/index.js";
import { Fragmenter } from "../../../modules/gatt/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type Bench, MADE_AT, RESTING, ScriptedProgrammer, settle, startDevice } from "./bench.js";

const crypto = cryptos[0]!;

describe("The device, end to end", () => {
  for (const mtu of [23, 50, 247]) {
    it(`streams what it was asked for, MTU ${mtu}`, async () => {
      const bench = await startDevice(crypto);
      const programmer = new ScriptedProgrammer(bench, mtu);
      await programmer.authenticate();
      deep(await programmer.command("start", [1, 500, 3]), { id: 1, code: 0, result: null });
      await bench.clock.pass(0);
      deep(programmer.heard, ["header 2/0"]);
      await bench.clock.pass(499);
      deep(programmer.heard, ["header 2/0"]);
      await bench.clock.pass(1500);
      deep(programmer.heard, ["header 2/0", "reading 2/1", "reading 2/2", "reading 2/3", "head 2/4"]);
      await bench.clock.pass(10_000);
      same(programmer.tokens.length, 5);
      deep(bench.refusals(), []);
      same(bench.clock.timers, RESTING + 1, "the session's end");
    });
  }

  it("goes on until it is stopped; then the head comes at once", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    await programmer.command("start", [1, 250, 0]);
    await bench.clock.pass(2600);
    same(programmer.tokens.length, 11);
    same((await programmer.command("stop", [1])).code, 0);
    await bench.clock.pass(0);
    deep(programmer.heard.slice(-2), ["reading 2/10", "head 2/11"]);
    same((await programmer.command("stop", [1])).code, 0);
  });

  it("a second stream in the same session goes on with the sequence", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    for (let n = 0; n < 2; n++) {
      await programmer.command("start", [1, 250, 1]);
      await bench.clock.pass(300);
    }
    const expected = ["header 2/0", "reading 2/1", "head 2/2", "header 2/3", "reading 2/4", "head 2/5"];
    deep(programmer.heard, expected);
  });

  it("recording outlives its session; the next one's start ends it with its head, the next boot starts anew", async () => {
    const bench = await startDevice(crypto);
    const heard: string[] = [];
    for (let n = 0; n < 2; n++) {
      const programmer = new ScriptedProgrammer(bench);
      await programmer.authenticate();
      await programmer.command("start", [1, 250, 0]);
      await bench.clock.pass(300);
      bench.peripheral.lose();
      heard.push(...programmer.heard);
      await bench.clock.pass(3000);
      same(bench.device.streams.running(), true);
    }
    const again = await startDevice(crypto, bench.flash);
    deep(again.label, bench.label);
    const programmer = new ScriptedProgrammer(again);
    await programmer.authenticate();
    await programmer.command("start", [1, 250, 1]);
    await again.clock.pass(300);
    heard.push(...programmer.heard);
    // 250 ms a reading: 13 of them in 3,300 ms, then the head
    deep(heard.slice(0, 4), ["header 2/0", "reading 2/1", "header 2/15", "reading 2/16"]);
    deep(heard.slice(4), ["header 3/0", "reading 3/1", "head 3/2"]);
    deep(bench.refusals(), []);
  });

  it("its time is when it was made and the uptime, though the clock counts from before", async () => {
    const bench = await startDevice(crypto);
    await bench.clock.pass(90_000);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    await programmer.command("start", [1, 250, 1]);
    await bench.clock.pass(300);
    const [header] = programmer.tokens;
    deep([header!.iat, header!.uncertainty], [MADE_AT + 90, null]);
  });

  it("a slow radio: what waits is sent later, nothing is lost, nothing is made ahead", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench, 23);
    await programmer.authenticate();
    await programmer.command("start", [1, 250, 4]);
    bench.peripheral.room = 0;
    await bench.clock.pass(5000);
    same(programmer.tokens.length, 0);
    same(bench.clock.timers, RESTING + 1, "the session's end");
    for (let n = 0; n < 200; n++) {
      bench.peripheral.room = 1;
      bench.peripheral.events?.ready();
      await bench.clock.pass(1);
    }
    same(programmer.heard.at(-1), "head 2/5");
    deep(bench.refusals(), []);
  });
});

describe("The device refuses commands, and nothing else changes", () => {
  const CASES: [string, Parameters<ScriptedProgrammer["command"]>[0], CborValue, ErrorCode][] = [
    ["start without parameters", "start", null, "device/parameter"],
    ["start with two", "start", [1, 1000], "device/parameter"],
    ["a stream that there is not", "start", [9, 1000, 0], "device/parameter"],
    ["too short a reading", "start", [1, 249, 0], "device/parameter"],
    ["too long a reading", "start", [1, 4001, 0], "device/parameter"],
    ["a reading below 0", "start", [1, -1000, 0], "device/parameter"],
    ["a reading that is text", "start", [1, "1000", 0], "device/parameter"],
    ["readings below 0", "start", [1, 1000, -1], "device/parameter"],
    ["stopping a stream that there is not", "stop", [9], "device/parameter"],
  ];
  for (const [name, command, parameters, code] of CASES) {
    it(name, async () => {
      const bench = await startDevice(crypto);
      const programmer = new ScriptedProgrammer(bench);
      await programmer.authenticate();
      const reply = await programmer.command(command, parameters);
      same(reply.code, ERROR_NUMBERS[code]);
      ok(String(reply.result).startsWith(code));
      await bench.clock.pass(5000);
      same(programmer.tokens.length, 0);
      same((await programmer.command("start", [1, 250, 1])).code, 0);
      await bench.clock.pass(300);
      deep(programmer.heard, ["header 2/0", "reading 2/1", "head 2/2"]);
    });
  }

  it("a second start while a stream runs; the first goes on", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    await programmer.command("start", [1, 500, 2]);
    same((await programmer.command("start", [1, 250, 1])).code, ERROR_NUMBERS["device/busy"]);
    await bench.clock.pass(1100);
    deep(programmer.heard, ["header 2/0", "reading 2/1", "reading 2/2", "head 2/3"]);
  });

  it("a command that it does not know", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    programmer.write(programmer.session!.commands.seal(encode([9, 200, null])));
    const reply = await programmer.reply();
    deep([reply.id, reply.code], [9, ERROR_NUMBERS["device/command"]]);
  });

  it("a replayed command is not obeyed; one that is no command is not answered", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    const start = programmer.sealed("start", [1, 250, 1]);
    programmer.write(start);
    await bench.clock.pass(300);
    same((await programmer.reply()).code, 0);
    programmer.write(start);
    programmer.write(programmer.session!.commands.seal(Uint8Array.of(0xff)));
    programmer.write(programmer.session!.commands.seal(encode([1])));
    await bench.clock.pass(300);
    same(programmer.tokens.length, 3);
    same(programmer.inbox.length, 0);
    deep(bench.refusals(), ["session/replay", "cbor/indefinite", "session/malformed"]);
    same((await programmer.command("stop", [1])).code, 0);
  });

  it("commands while replies are not taken are refused, so nothing grows", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench, 23);
    await programmer.authenticate();
    bench.peripheral.room = 0;
    for (let n = 0; n < 200; n++) {
      programmer.write(programmer.sealed("stop", [1]));
      await settle();
    }
    const busy = bench.refusals().filter((code) => code === "device/busy").length;
    ok(busy > 50, `expected many of 200 to be refused, came ${busy}`);
    bench.peripheral.room = Number.POSITIVE_INFINITY;
    bench.peripheral.events?.ready();
    await settle();
    same(programmer.inbox.length, 200 - busy);
    for (const message of programmer.inbox.splice(0)) programmer.session!.replies.open(message);
    same((await programmer.command("stop", [1])).code, 0);
  });

  it("more messages at once than may wait: the rest is refused", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    for (let n = 0; n < 20; n++) programmer.write(programmer.sealed("stop", [1]));
    await settle();
    await settle();
    same(programmer.inbox.length, 4);
    deep(bench.refusals(), new Array(16).fill("device/busy"));
  });
});

describe("Connections that come to nothing", () => {
  const authenticates = async (bench: Bench): Promise<void> => {
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    const before = bench.clock.now;
    await programmer.command("start", [1, 250, 1]);
    await bench.clock.pass(300);
    same(programmer.tokens.length, 3);
    ok(before < bench.clock.now);
    bench.peripheral.lose();
    await bench.clock.pass(0);
    same(bench.clock.timers, RESTING);
  };

  const SILENT: [string, (bench: Bench) => Promise<void> | void][] = [
    ["says nothing", () => {}],
    ["subscribes to one", ({ peripheral }) => peripheral.events?.subscribed("control", true)],
    ["subscribes to both and says nothing", ({ peripheral }) => peripheral.subscribe()],
    [
      "writes on and on",
      async ({ peripheral, clock }) => {
        peripheral.subscribe();
        for (let n = 0; n < 90; n++) {
          peripheral.events?.written(Uint8Array.of(0x80, 16, 0, n));
          await clock.pass(100);
        }
      },
    ],
  ];
  for (const [name, act] of SILENT) {
    it(`a central that ${name} is sent away after 10 s`, async () => {
      const bench = await startDevice(crypto);
      const began = bench.clock.now;
      bench.peripheral.connect();
      await act(bench);
      await bench.clock.pass(began + 9_999 - bench.clock.now);
      same(bench.peripheral.disconnects, 0);
      await bench.clock.pass(1);
      same(bench.peripheral.disconnects, 1);
      same(bench.clock.timers, RESTING);
      await authenticates(bench);
    });
  }

  it("an authenticated one stays", async () => {
    const bench = await startDevice(crypto);
    await new ScriptedProgrammer(bench).authenticate();
    await bench.clock.pass(3_600_000);
    same(bench.peripheral.disconnects, 0);
  });

  it("a programmer without its credential's key: told after 2 s that it failed, sent away, no more", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    const waitM3 = await programmer.answer({ key: await crypto.generate("Ed25519") });
    programmer.write(waitM3.message_2);
    await bench.clock.pass(1999);
    deep(programmer.inbox, []);
    await bench.clock.pass(1);
    same(programmer.inbox.length, 1);
    await bench.clock.pass(1000);
    same(bench.peripheral.disconnects, 1);
    same(programmer.inbox.length, 1);
    deep(bench.refusals(), ["edhoc/mac"]);
    await authenticates(bench);
  });

  it("unsubscribing ends the session", async () => {
    const bench = await startDevice(crypto);
    await new ScriptedProgrammer(bench).authenticate();
    bench.peripheral.events?.subscribed("control", false);
    same(bench.peripheral.disconnects, 1);
    await authenticates(bench);
  });

  /** The next central finds its own label_1, and is not taken for authenticated: 10 s later it is sent away. */
  async function nextCentralIsNew(bench: Bench, turns: number): Promise<void> {
    const { peripheral, clock } = bench;
    peripheral.lose();
    peripheral.connect();
    peripheral.subscribe();
    await settle();
    deep(
      peripheral.sent.map(({ to, value }) => `${to} ${value.length}`),
      ["control 45"],
      `${turns} turns`,
    );
    await clock.pass(10_000);
    same(peripheral.disconnects, 1, `${turns} turns`);
    deep(bench.refusals(), []);
  }

  // The link goes after so many turns of the promise queue: in the midst of every asynchronous step.
  it("the link is lost in the midst of the handshake's start, and the next central comes at once", async () => {
    for (let turns = 0; turns < 40; turns++) {
      const bench = await startDevice(crypto);
      bench.peripheral.connect();
      bench.peripheral.subscribe();
      for (let n = 0; n < turns; n++) await Promise.resolve();
      await nextCentralIsNew(bench, turns);
    }
  });

  it("the link is lost in the midst of message_2, and the next central comes at once", async () => {
    for (let turns = 0; turns < 40; turns++) {
      const bench = await startDevice(crypto);
      const programmer = new ScriptedProgrammer(bench);
      programmer.write((await programmer.answer()).message_2);
      for (let n = 0; n < turns; n++) await Promise.resolve();
      await nextCentralIsNew(bench, turns);
    }
  });

  it("the link is lost in the midst of any step of streaming: the next session streams", async () => {
    const sequences = new Set<string>();
    const bench = await startDevice(crypto);
    for (let turns = 0; turns < 30; turns++) {
      const programmer = new ScriptedProgrammer(bench);
      await programmer.authenticate();
      programmer.write(programmer.sealed("start", [1, 250, 0]));
      if (turns % 2 === 1) await settle();
      void bench.clock.pass(260);
      for (let n = 0; n < turns * 3; n++) await Promise.resolve();
      bench.peripheral.lose();
      await settle();
      await settle();
      for (const heard of programmer.heard) {
        ok(!sequences.has(heard.split(" ")[1]!), `${heard} came twice`);
        sequences.add(heard.split(" ")[1]!);
      }
    }
    await authenticates(bench);
    deep(bench.refusals(), []);
  });

  it("the link is lost when a reading is due behind a command that is still worked on", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    await programmer.command("start", [1, 250, 0]);
    await bench.clock.pass(100);
    programmer.write(programmer.sealed("stop", [1]));
    bench.clock.jump(250);
    bench.peripheral.lose();
    await settle();
    await authenticates(bench);
  });

  it("events after the end, from a radio without manners", async () => {
    const bench = await startDevice(crypto);
    const { peripheral } = bench;
    peripheral.connect();
    const { events } = peripheral;
    peripheral.lose();
    events?.disconnected();
    events?.ready();
    events?.written(Uint8Array.of(0xc0, 0, 1, 1));
    peripheral.subscribe();
    events?.subscribed("telemetry", true);
    events?.subscribed("control", true);
    events?.mtuChanged(100);
    await bench.clock.pass(20_000);
    deep(bench.refusals(), []);
    same(bench.clock.timers, RESTING);
    await authenticates(bench);
  });
});

describe("Info: two devices in the same state are the same (DESIGN section 8)", () => {
  it("version and state, and nothing else", async () => {
    const [a, b] = [await startDevice(crypto), await startDevice(crypto)];
    ok(equal(a.peripheral.info, b.peripheral.info));
    deep(a.peripheral.info, Uint8Array.of(1, 0));
    a.peripheral.connect();
    deep(a.peripheral.info, Uint8Array.of(1, 1));
    a.peripheral.lose();
    deep(a.peripheral.info, Uint8Array.of(1, 0));
  });
});

describe("A flood", () => {
  it("of fragments that are none, in every state: refused each, and the session goes on", async () => {
    const bench = await startDevice(crypto);
    const { peripheral } = bench;
    const junk = [[], [0], [0x3f, 1], [0x80], [0xc0, 0x11, 0], [0xff, 0xff, 0xff, 1]].map((it) =>
      Uint8Array.from(it),
    );
    const flood = () => {
      for (let n = 0; n < 500; n++) peripheral.events?.written(junk[n % junk.length]!);
    };
    peripheral.connect();
    flood();
    peripheral.subscribe();
    flood();
    await settle();
    same(peripheral.disconnects, 0);
    peripheral.lose();
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    bench.refusals();
    flood();
    deep([...new Set(bench.refusals())], ["gatt/fragment"]);
    same((await programmer.command("start", [1, 250, 1])).code, 0);
    flood();
    await bench.clock.pass(300);
    same(programmer.tokens.length, 3);
  });

  it("of whole messages of junk to an open session: each refused, and the session goes on", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    const fragmenter = new Fragmenter();
    for (let n = 0; n < 100; n++) {
      const junk = crypto.random(1 + ((n * 41) % 1000));
      for (const fragment of fragmenter.cut(junk, 244)) bench.peripheral.events?.written(fragment);
      await settle();
    }
    same(bench.refusals().length, 100);
    same(bench.peripheral.disconnects, 0);
    same((await programmer.command("stop", [1])).code, 0);
  });
});
