/** Ten years of ordinary use in erases (`npm run powercuts -- --wear` carries out a year of it). */
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { SECTOR_SIZE } from "../../../modules/flash/index.js";
import { cheap } from "../../powercuts/cheap-crypto.js";
import { BUDGET, wear, YEARS } from "../../powercuts/wear.js";
import { deep, ok } from "../../support/assert.js";

const crypto = cheap(createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(0x5e) }));
const DAYS_IN_ALL = YEARS * 365;

describe("Wear of flash (DESIGN section 9)", () => {
  it(`ten years: no sector is erased ${BUDGET} times`, async () => {
    const { rows, worst } = await wear(crypto, { days: { device: 60, stream: 6, flood: 2, log: 4 } });
    const writes = (name: string) => rows.find(({ record }) => record === name)!.writes / DAYS_IN_ALL;
    deep(
      rows.map(({ record }) => record),
      ["identity", "boot", "revocation", "floor", "chain", "ration", "audit", "failures", "outcomes"],
    );
    ok(writes("boot") === 1, "a restart a day");
    ok(writes("floor") >= 100 && writes("floor") < 101, "96 times uptime and 4 times freshness a day");
    ok(writes("chain") >= 337 && writes("chain") <= 338, "86,400 readings a day in 256s");
    ok(writes("ration") > 2000, "a pair of writes in a minute");
    ok(writes("audit") === 24 * 12 + 1, "12 entries a session, and the start");
    ok(writes("failures") > 24 * 16 && writes("failures") <= 24 * 32, "no more than 32 entries an hour");
    ok(writes("outcomes") === 100, "two writes a command");
    for (const { record, writes, erases } of rows) {
      ok(erases < BUDGET, `${record}: ${erases} erases`);
      // A version has 20 bytes at the least, and the two sectors of a record take turns.
      ok(
        erases >= Math.floor((writes * 20) / SECTOR_SIZE / 2) - YEARS * 12,
        `${record}: ${erases} for ${writes} writes`,
      );
    }
    ok(worst === Math.max(...rows.map(({ erases }) => erases)) && worst > 1000, `${worst} erases`);
  });
});
