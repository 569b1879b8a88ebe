/**
 * The key that readings are kept under. JavaScript never sees a private key that outlives the power (DESIGN section 4),
 * and the Crypto port seals nothing else; so what is kept is an X25519 key, sealed, and the storage key is
 * HKDF-SHA-256 over what this key agrees with itself, with an empty salt.
 */
import type { Crypto } from "../crypto/port.js";
import { type Flash, FlashRecord } from "../flash/index.js";

const KEY_LENGTH = 16;
const INFO = "vagus journal";

/**
 * 16 bytes for AES-CCM, the same at every start; made where there is none yet.
 * @param sector the first of the two of its record
 * @throws VagusError `flash/corrupt` where the record has rotted, `crypto/bad-tag` where another device sealed it:
 *   then nothing that was kept can be read, and `purgeStorageKey` makes room for a new key
 */
export async function openStorageKey(crypto: Crypto, flash: Flash, sector: number): Promise<Uint8Array> {
  const record = new FlashRecord(flash, sector);
  const blob = record.value;
  const made = blob === undefined || blob.length === 0;
  const key = made ? await crypto.generate("X25519") : await crypto.unseal("X25519", blob);
  if (made) record.write(crypto.seal(key));
  record.purge(); // also of a purge that the power was cut off in
  const shared = await crypto.agree(key, key.publicKey);
  key.close();
  const info = Uint8Array.from(INFO, (character) => character.charCodeAt(0));
  return crypto.hkdfExpand(crypto.hkdfExtract(new Uint8Array(0), shared), info, KEY_LENGTH);
}

/** Makes everything that is kept unreadable at once. @throws VagusError `flash/program` */
export function purgeStorageKey(flash: Flash, sector: number): void {
  let record: FlashRecord;
  try {
    record = new FlashRecord(flash, sector);
  } catch {
    for (const each of [sector, sector + 1]) flash.erase(each);
    record = new FlashRecord(flash, sector);
  }
  if (record.value !== undefined && record.value.length > 0) record.write(new Uint8Array(0));
  record.purge();
}

/** Is there no key, or none that can be read? What was kept under it is unreadable then, though a sector could not be erased. */
export function isPurged(flash: Flash, sector: number): boolean {
  try {
    return (new FlashRecord(flash, sector).value?.length ?? 0) === 0;
  } catch {
    return true;
  }
}
