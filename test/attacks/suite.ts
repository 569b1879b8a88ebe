/** The attacks as tests: one each, on one engine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { deep } from "../support/assert.js";
import type { Attack, Start } from "./attack.js";
import { FAMILIES } from "./families/index.js";
import { Hospital } from "./hospital.js";
import { play } from "./play.js";

const PATIENCE_MS = 120_000;

/** @param starter how the firmware is started on this engine */
export function attacksOn(
  engine: string,
  starter: () => Promise<Start>,
  chosen: (attack: Attack) => boolean,
): void {
  describe(`Attacks, firmware on ${engine}`, function (this: Mocha.Suite) {
    this.timeout(PATIENCE_MS);
    const folder = mkdtempSync(join(tmpdir(), "vagus-attacks-"));
    let hospital: Hospital;
    let start: Start;

    before(async () => {
      start = await starter();
      hospital = await Hospital.open(createPortableCrypto(), start, folder);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const family of FAMILIES) {
      for (const attack of family.attacks.filter(chosen)) {
        it(`${attack.name}: somebody ${attack.does}`, async () => {
          const { problems, otherwise } = await play(family, attack, { hospital, start });
          deep([...problems, ...otherwise], []);
        });
      }
    }
  });
}
