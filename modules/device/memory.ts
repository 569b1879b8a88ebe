import { AuditLog } from "../audit/index.js";
import { Holder } from "../credential/index.js";
import { VagusError } from "../error/index.js";
import { MemoryFlash, SECTOR_SIZE } from "../flash/index.js";
import { Journal, openStorageKey, purgeStorageKey } from "../journal/index.js";
import { type ChainMark, readChain } from "../reading/index.js";
import { AUDIT_SECTORS, DEVICE_SECTOR, DEVICE_SECTORS_MIN } from "./layout.js";
import type { DevicePorts } from "./ports.js";

/** Of 4 KiB, in RAM. */
const PASSING_SECTORS = 4;

/** All that the device has in flash, opened. */
export interface Memory {
  readonly holder: Holder;
  readonly audit: AuditLog;
  readonly journal: Journal;
  /** How far the streams had come before this start. */
  readonly before: readonly ChainMark[];
}

/** @throws VagusError `flash/corrupt`, `flash/range` for a partition that is too small, `crypto/bad-tag`, … */
export async function openMemory(ports: DevicePorts): Promise<Memory> {
  const { crypto, flash, clock, madeAt } = ports;
  if (flash.sectors < DEVICE_SECTORS_MIN) {
    const least = DEVICE_SECTORS_MIN * SECTOR_SIZE;
    throw new VagusError("flash/range", `expected ${least} bytes, came ${flash.sectors * SECTOR_SIZE}`);
  }
  const holder = await Holder.open(crypto, flash, { clockMs: () => clock.monotonicMs(), madeAt });
  const place = { firstSector: DEVICE_SECTOR.audit, sectors: AUDIT_SECTORS, boot: holder.boot };
  const audit = new AuditLog(crypto, flash, place);
  const before = readChain(flash, DEVICE_SECTOR.chain);
  // the power may have gone in a factory reset: a new device has no readings
  if (holder.state === "new") purgeStorageKey(flash, DEVICE_SECTOR.storageKey);
  return { holder, audit, journal: await openJournal(ports, holder.boot), before };
}

/** Where no journal can be opened in flash any more: one under a key of its own, which ends with the power. */
export function passingJournal({ crypto }: DevicePorts, boot: number): Journal {
  const key = crypto.random(16);
  return new Journal(crypto, new MemoryFlash(PASSING_SECTORS), {
    firstSector: 0,
    sectors: PASSING_SECTORS,
    key,
    boot,
  });
}

/** A storage key that is lost takes the readings with it, and nothing else. */
export async function openJournal({ crypto, flash, observe }: DevicePorts, boot: number): Promise<Journal> {
  const firstSector = DEVICE_SECTOR.journal;
  const sectors = flash.sectors - firstSector;
  let key: Uint8Array;
  try {
    key = await openStorageKey(crypto, flash, DEVICE_SECTOR.storageKey);
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    observe({ kind: "refused", error });
    purgeStorageKey(flash, DEVICE_SECTOR.storageKey);
    key = await openStorageKey(crypto, flash, DEVICE_SECTOR.storageKey);
  }
  return new Journal(crypto, flash, { firstSector, sectors, key, boot });
}
