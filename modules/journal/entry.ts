/**
 * What a sector of the journal is made of: entries, one behind the other.
 *
 *   | length (2) | kind (1) | stream (1) | boot (4) | sequence (4) | counter (4) | CRC-32 (4) | ciphertext … | tag (16) |
 *
 * big-endian, padded to 4 with ff; `length` is that of ciphertext and tag. The CRC covers the 16 bytes before it, so that
 * entries can be counted off without opening them; the rest is AES-CCM's, with those 16 bytes as additional data.
 *
 *   nonce   | 00 (5) | boot (4) | counter (4) |
 *
 * `boot` is the boot count of whoever wrote the entry, `counter` counts what he sealed, written to the end or not: the
 * boot count is in flash before it is used, so no power cut can bring a nonce back.
 */
import type { Crypto } from "../crypto/port.js";
import { crc32 } from "../flash/crc32.js";
import { type Flash, SECTOR_SIZE } from "../flash/index.js";

export const KIND = {
  /** What the journal knew when the sector was opened: the first entry in it. */
  state: 1,
  reading: 2,
  released: 3,
  told: 4,
  /** A reading from which on the stream has another format: | length (1) | format … | token … |. */
  begin: 5,
} as const;

export const ENTRY_HEADER = 20;
export const TAG_LENGTH = 16;
const COVERED = 16;
const NONCE_LENGTH = 13;

export interface Entry {
  /** Where it begins, from the start of the partition, and where the next one does. */
  readonly at: number;
  readonly end: number;
  readonly kind: number;
  readonly stream: number;
  readonly boot: number;
  readonly sequence: number;
  /** The 20 bytes, as they are in flash. */
  readonly header: Uint8Array;
}

export function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Bytes in flash of an entry with a plaintext of `length`. */
export function entrySize(length: number): number {
  return (ENTRY_HEADER + length + TAG_LENGTH + 3) & ~3;
}

export interface EntryContent {
  readonly kind: number;
  readonly stream: number;
  readonly boot: number;
  readonly sequence: number;
  readonly counter: number;
  readonly plaintext: Uint8Array;
}

export function sealEntry(crypto: Crypto, key: Uint8Array, content: EntryContent): Uint8Array {
  const { plaintext } = content;
  const entry = new Uint8Array(entrySize(plaintext.length)).fill(0xff, ENTRY_HEADER + plaintext.length);
  const length = plaintext.length + TAG_LENGTH;
  entry[0] = length >> 8;
  entry[1] = length;
  entry[2] = content.kind;
  entry[3] = content.stream;
  putUint32(entry, 4, content.boot);
  putUint32(entry, 8, content.sequence);
  putUint32(entry, 12, content.counter);
  const covered = entry.subarray(0, COVERED);
  putUint32(entry, COVERED, crc32(covered));
  entry.set(crypto.aesCcmSeal(key, nonce(entry), covered, plaintext, TAG_LENGTH), ENTRY_HEADER);
  return entry;
}

/** The entry that begins at `at`; undefined where none does, or its header is torn or has rotted. */
export function findEntry(flash: Flash, at: number): Entry | undefined {
  const room = SECTOR_SIZE - (at % SECTOR_SIZE);
  // a sector begins with its own header: one that is full to its last byte is left here, and the flash may end with it
  if (room === SECTOR_SIZE || room < ENTRY_HEADER + TAG_LENGTH) return undefined;
  const header = flash.read(at, ENTRY_HEADER);
  const length = (header[0] << 8) | header[1];
  if (length < TAG_LENGTH || ENTRY_HEADER + length > room) return undefined;
  if (crc32(header.subarray(0, COVERED)) !== uint32(header, COVERED)) return undefined;
  return {
    at,
    end: at + entrySize(length - TAG_LENGTH),
    kind: header[2],
    stream: header[3],
    boot: uint32(header, 4),
    sequence: uint32(header, 8),
    header,
  };
}

/** What is in the entry; undefined where it was torn, has rotted, or nobody with this key wrote it. */
export function openEntry(
  crypto: Crypto,
  flash: Flash,
  key: Uint8Array,
  { at, header }: Entry,
): Uint8Array | undefined {
  const sealed = flash.read(at + ENTRY_HEADER, (header[0] << 8) | header[1]);
  try {
    return crypto.aesCcmOpen(key, nonce(header), header.subarray(0, COVERED), sealed, TAG_LENGTH);
  } catch {
    return undefined;
  }
}

/** What a reader is given of a reading's entry. */
export function tokenOf({ kind }: Entry, plaintext: Uint8Array): Uint8Array {
  return kind === KIND.begin ? plaintext.slice(1 + plaintext[0]) : plaintext;
}

export function isReading({ kind }: Entry): boolean {
  return kind === KIND.reading || kind === KIND.begin;
}

function nonce(header: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(NONCE_LENGTH);
  bytes.set(header.subarray(4, 8), 5);
  bytes.set(header.subarray(12, COVERED), 9);
  return bytes;
}
