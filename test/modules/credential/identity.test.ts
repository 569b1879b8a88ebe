import { cryptos } from "engine";
import { equal } from "../../../modules/bytes/index.js";
import { keyId } from "../../../modules/cose/index.js";
import { IDENTITY_SECTORS, openIdentity } from "../../../modules/credential/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { FailingFlash, PowerCut } from "../flash/failing.js";

/** One that seals: the portable one, with the generator of the engine's own. */
const crypto = createPortableCrypto({
  deviceSecret: new Uint8Array(16).fill(0x5e),
  random: (length) => cryptos[0]!.random(length),
});
const MADE = 1_700_000_000;
const MESSAGE = Uint8Array.of(1, 2, 3);

describe("Who the device is", () => {
  /** With a key that is none: so many starts need no more. */
  const lightKey = { curve: "Ed25519", publicKey: new Uint8Array(32).fill(9), close() {} } as never;
  const light = Object.assign(Object.create(crypto) as typeof crypto, {
    unseal: () => Promise.resolve(lightKey),
  });

  it("at the first start a label and a key are made; they stay, and the boot count rises", async () => {
    const flash = new MemoryFlash(IDENTITY_SECTORS);
    const made = await openIdentity(crypto, flash, MADE);
    deep([made.fresh, made.boot, made.floor, made.label.length], [true, 1, MADE, 16]);
    deep(made.kid, keyId(crypto, { curve: "Ed25519", publicKey: made.key.publicKey }));
    for (let boot = 2; boot < 5; boot++) {
      const again = await openIdentity(crypto, flash, MADE + 1000 * boot);
      deep([again.fresh, again.boot, again.floor], [false, boot, MADE]);
      deep([again.label, again.kid, again.key.publicKey], [made.label, made.kid, made.key.publicKey]);
      const signature = await crypto.sign(again.key, MESSAGE);
      ok(crypto.verify("EdDSA", made.key.publicKey, MESSAGE, signature));
    }
  });

  it("two devices share neither label nor key", async () => {
    const [a, b] = [
      await openIdentity(crypto, new MemoryFlash(IDENTITY_SECTORS), MADE),
      await openIdentity(crypto, new MemoryFlash(IDENTITY_SECTORS), MADE),
    ];
    ok(!equal(a.label, b.label) && !equal(a.key.publicKey, b.key.publicKey));
  });

  it("the boot count rises over many starts, from one sector into the other and back", async () => {
    const flash = new MemoryFlash(IDENTITY_SECTORS);
    for (let boot = 1; boot <= 400; boot += 1) same((await openIdentity(light, flash, MADE)).boot, boot);
  });
  it("flash of another device, or a chip moved to another: refused", async () => {
    const flash = new MemoryFlash(IDENTITY_SECTORS);
    await openIdentity(crypto, flash, MADE);
    const other = createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(1), random: crypto.random });
    await rejects("crypto/bad-tag", () => openIdentity(other, flash, MADE));
  });

  it("the private key is not in the flash", async () => {
    const flash = new FailingFlash(IDENTITY_SECTORS);
    const seed = new Uint8Array(32).fill(0xa7);
    const key = await crypto.importKey("Ed25519", seed);
    const known = Object.assign(Object.create(crypto) as typeof crypto, {
      generate: () => Promise.resolve(key as never),
    });
    await openIdentity(known, flash, MADE);
    for (let at = 0; at + 8 <= flash.bytes.length; at++) {
      ok(!equal(flash.bytes.subarray(at, at + 8), seed.subarray(0, 8)), `byte ${at}`);
    }
  });
});

describe("Who the device is, after damage", () => {
  async function started(starts: number): Promise<FailingFlash> {
    const flash = new FailingFlash(IDENTITY_SECTORS);
    for (let n = 0; n < starts; n++) await openIdentity(crypto, flash, MADE);
    return flash;
  }

  it("the boot count lost, the identity there: refused, so that no cti comes twice", async () => {
    const flash = await started(3);
    flash.bytes.fill(0xff, 2 * SECTOR_SIZE);
    await rejects("flash/corrupt", () => openIdentity(crypto, flash, MADE));
  });

  it("either record rotted: refused, never made anew", async () => {
    for (const sector of [0, 2]) {
      for (const byte of [2, 8, 16]) {
        const flash = await started(2);
        flash.bytes[sector * SECTOR_SIZE + (sector === 2 ? 20 : 0) + byte]! ^= 0x10;
        await rejects(
          "flash/corrupt",
          () => openIdentity(crypto, flash, MADE),
          `sector ${sector} byte ${byte}`,
        );
      }
    }
  });

  it("the power goes anywhere in the first start: the next one makes the device", async () => {
    const whole = await started(1);
    let cuts = 0;
    for (let left = 0; left < whole.work; left += left % SECTOR_SIZE > 200 ? 997 : 7) {
      const flash = new FailingFlash(IDENTITY_SECTORS);
      flash.left = left;
      flash.torn = (["untouched", "half", "done"] as const)[cuts % 3]!;
      await openIdentity(crypto, flash, MADE).then(
        () => ok(false, "expected a cut"),
        (error) => ok(error instanceof PowerCut, String(error)),
      );
      const after = flash.restart();
      const made = await openIdentity(crypto, after, MADE + 5);
      ok(made.boot >= 1 && made.boot <= 2);
      deep((await openIdentity(crypto, after, MADE)).label, made.label);
      cuts++;
    }
    ok(cuts > 40, `expected cuts, came ${cuts}`);
  });

  it("the power goes anywhere in a later start: same key and label, and no boot count twice", async () => {
    const before = await started(3);
    const same3 = await openIdentity(crypto, before.restart(), MADE);
    for (let left = 0; left < 24; left++) {
      const flash = before.restart();
      flash.left = left;
      flash.torn = (["untouched", "half", "done"] as const)[left % 3]!;
      let used = 3;
      try {
        used = (await openIdentity(crypto, flash, MADE)).boot;
      } catch (error) {
        ok(error instanceof PowerCut, String(error));
      }
      const again = await openIdentity(crypto, flash.restart(), MADE);
      deep([again.label, again.kid], [same3.label, same3.kid]);
      ok(again.boot > used, `expected a boot count above ${used}, came ${again.boot}`);
    }
  });
});
