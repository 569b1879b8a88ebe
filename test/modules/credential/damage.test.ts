/** Flash that was damaged, and power that was cut: the old state, the new one, or a refusal (DESIGN section 9). */
import { engine } from "engine";
import { SECTOR } from "../../../modules/credential/index.js";
import { SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { type FailingFlash, PowerCut, type Torn } from "../flash/failing.js";
import { newFlash, open, provisioned } from "./holding.js";

/** XS is slow, and its flash is the same: there it is fewer cuts. */
const STEP = engine === "xs" ? 19 : 3;
const TORN: readonly Torn[] = ["untouched", "half", "done"];

async function started(starts: number): Promise<FailingFlash> {
  const flash = newFlash();
  for (let n = 0; n < starts; n++) await open(flash);
  return flash;
}

describe("What a device holds, after damage (DESIGN section 9)", () => {
  for (const record of ["boot", "revocation", "floor"] as const) {
    it(`the ${record} record lost, the identity there: flash/corrupt, never made anew`, async () => {
      for (const flash of [await started(2), (await provisioned()).flash]) {
        flash.bytes.fill(0xff, SECTOR[record] * SECTOR_SIZE, (SECTOR[record] + 2) * SECTOR_SIZE);
        await rejects("flash/corrupt", () => open(flash));
      }
    });
  }

  for (const record of ["identity", "boot", "revocation", "floor"] as const) {
    it(`the ${record} record rotted: flash/corrupt`, async () => {
      const { flash, holder, clinic } = await provisioned();
      await holder.takeList(await clinic.list(3, [new Uint8Array(8)], { issued: holder.floor.seconds + 9 }));
      const bytes = flash.bytes.slice();
      let seen = 0;
      for (const sector of [SECTOR[record], SECTOR[record] + 1]) {
        const start = sector * SECTOR_SIZE;
        const end = bytes.indexOf(0xff, newest(bytes, start));
        if (bytes[start] === 0xff) continue;
        for (const byte of [2, 5, 8, 16]) {
          const rotten = flash.restart();
          rotten.bytes[newest(bytes, start) + byte]! ^= 0x10;
          await rejects("flash/corrupt", () => open(rotten), `sector ${sector} byte ${byte} of ${end}`);
          seen++;
        }
      }
      ok(seen > 0);
    });
  }

  it("the power goes anywhere in the first start: the next one makes the device", async () => {
    const whole = await started(1);
    let cuts = 0;
    for (let left = 0; left < whole.work; left += STEP) {
      const flash = newFlash();
      flash.left = left;
      flash.torn = TORN[cuts % 3]!;
      await open(flash).then(
        () => ok(false, "expected a cut"),
        (error: unknown) => ok(error instanceof PowerCut, String(error)),
      );
      const after = flash.restart();
      const made = await open(after);
      ok(made.boot >= 1 && made.boot <= 2);
      deep((await open(after)).label, made.label);
      cuts++;
    }
    ok(cuts > 90 / STEP, `expected cuts, came ${cuts}`);
  });

  it("the power goes anywhere in a later start: who it is stays, and no boot count comes twice", async () => {
    const { flash: before, holder } = await provisioned();
    for (let left = 0; left < 30; left += STEP / 3) {
      const flash = before.restart();
      flash.left = left;
      flash.torn = TORN[left % 3]!;
      let used = 1;
      try {
        used = (await open(flash)).boot;
      } catch (error) {
        ok(error instanceof PowerCut, String(error));
      }
      const again = await open(flash.restart());
      deep([again.label, again.own!.kid], [holder.label, holder.own!.kid]);
      ok(again.boot > used, `expected a boot count above ${used}, came ${again.boot}`);
    }
  });

  it("the floor is there again after a restart, the uptime that was not written down is not", async () => {
    const held = await provisioned();
    const { clock, flash, holder } = held;
    const { seconds } = holder.floor;
    clock.now += 3600_000;
    same(holder.floor.seconds, seconds + 3600);
    const again = await open(flash);
    deep([again.floor.seconds, again.floor.uncertainty], [seconds, null]);
  });
});

/** Where the newest version of a sector begins. */
function newest(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const next = at + 16 + length + ((4 - (length % 4)) % 4);
    if (next + 2 > start + SECTOR_SIZE || bytes[next] !== 0x56) return at;
    at = next;
  }
}
