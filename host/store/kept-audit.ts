/**
 * Where a device's audit log ended when it was read last, kept in the programmer's folder, so that a log that was cut or
 * changed since is noticed:
 *
 *   SUBJECT.audit.cbor   [ [ number, hash ], [ number, hash ] ]     of the events, of the failures
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIT_HASH, type AuditHead } from "../../modules/audit/entry.js";
import { decode, encode } from "../../modules/cbor/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import { replaceFile } from "../authority/files.js";

const MALFORMED = "host/store";

/** Events, then failures; nothing where it was never read. @throws VagusError `host/store`, `cbor/…` */
export function keptAudit(folder: string, subject: string): readonly AuditHead[] {
  const path = pathOf(folder, subject);
  if (!existsSync(path)) return [];
  return asArray(decode(new Uint8Array(readFileSync(path))), MALFORMED, path, 2).map((head) => {
    const [number, hash] = asArray(head, MALFORMED, "end of a log", 2);
    return {
      number: asUint(number, MALFORMED, "number"),
      hash: asBytes(hash, MALFORMED, "hash", AUDIT_HASH).slice(),
    };
  });
}

export function keepAudit(folder: string, subject: string, heads: readonly AuditHead[]): void {
  replaceFile(pathOf(folder, subject), encode(heads.map(({ number, hash }) => [number, hash])));
}

function pathOf(folder: string, subject: string): string {
  return join(folder, `${encodeURIComponent(subject)}.audit.cbor`);
}
