import { cryptos } from "engine";
import { compare, equal } from "../../../modules/bytes/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { SECTOR_SIZE } from "../../../modules/flash/index.js";
import { openStorageKey, purgeStorageKey } from "../../../modules/journal/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { FailingFlash, PowerCut } from "../flash/failing.js";

const SECTORS = 2;

for (const crypto of cryptos) {
  describe(`Storage key, ${crypto.name}`, () => {
    it("16 bytes, the same at every start, another on every device", async () => {
      const flash = new FailingFlash(SECTORS);
      const key = await openStorageKey(crypto, flash, 0);
      same(key.length, 16);
      deep(await openStorageKey(crypto, flash.restart(), 0), key);
      ok(!equal(await openStorageKey(crypto, new FailingFlash(SECTORS), 0), key));
    });

    it("is HKDF over what the sealed key agrees with itself, and lies nowhere in flash", async () => {
      let blob: Uint8Array | undefined;
      const spying = Object.assign(Object.create(crypto) as Crypto, {
        seal: (sealed: Parameters<Crypto["seal"]>[0]) => {
          blob = crypto.seal(sealed);
          return blob;
        },
      });
      const flash = new FailingFlash(SECTORS);
      const key = await openStorageKey(spying, flash, 0);
      const own = await crypto.unseal("X25519", blob!);
      const prk = crypto.hkdfExtract(new Uint8Array(0), await crypto.agree(own, own.publicKey));
      const info = Uint8Array.from("vagus journal", (it) => it.charCodeAt(0));
      deep(crypto.hkdfExpand(prk, info, 16), key);
      same(occurrences(flash.bytes, key), 0);
      same(occurrences(flash.bytes, blob!), 1);
    });

    it("purged: the sealed key is nowhere, and the next one is another", async () => {
      let flash = new FailingFlash(SECTORS);
      for (let n = 0; n < 3; n++) {
        const key = await openStorageKey(crypto, flash, 0);
        const whole = flash.bytes.slice();
        purgeStorageKey(flash, 0);
        ok(remains(flash.bytes, whole) < 16);
        flash = flash.restart();
        ok(!equal(await openStorageKey(crypto, flash, 0), key));
      }
    });

    it("one that has rotted is said, and purged", async () => {
      const flash = new FailingFlash(SECTORS);
      await openStorageKey(crypto, flash, 0);
      for (let at = 0; at < 2 * SECTOR_SIZE; at += SECTOR_SIZE)
        if (flash.bytes[at] === 0x56) flash.bytes[at + 30]! ^= 4;
      await rejects("flash/corrupt", () => openStorageKey(crypto, flash, 0));
      purgeStorageKey(flash, 0);
      same((await openStorageKey(crypto, flash, 0)).length, 16);
    });
  });
}

describe("Storage key: the power goes at any byte of a purge", () => {
  const crypto = cryptos[0]!;
  for (const torn of ["untouched", "half", "done"] as const) {
    it(`the byte under the cut ${torn}: the old key, or a new one and nothing left of the old`, async () => {
      const made = new FailingFlash(SECTORS);
      const key = await openStorageKey(crypto, made, 0);
      const old = made.bytes.slice();
      const whole = made.restart();
      purgeStorageKey(whole, 0);
      let [same_, other] = [0, 0];
      for (let at = 0; at < whole.work; at += at < 80 ? 1 : 151) {
        const flash = made.restart();
        flash.left = at;
        flash.torn = torn;
        try {
          purgeStorageKey(flash, 0);
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
        }
        const after = flash.restart();
        const now = await openStorageKey(crypto, after, 0);
        if (equal(now, key)) same_++;
        else {
          other++;
          ok(remains(after.bytes, old) < 16, `cut at ${at}`);
        }
      }
      ok(same_ > 0 && other > 0, `${same_} and ${other}`);
    });
  }
});

function occurrences(bytes: Uint8Array, part: Uint8Array): number {
  let count = 0;
  for (let at = 0; at + part.length <= bytes.length; at++) {
    if (bytes[at] === part[0] && compare(bytes.subarray(at, at + part.length), part) === 0) count++;
  }
  return count;
}

/** Bytes of a sealed key in `before`, from its 16th on, that are anywhere in `bytes` in a row. */
function remains(bytes: Uint8Array, before: Uint8Array): number {
  const at = before[0] === 0x56 ? 0 : SECTOR_SIZE;
  const blob = before.subarray(at + 16, at + 16 + 64);
  return Math.max(0, ...[0, 16, 32].map((from) => occurrences(bytes, blob.subarray(from, from + 16)) * 16));
}
