/** Whoever floods the device with connections costs it little, and does not keep a programmer out (DESIGN section 5). */
import { cryptos, engine } from "engine";
import { encode } from "../../../modules/cbor/index.js";
import { AUTHENTICATE_MS } from "../../../modules/device/lifecycle.js";
import { RATION } from "../../../modules/device/ration.js";
import { KEPT } from "../../../modules/device/ration-store.js";
import { Fragmenter } from "../../../modules/gatt/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { Air, AirCentral } from "./air.js";
import { type Bench, RESTING, ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";

const crypto = cryptos[0]!;

/** message_2 of the right form: a key that is on the curve, and noise where the credential should be. */
function noise(length: number): Uint8Array {
  const message = new Uint8Array(32 + length).fill(0xa5);
  message.set(crypto.random(length), 32);
  message[0] = 9;
  return encode(message);
}

const KINDS = ["silent", "half open", "junk", "noise"] as const;

/** Always has one connection being created, and does with those that it gets what is worst. */
class Attacker {
  readonly #air: Air;
  readonly #kinds: readonly (typeof KINDS)[number][];
  readonly #fragmenter = new Fragmenter();
  readonly #centrals = new Set<AirCentral>();
  #on = true;
  connections = 0;

  constructor(air: Air, kinds: readonly (typeof KINDS)[number][] = KINDS) {
    this.#air = air;
    this.#kinds = kinds;
    this.#next();
  }

  stop(): void {
    this.#on = false;
    for (const central of this.#centrals) central.lose();
  }

  #next(): void {
    const central = new AirCentral(this.#air);
    central.onConnect = () => {
      if (!this.#on) return central.lose();
      this.#centrals.add(central);
      const kind = this.#kinds[this.connections++ % this.#kinds.length]!;
      if (kind !== "silent") central.subscribe();
      central.onSend = () => {
        central.onSend = undefined;
        const bytes = kind === "junk" ? Uint8Array.of(0x1c) : noise(200);
        if (kind === "junk" || kind === "noise")
          for (const fragment of this.#fragmenter.cut(bytes, 244)) central.events?.written(fragment);
      };
      void Promise.resolve().then(() => this.#on && this.#next());
    };
    central.onEnd = () => this.#centrals.delete(central);
    central.connect();
  }
}

/** A programmer by the book that waits its turn and needs this long for each of its messages. */
async function comesIn(
  bench: Bench,
  air: Air,
  thinksMs: number,
  untilMs: number,
): Promise<number | undefined> {
  const { clock } = bench;
  const until = clock.now + untilMs;
  while (clock.now < until) {
    const central = new AirCentral(air);
    const programmer = new ScriptedProgrammer(bench, 247, central);
    central.connect();
    while (central.events === undefined && clock.now < until) await clock.pass(50);
    try {
      central.subscribe();
      const message_1 = await programmer.take();
      await clock.pass(thinksMs);
      const waitM3 = await programmer.compose(message_1);
      programmer.write(waitM3.message_2);
      await settle();
      await clock.pass(thinksMs);
      await programmer.proceed(waitM3);
      if (bench.events.at(-1)?.kind === "authenticated" || central.events !== undefined) {
        same((await programmer.command("stop", [1])).code, 0);
        return clock.now;
      }
    } catch {
      // Sent away: it tries again.
    }
    central.lose();
    await clock.pass(RETRY_MS);
  }
  return undefined;
}
const RETRY_MS = 500;

describe("The button's window: a programmer is in within 10 s, whoever floods (DESIGN section 5)", () => {
  for (const attackers of [1, 3]) {
    for (const pressedAfterMs of [0, 1000, 2500, 9000]) {
      it(`${attackers} attacking radios, the button pressed after ${pressedAfterMs} ms of it`, async () => {
        const air = new Air();
        const bench = await startDevice(crypto, undefined, { peripheral: air });
        const floods = Array.from({ length: attackers }, () => new Attacker(air));
        await bench.clock.pass(pressedAfterMs);
        bench.device.openWindow();
        const pressed = bench.clock.now;
        await bench.clock.pass(100);
        same(air.connections, 2);
        const inAt = await comesIn(bench, air, 300, 20_000);
        ok(inAt !== undefined && inAt - pressed <= 10_000, `in after ${(inAt ?? Number.NaN) - pressed} ms`);
        ok(air.connections <= 2, "one more at the most");
        for (const flood of floods) flood.stop();
      });
    }
  }

  it(`an unauthenticated connection ends after ${AUTHENTICATE_MS.window} ms in it, two are kept, then one`, async () => {
    const air = new Air();
    const bench = await startDevice(crypto, undefined, { peripheral: air });
    const lasted: number[] = [];
    const silent = () => {
      const central = new AirCentral(air);
      central.onConnect = () => {
        const began = bench.clock.now;
        central.onEnd = () => lasted.push(bench.clock.now - began);
      };
      central.connect();
    };
    for (let n = 0; n < 3; n++) silent();
    same(air.connections, 1);
    await bench.clock.pass(1500);
    bench.device.openWindow();
    same(air.connections, 2);
    await bench.clock.pass(3000);
    deep(lasted, [4500, 3000], "the first came before the window");
    await bench.clock.pass(3000);
    deep(lasted, [4500, 3000, 3000]);
    await bench.clock.pass(60_000);
    silent();
    silent();
    same(air.connections, 1, "the window is over");
  });

  it("refused handshakes too end within the 3 s", async () => {
    const air = new Air();
    const bench = await startDevice(crypto, undefined, { peripheral: air });
    bench.device.openWindow();
    for (const delay of [0, 500, 900, 2900]) {
      const central = new AirCentral(air);
      central.connect();
      central.subscribe();
      await bench.clock.pass(delay);
      central.events?.written(Uint8Array.of(0xc0, 0, 1, 0x1c));
      await bench.clock.pass(3000 - delay);
      same(air.connections, 0, `junk after ${delay} ms`);
    }
    deep(bench.refusals(), new Array(4).fill("cbor/reserved"));
  });
});

describe("The ration outside the window (DESIGN section 5)", () => {
  it("after a restart four failed handshakes empty the bucket; then connections are closed at once, without a word", async () => {
    const air = new Air();
    const bench = await startDevice(crypto, undefined, { peripheral: air });
    const { clock } = bench;
    const sent: number[] = [];
    const began = clock.now;
    for (let n = 0; n < KEPT + 3; n++) {
      const central = new AirCentral(air);
      let words = 0;
      central.onSend = () => words++;
      central.connect();
      central.subscribe();
      await clock.pass(0);
      sent.push(words);
      same(air.connections, n < KEPT ? 1 : 0);
      central.lose();
    }
    deep(sent, [...new Array(KEPT).fill(1), 0, 0, 0]);
    deep(bench.refusals(), new Array(3).fill("device/ration"));
    await clock.pass(began + RATION.refillMs - clock.now);
    const programmer = new ScriptedProgrammer(bench, 247, new AirCentral(air));
    await programmer.authenticate();
    same(air.connections, 1);
  });

  it("a handshake that succeeds gives its token back: any number of sessions", async () => {
    const air = new Air();
    const bench = await startDevice(crypto, undefined, { peripheral: air });
    for (let n = 0; n < 3 * RATION.capacity; n++) {
      const central = new AirCentral(air);
      await new ScriptedProgrammer(bench, 247, central).authenticate();
      central.lose();
    }
    deep(bench.refusals(), []);
  });

  for (const attackMs of [10_000, 90_000, 600_000]) {
    it(`after ${attackMs / 1000} s of attack a programmer is in within one refill interval`, async () => {
      const air = new Air();
      const bench = await startDevice(crypto, undefined, { peripheral: air });
      const { clock } = bench;
      const flood = new RetryingAttacker(bench, air);
      await clock.pass(attackMs);
      flood.stop();
      const ended = clock.now;
      const inAt = await comesIn(bench, air, 100, 2 * RATION.refillMs);
      const limit = RATION.refillMs + RETRY_MS + 1000;
      ok(inAt !== undefined && inAt - ended <= limit, `in after ${(inAt ?? Number.NaN) - ended} ms`);
      ok(flood.connections > RATION.capacity);
      ok(bench.events.some((event) => event.kind === "refused" && event.error.code === "device/ration"));
    });
  }
});

/** Takes a token every 300 ms: stays for 200 ms at most and comes back 100 ms later, for as long as it is on. */
class RetryingAttacker {
  readonly #bench: Bench;
  readonly #air: Air;
  #central: AirCentral | undefined;
  #on = true;
  connections = 0;

  constructor(bench: Bench, air: Air) {
    this.#bench = bench;
    this.#air = air;
    this.#next();
  }

  stop(): void {
    this.#on = false;
    this.#central?.lose();
  }

  #next(): void {
    if (!this.#on) return;
    this.connections++;
    const central = new AirCentral(this.#air);
    this.#central = central;
    central.onConnect = () => {
      this.#bench.clock.after(200, () => central.lose());
      if (this.connections % 2 === 0) void Promise.resolve().then(() => central.subscribe());
    };
    central.onEnd = () => this.#bench.clock.after(100, () => this.#next());
    central.connect();
  }
}

describe("10,000 half-open and failed handshakes leave memory as it was", () => {
  const COUNT = engine === "xs" ? 10_000 : 500;

  it(`${COUNT} of them: silent, half open, junk, noise, another Authority's programmer, a lost link`, async () => {
    // A day of attack, in a window that never ends: with the ration all but a few would be closed at once.
    const flash = await (await Clinic.open(crypto)).provisionedFlash();
    const bench = await startDevice(crypto, flash);
    const { clock, peripheral } = bench;
    const other = await Clinic.open(crypto, 0x40);
    const stranger = { cred: await other.issue({ expires: MADE_AT + 1000 * DAY }), key: other.key };
    const fragmenter = new Fragmenter();
    const kinds = [...KINDS, "lost", "noise", "junk"];
    const codes: Record<string, number> = {};

    async function one(n: number): Promise<void> {
      if (n % 10 === 0) bench.device.openWindow();
      const kind = n % 100 === 99 ? "stranger" : kinds[n % kinds.length];
      if (kind === "stranger") {
        const programmer = new ScriptedProgrammer(bench);
        programmer.write((await programmer.answer(stranger)).message_2);
      } else {
        peripheral.onSend = undefined;
        peripheral.connect();
        if (kind !== "silent") peripheral.subscribe();
        await settle();
        const bytes = kind === "junk" ? Uint8Array.of(0x1c) : noise(200);
        if (kind === "junk" || kind === "noise")
          for (const fragment of fragmenter.cut(bytes, 244)) peripheral.events?.written(fragment);
        if (kind === "lost") peripheral.lose();
      }
      await clock.pass(AUTHENTICATE_MS.window);
      same(peripheral.events, undefined, kind);
      for (const event of bench.events.splice(0))
        if (event.kind === "refused") codes[event.error.code] = (codes[event.error.code] ?? 0) + 1;
    }

    for (let n = 0; n < 200; n++) await one(n);
    const before = inUse();
    for (let n = 0; n < COUNT; n++) await one(n);
    const after = inUse();
    ok(Math.abs(after.slots - before.slots) <= 64, `slots: ${before.slots} before, ${after.slots} after`);
    ok(Math.abs(after.bytes - before.bytes) <= 1024, `bytes: ${before.bytes} before, ${after.bytes} after`);
    same(codes["cwt/issuer"], (COUNT + 200) / 100);
    ok(codes["cbor/reserved"]! > COUNT / 5);
    same(codes["device/ration"], undefined);
    await clock.pass(60_000);
    same(clock.timers, RESTING);
    await new ScriptedProgrammer(bench).authenticate();
  });

  /** On XS what is in use once the garbage is collected; Node cannot be asked. */
  function inUse(): { slots: number; bytes: number } {
    if (engine !== "xs") return { slots: 0, bytes: 0 };
    native("xs_collect")();
    const { slots, chunkBytes } = native("xs_heap")();
    return { slots, bytes: chunkBytes };
  }
});
