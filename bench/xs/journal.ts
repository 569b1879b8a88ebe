/**
 * The journal: journal.js SECTORS. Byte codes of opening a full one, of appending and reading a reading of 400 bytes, of
 * finding one by its cursor, and of a release. What the flash itself runs, here JavaScript, is not counted.
 */
import { createNativeCrypto } from "../../modules/crypto/native/index.js";
import { type Flash, MemoryFlash } from "../../modules/flash/index.js";
import { Journal } from "../../modules/journal/index.js";
import { argument, metered, report } from "./meter.js";

const crypto = createNativeCrypto();
const sectors = Number(argument(0));
const key = new Uint8Array(16).fill(1);
const token = new Uint8Array(400).fill(7);
const chip = new MemoryFlash(sectors);
let inFlash = 0;

const around = <T>(work: () => T): T => {
  let result: T | undefined;
  inFlash += metered(() => {
    result = work();
  });
  return result as T;
};
const counting: Flash = {
  sectors,
  read: (offset, length) => around(() => chip.read(offset, length)),
  program: (offset, bytes) => around(() => chip.program(offset, bytes)),
  erase: (sector) => around(() => chip.erase(sector)),
};

function of(count: number, work: () => void): number {
  inFlash = 0;
  const all = metered(work);
  return Math.round((all - inFlash) / count);
}

const open = (flash: Flash, boot: number) =>
  new Journal(crypto, flash, { firstSector: 0, sectors, key, boot });
const filling = open(chip, 1);
const kept = sectors * 10;
for (let n = 0; n < kept; n++) filling.append(1, n, token);

let journal = filling;
const openMeter = of(1, () => {
  journal = open(counting, 2);
});
const appendMeter = of(90, () => {
  for (let n = 0; n < 90; n++) journal.append(1, n, token);
});
let next = { boot: 1, sequence: Math.floor(kept * 0.7) };
const read = () => {
  next = journal.read(1, next)?.next ?? next;
};
const seekMeter = of(1, read);
const readMeter = of(90, () => {
  for (let n = 0; n < 90; n++) read();
});
const last = { boot: next.boot, sequence: next.sequence - 1 };
const hash = crypto.sha256(token).slice(0, 16);
const releaseMeter = of(1, () => journal.release(1, last, hash));

report({ openMeter, appendMeter, seekMeter, readMeter, releaseMeter });
