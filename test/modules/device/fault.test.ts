/** Flash that cannot be read: the device fails closed, and says so (DESIGN section 9). */

import { PacedSensor, SyntheticSource } from "../../../modules/cardiac/index.js";
import { SECTOR } from "../../../modules/credential/index.js";
import { Device, type DeviceEvent } from "../../../modules/device/index.js";
import { READ_INFO_MS } from "../../../modules/device/lifecycle.js";
import { SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { FailingFlash } from "../flash/failing.js";
import { BenchButton, BenchPeripheral, SteppedClock } from "./bench.js";
import { MADE_AT } from "./clinic.js";
import { crypto, inSession } from "./in-session.js";

/** Flash of a device that has used every record. */
async function used(): Promise<FailingFlash> {
  const { bench, programmer, clinic } = await inSession(["ecg:read"]);
  await programmer.code("list", await clinic.list(2, [new Uint8Array(8)], { issued: MADE_AT + 5 }));
  await programmer.command("start", [1, 250, 1]);
  await bench.clock.pass(600);
  const flash = new FailingFlash(bench.flash.sectors);
  flash.bytes.set(bench.flash.read(0, flash.bytes.length));
  return flash;
}

async function start(flash: FailingFlash) {
  const [clock, peripheral, button] = [new SteppedClock(), new BenchPeripheral(), new BenchButton()];
  const events: DeviceEvent[] = [];
  const sensor = new PacedSensor(new SyntheticSource({ seed: 1 }), { clock: () => clock.now });
  const observe = (event: DeviceEvent) => void events.push(event);
  const device = await Device.start({
    crypto,
    flash,
    clock,
    peripheral,
    sensor,
    button,
    madeAt: MADE_AT,
    observe,
  });
  return { device, clock, peripheral, button, events };
}

/** Spoils the newest version in these two sectors. */
const WAYS: [string, (flash: FailingFlash, at: number) => void][] = [
  ["lost", ({ bytes }, at) => void bytes.fill(0xff, at, at + 2 * SECTOR_SIZE)],
  ["all zeros", ({ bytes }, at) => void bytes.fill(0, at, at + 2 * SECTOR_SIZE)],
  [
    "with a bit flipped in its value",
    ({ bytes }, at) => {
      bytes[at + lastByteOf(bytes, at)]! ^= 1;
    },
  ],
];

/** The last byte that is programmed in the sector that is in use, from `at`. */
function lastByteOf(bytes: Uint8Array, at: number): number {
  const from = bytes[at] === 0xff ? SECTOR_SIZE : 0;
  let last = from + SECTOR_SIZE - 1;
  while (bytes[at + last] === 0xff) last--;
  return last;
}

describe("A record that cannot be read: info says fault, nobody is served, nothing crashes (DESIGN section 9)", () => {
  for (const record of ["identity", "boot", "revocation", "floor"] as const) {
    for (const [way, spoil] of WAYS) {
      if (record === "identity" && way === "lost") continue; // that is a device that has yet to be made
      it(`${record} ${way}`, async () => {
        const flash = await used();
        spoil(flash, SECTOR[record] * SECTOR_SIZE);
        const { device, peripheral, clock, events, button } = await start(flash);
        const [fault] = events;
        deep([device, events.length, fault?.kind], [undefined, 1, "fault"]);
        ok(fault?.kind === "fault" && /^(flash|cbor)\//.test(fault.error.code), "it says why");
        deep(peripheral.info, Uint8Array.of(1, 5));
        for (let n = 0; n < 3; n++) {
          peripheral.connect();
          peripheral.subscribe();
          peripheral.events?.written(Uint8Array.of(0xc0, 0, 1, 1));
          peripheral.events?.ready();
          await clock.pass(READ_INFO_MS - 1);
          same(peripheral.disconnects, n);
          await clock.pass(1);
          deep([peripheral.disconnects, peripheral.sent.length], [n + 1, 0]);
        }
        peripheral.connect();
        peripheral.lose();
        await button.hold(clock, 3000);
        deep([clock.timers, peripheral.info], [0, Uint8Array.of(1, 5)]);
      });
    }
  }
});
