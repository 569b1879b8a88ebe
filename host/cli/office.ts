import type { Crypto } from "../../modules/crypto/port.js";
import { AuthorityFolder } from "../authority/folder.js";
import { Office } from "../authority/office.js";
import { type PassphraseSource, passphraseFor, warnOfBareKey } from "./passphrase.js";
import { nowSeconds } from "./report.js";

/** Reads an Authority's books, and says so where they were cut. */
export function openAuthority(crypto: Crypto, path: string): AuthorityFolder {
  const folder = AuthorityFolder.open(crypto, path);
  if (folder.cut !== undefined) {
    process.stderr.write(
      `warning: the last line of ${folder.file("ledger")} was cut off (${folder.cut.length} characters): what it was to say did not happen\n`,
    );
  }
  return folder;
}

/** The same, with its key. */
export async function openOffice(crypto: Crypto, path: string, source: PassphraseSource): Promise<Office> {
  const folder = openAuthority(crypto, path);
  const { key, insecure } = await folder.unlock(crypto, passphraseFor(source, folder.file("key")));
  if (insecure) warnOfBareKey(folder.file("key"));
  return new Office(crypto, folder, key, nowSeconds);
}
