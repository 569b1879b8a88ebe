import { join } from "node:path";
import { replaceFile } from "../authority/files.js";
import type { Office, Revocation } from "../authority/office.js";

/** Every list that there is, so that a cut between the ledger and the files is made good by the next call. */
export async function writeLists(office: Office, { lists }: Revocation): Promise<string[]> {
  const out = office.folder.file("out");
  const changed = new Set(lists.map(({ list }) => list));
  const written: string[] = [];
  for (const { list: audience } of office.registry.lists) {
    const path = join(out, `${encodeURIComponent(audience)}.list.cwt`);
    replaceFile(path, (await office.list(audience)) as Uint8Array);
    if (changed.size === 0 || changed.has(audience)) written.push(path);
  }
  const status = join(out, "status-list.cwt");
  replaceFile(status, await office.statusList());
  return [...written, status];
}
