/**
 * What is done with a device's self-revocation (typ 65012): the programmer keeps it, behind the credential that its key
 * had, and the Authority takes note of it.
 *
 *   SUBJECT.end.cbor   a CBOR sequence (RFC 8742): the device's credential, its self-revocation
 */
import { join } from "node:path";
import { decodeSequence, encode } from "../../modules/cbor/index.js";
import type { Credential } from "../../modules/credential/index.js";
import { parseCwtUnverified, TYP } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { replaceFile } from "../authority/files.js";
import type { Office, Revocation } from "../authority/office.js";
import type { Farewell } from "../programmer/manage.js";
import { writeLists } from "./lists.js";

export interface KeptEnd {
  readonly path: string;
  /** Undefined where no Authority is here to take note of it. */
  readonly revocation?: Revocation;
}

/** @param folder the programmer's */
export async function keepEnd(
  folder: string,
  device: Credential,
  farewell: Farewell,
  office?: Office,
): Promise<KeptEnd> {
  const path = join(folder, `${device.subject}.end.cbor`);
  replaceFile(path, Buffer.concat([device.token, farewell.token]));
  if (office === undefined) return { path };
  const revocation = office.end(device.token, farewell.token);
  await writeLists(office, revocation);
  return { path, revocation };
}

/** What to say of it, and what to do next. */
export function endWords({ path, revocation }: KeptEnd): { did: string[]; next: string[] } {
  const kept = `its self-revocation is in ${path}`;
  if (revocation !== undefined) {
    return { did: [`${kept}, and in the ledger: its key leaves the lists`], next: [] };
  }
  return { did: [kept], next: [`vagus revoke ${path} --authority FOLDER     its key leaves the lists then`] };
}

/** The two tokens of such a file; undefined for a file that is none. @throws VagusError `host/input`, `cbor/…` */
export function readEnd(bytes: Uint8Array): { credential: Uint8Array; farewell: Uint8Array } | undefined {
  const items = decodeSequence(bytes, { maxSize: 2048 });
  if (items.length === 1 && parseCwtUnverified(bytes).typ !== TYP.selfRevocation) return undefined;
  if (items.length === 2) {
    const [credential, farewell] = items.map((item) => encode(item));
    return { credential, farewell };
  }
  throw new VagusError(
    "host/input",
    "expected a credential, or one with the self-revocation of its device behind it",
  );
}
