/** A journal in memory, and tokens for it. */
import type { Crypto } from "../../../modules/crypto/port.js";
import { type Flash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { Journal, type JournalReading } from "../../../modules/journal/index.js";
import type { Cursor } from "../../../modules/reading/index.js";

export const KEY = new Uint8Array(16).fill(0x4b);
export const START: Cursor = { boot: 0, sequence: 0 };

export function open(
  crypto: Crypto,
  flash: Flash,
  boot: number,
  { firstSector = 0, sectors = flash.sectors, key = KEY } = {},
): Journal {
  return new Journal(crypto, flash, { firstSector, sectors, key, boot });
}

/** Bytes that only this token has. */
export function token(stream: number, boot: number, sequence: number, length = 400): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, i) => (stream * 101 + boot * 31 + sequence * 7 + i * (sequence + 3)) & 0xff,
  );
}

export function hashOf(crypto: Crypto, bytes: Uint8Array): Uint8Array {
  return crypto.sha256(bytes).slice(0, 16);
}

/** Everything that a stream gives from a cursor on. @throws Error where it does not end */
export function all(journal: Journal, stream: number, from = START): JournalReading[] {
  const readings: JournalReading[] = [];
  for (let next = from; ; ) {
    const reading = journal.read(stream, next);
    if (reading === undefined) return readings;
    readings.push(reading);
    next = reading.next;
    if (readings.length > 100_000) throw new Error("a journal without an end");
  }
}

/** `boot.sequence` of each. */
export const names = (readings: readonly Cursor[]): string =>
  readings.map(({ boot, sequence }) => `${boot}.${sequence}`).join(" ");

export const range = (boot: number, first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, i) => `${boot}.${first + i}`).join(" ");

export { SECTOR_SIZE };
