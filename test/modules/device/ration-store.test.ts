/** The ration over restarts: cutting the power gains nobody a handshake (DESIGN section 5). */
import { SECTOR } from "../../../modules/credential/index.js";
import { RATION } from "../../../modules/device/ration.js";
import { KEPT, RationStore } from "../../../modules/device/ration-store.js";
import { MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { FailingFlash, PowerCut } from "../flash/failing.js";
import { startDevice } from "./bench.js";
import { another, crypto, inSession } from "./in-session.js";

const SECTORS = SECTOR.ration + 2;
const { capacity, refillMs } = RATION;

/** How many it gives at once. */
function drain(store: RationStore, now: number): number {
  let taken = 0;
  while (store.take(now)) taken++;
  return taken;
}

describe("The ration over restarts", () => {
  it("a device that was just made has a full bucket; after a restart half of one, and never more than that at first", () => {
    same(drain(new RationStore(new MemoryFlash(SECTORS), true, 0), 0), capacity);
    const flash = new MemoryFlash(SECTORS);
    new RationStore(flash, true, 0);
    same(drain(new RationStore(flash, false, 0), 0), KEPT);
  });

  it("emptied, then restarted over and over: nothing but what the minutes bring", () => {
    const flash = new MemoryFlash(SECTORS);
    let taken = drain(new RationStore(flash, true, 0), 0);
    for (let n = 0; n < 50; n++) taken += drain(new RationStore(flash, false, n), n);
    same(taken, capacity);
    const store = new RationStore(flash, false, 100);
    same(drain(store, 100 + refillMs - 1), 0);
    same(drain(store, 100 + refillMs), 1);
  });

  for (const each of [1, 2, 3, KEPT, KEPT + 1]) {
    it(`${each} handshakes a restart, any number of restarts: no more fail than a bucket holds and a half`, () => {
      const flash = new MemoryFlash(SECTORS);
      let taken = 0;
      for (let n = 0; n < 40; n++) {
        const store = new RationStore(flash, n === 0, n);
        for (let it = 0; it < each; it++) if (store.take(n)) taken++;
      }
      ok(taken <= capacity + KEPT, `expected at most ${capacity + KEPT} of ${40 * each}, came ${taken}`);
    });
  }

  it("full again, and one taken: a restart has half of one again", () => {
    const flash = new MemoryFlash(SECTORS);
    const store = new RationStore(flash, true, 0);
    drain(store, 0);
    same(drain(new RationStore(flash, false, 0), 0), 0);
    ok(store.take(capacity * refillMs));
    same(drain(new RationStore(flash, false, 0), 0), KEPT);
  });

  it("the power goes while it is written: nothing is gained", () => {
    for (let left = 0; left < 24; left++) {
      const flash = new FailingFlash(SECTORS);
      let taken = 0;
      const first = new RationStore(flash, true, 0);
      flash.left = left;
      try {
        taken += drain(first, 0);
      } catch (error) {
        ok(error instanceof PowerCut);
        taken += capacity - KEPT; // all before the one that is written down
      }
      const after = flash.restart();
      taken += drain(new RationStore(after, false, 0), 0);
      ok(taken <= capacity, `${left}: ${taken}`);
    }
  });

  it("an ordinary device hardly writes: 1,000 handshakes that succeed, at any pace", () => {
    for (const paceMs of [600, 30_000, 90_000]) {
      const flash = new FailingFlash(SECTORS);
      const store = new RationStore(flash, false, 0);
      for (let n = 0; n < 1000; n++) {
        same(store.take(n * paceMs), true);
        store.giveBack();
      }
      ok(flash.work < 2 * SECTOR_SIZE, `${flash.work} bytes programmed at a pace of ${paceMs} ms`);
    }
  });

  it("flash that cannot be written: the token is not given", () => {
    const flash = new MemoryFlash(SECTORS);
    const store = new RationStore(flash, false, 0);
    flash.program = () => {};
    throws("flash/program", () => drain(store, 0));
    throws("flash/program", () => drain(store, 0));
  });
});

describe("A device that was restarted", () => {
  it("again and again, with a programmer that comes at once each time: always let in", async () => {
    let { bench, clinic } = await inSession(["ecg:read"]);
    for (let n = 0; n < 4; n++) {
      bench.peripheral.lose();
      bench = await startDevice(crypto, bench.flash);
      await another(bench, clinic, ["ecg:read"]);
      deep(bench.refusals(), []);
    }
  });

  it("with a ration that has rotted: it begins with nothing, fills up, and lets programmers in for good", async () => {
    const { bench, clinic } = await inSession(["ecg:read"]);
    const flash = new FailingFlash(bench.flash.sectors);
    flash.bytes.set(bench.flash.read(0, flash.bytes.length));
    drain(new RationStore(flash, false, 0), 0);
    flash.bytes[SECTOR.ration * SECTOR_SIZE + 8]! ^= 0x10;
    const after = await startDevice(crypto, flash.restart());
    after.peripheral.connect();
    await after.clock.pass(0);
    deep([after.peripheral.disconnects, after.refusals()], [1, ["device/ration"]]);
    await after.clock.pass(20 * refillMs);
    for (let n = 0; n < 10; n++) {
      await another(after, clinic, ["ecg:read"]);
      after.peripheral.lose();
    }
    deep(after.refusals(), []);
  });
});
