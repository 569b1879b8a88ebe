/** Flash that fails in the midst of a command: what was done is acted on, and nothing is half believed (DESIGN section 4). */
import { SECTOR } from "../../../modules/credential/index.js";
import { HOLD_MS } from "../../../modules/device/button.js";
import { DEVICE_SECTOR } from "../../../modules/device/layout.js";
import { VagusError } from "../../../modules/error/index.js";
import { type Flash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { BenchButton, settle, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto, held, inSession } from "./in-session.js";

/** Flash of which some sectors can be worn out: what is written to them is not kept, and they are not erased. */
class WornFlash implements Flash {
  readonly worn = new Set<number>();
  readonly #chip: Flash;
  /** Erasing fails aloud, everywhere. */
  noErase = false;

  constructor(chip: Flash) {
    this.#chip = chip;
  }
  get sectors(): number {
    return this.#chip.sectors;
  }
  read(offset: number, length: number): Uint8Array {
    return this.#chip.read(offset, length);
  }
  program(offset: number, bytes: Uint8Array): void {
    if (!this.worn.has(Math.floor(offset / SECTOR_SIZE))) this.#chip.program(offset, bytes);
  }
  erase(sector: number): void {
    if (this.noErase) throw new VagusError("flash/program", "expected a sector to be erased, it was not");
    if (!this.worn.has(sector)) this.#chip.erase(sector);
  }
}

async function worn(scope: readonly string[], button = new BenchButton()) {
  const clinic = await Clinic.open(crypto);
  const flash = new WornFlash(await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY }));
  return { flash, ...(await inSession(scope, { clinic, flash, ports: { button } })) };
}

describe("The floor cannot be written: the list is not taken, and nothing of it is believed (DESIGN section 4)", () => {
  for (const who of ["the programmer", "the device"] as const) {
    it(`${who} is on it: flash/program; when flash holds again it is taken`, async () => {
      const { bench, clinic, flash, programmer } = await worn(["ecg:read"]);
      const kid = who === "the device" ? bench.device.holder.own!.kid : clinic.credential.kid;
      const list = await clinic.list(1, [kid], { issued: MADE_AT + 1000 });
      flash.worn.add(SECTOR.floor).add(SECTOR.floor + 1);
      const before = held(bench);
      same(await programmer.code("list", list), "flash/program");
      deep(held(bench), before);
      deep([bench.device.holder.isRevoked(kid), bench.peripheral.disconnects], [false, 0]);
      flash.worn.clear();
      programmer.write(programmer.sealed("list", list));
      await settle();
      await bench.clock.pass(1000);
      same(bench.peripheral.disconnects, 1);
      same(bench.device.holder.state, who === "the device" ? "revoked" : "provisioned");
    });
  }
});

describe("Old sectors cannot be erased: what is gone from RAM is gone for whoever is connected (DESIGN section 4)", () => {
  it("factory reset from power-up: said; it is new, and the session is over", async () => {
    const button = new BenchButton();
    button.down = true;
    const { bench, flash, programmer } = await worn(["ecg:read"], button);
    same(await programmer.code("start", [1, 250, 0]), undefined);
    await bench.clock.pass(1000);
    flash.noErase = true;
    bench.refusals();
    await bench.clock.pass(HOLD_MS.factoryReset + 1);
    const told = bench.refusals(); // of the readings' key, of the rest, and of a journal under a new key
    ok(told.length >= 3 && told.every((code) => code === "flash/program"), told.join());
    same(bench.device.streams.journal.last(1), undefined, "nothing of the patient before is kept");
    deep([bench.device.holder.state, bench.peripheral.info], ["new", Uint8Array.of(1, 2)]);
    deep([bench.peripheral.disconnects, bench.peripheral.events], [1, undefined]);
  });

  it("factory reset where the readings' key cannot be forgotten: said, and nothing is reset", async () => {
    const button = new BenchButton();
    button.down = true;
    const { bench, flash } = await worn(["ecg:read"], button);
    flash.worn.add(DEVICE_SECTOR.storageKey).add(DEVICE_SECTOR.storageKey + 1);
    bench.refusals();
    await bench.clock.pass(HOLD_MS.factoryReset + 1);
    deep(bench.refusals(), ["flash/program"]);
    deep([bench.device.holder.state, bench.peripheral.disconnects], ["provisioned", 1]);
  });

  it("factory reset where the readings' key is gone and the rest is not: what is recorded then is there after a restart", async () => {
    const button = new BenchButton();
    button.down = true;
    const { bench, flash, clinic, programmer } = await worn(["ecg:read"], button);
    same(await programmer.code("start", [1, 250, 0]), undefined);
    await bench.clock.pass(1000);
    flash.worn.add(SECTOR.identity).add(SECTOR.identity + 1);
    await bench.clock.pass(HOLD_MS.factoryReset + 1);
    const { device } = bench;
    deep([device.holder.state, device.streams.journal.last(1)], ["provisioned", undefined]);
    flash.worn.clear();
    same(await (await another(bench, clinic, ["ecg:read"])).code("start", [1, 250, 0]), undefined);
    await bench.clock.pass(1000);
    const last = device.streams.journal.last(1);
    const again = await startDevice(crypto, flash);
    deep(again.device.streams.journal.last(1), last);
    ok(last !== undefined);
  });

  it("revoke, streaming: the reply says so; it is revoked, streams no more, and info says it", async () => {
    const { bench, flash, programmer } = await worn(["ecg:read", "device:manage"]);
    same(await programmer.refresh(), 0);
    same(await programmer.code("start", [1, 250, 0]), undefined);
    await bench.clock.pass(600);
    flash.noErase = true;
    same(await programmer.code("revoke", null), "flash/program");
    const { length } = programmer.tokens;
    await bench.clock.pass(3000);
    same(programmer.tokens.length, length);
    deep([bench.device.holder.state, bench.peripheral.info], ["revoked", Uint8Array.of(1, 4)]);
  });
});
