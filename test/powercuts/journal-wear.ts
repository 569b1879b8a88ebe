/** How long a journal's partition lasts: readings are appended and released for two laps of the ring, on flash that counts. */
import type { Crypto } from "../../modules/crypto/port.js";
import { DEVICE_SECTOR } from "../../modules/device/layout.js";
import { SECTOR_SIZE } from "../../modules/flash/index.js";
import { Journal } from "../../modules/journal/index.js";
import { blank, NorFlash } from "./nor.js";

export const READING_BYTES = 400;
const RELEASE_S = 60;
const YEAR_S = 365 * 24 * 3600;
const LAPS = 2;

export interface JournalWorn {
  /** Of the whole partition, and of the journal's part in it, in sectors. */
  readonly kilobytes: number;
  readonly sectors: number;
  /** Readings of a second that were carried out. */
  readonly readings: number;
  /** Of each sector, in a year: all are worn alike, which is held. */
  readonly erasesAYear: number;
  /** Until each has been erased as often as the budget has it. */
  readonly years: number;
  /** What can be kept out of range, in hours. */
  readonly hours: number;
}

export function journalWear(crypto: Crypto, budget: number, sizes = [512, 1024, 2048, 4096]): JournalWorn[] {
  return sizes.map((kilobytes) => {
    const sectors = (kilobytes * 1024) / SECTOR_SIZE - DEVICE_SECTOR.journal;
    const flash = new NorFlash(blank(sectors));
    const key = new Uint8Array(16).fill(1);
    const journal = new Journal(crypto, flash, { firstSector: 0, sectors, key, boot: 1 });
    const token = crypto.random(READING_BYTES);
    const hash = crypto.sha256(token).slice(0, 16);
    let readings = 0;
    while (Math.min(...flash.erases) < LAPS) {
      for (let each = 0; each < RELEASE_S; each++) journal.append(1, readings++, token);
      journal.release(1, { boot: 1, sequence: readings - 1 }, hash);
    }
    const uneven = Math.max(...flash.erases) - Math.min(...flash.erases);
    if (uneven > 1) throw new Error(`expected sectors to be worn alike, came ${uneven} erases between them`);
    const perSector = readings / flash.erases.reduce((sum, count) => sum + count, 0);
    const erasesAYear = YEAR_S / perSector / sectors;
    const hours = ((sectors - 2) * perSector) / 3600; // one is given up already, one is filling
    return { kilobytes, sectors, readings, erasesAYear, years: budget / erasesAYear, hours };
  });
}
