import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { STATUS } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { replaceFile } from "../authority/files.js";
import type { AuthorityFolder } from "../authority/folder.js";
import { StatusChecker } from "../authority/status.js";
import { nodeZlib } from "../cose/zlib.js";
import { openAuthority, openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, nowSeconds, report, when } from "./report.js";
import { nothing } from "./usage.js";

export const summary = "signs the Authority's status list, or looks a credential up in it";

export const help = `vagus status-list: one bit for each credential that the Authority issued (Token Status List)

usage: vagus status-list [--authority FOLDER] [options]
       vagus status-list --check CREDENTIAL [--authority FOLDER] [options]

  --authority FOLDER    whose list (default: authority)
  --check CREDENTIAL    looks a credential up in the newest list that was signed; needs no passphrase
  --list FILE           the list (default: FOLDER/out/status-list.cwt)
${PASSPHRASE_HELP}
${JSON_HELP}

Publish the file at the Authority's status URI. Gateways and programmers fetch it; its time never goes back.

exit codes: 0 signed; with --check: the credential holds; 1 it is revoked, or nobody can tell; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      check: { type: "string" },
      list: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const crypto = createPortableCrypto();
  const path = values.list ?? join(values.authority, "out", "status-list.cwt");
  const check = (folder: AuthorityFolder) =>
    new StatusChecker(crypto, { anchor: folder.anchor, zlib: nodeZlib, now: nowSeconds });
  if (values.check !== undefined) {
    if (!existsSync(path))
      throw new VagusError("host/store", `expected ${path} (vagus status-list), came none`);
    const checker = check(openAuthority(crypto, values.authority));
    const { iat } = checker.take(readFileSync(path));
    const valid = checker.statusOf(readFileSync(values.check)) === STATUS.valid;
    report(values.json, {
      result: { credential: values.check, valid, listIssued: iat },
      did: [`${values.check}: ${valid ? "holds" : "REVOKED"}, by the list of ${when(iat)}`],
    });
    return valid ? 0 : 1;
  }
  const office = await openOffice(crypto, values.authority, values);
  const token = await office.statusList();
  replaceFile(path, token);
  const { iat, exp = 0, list } = check(office.folder).take(token);
  const { size: issued, revokedCount: revoked } = office.registry;
  report(values.json, {
    result: { list: path, issued, revoked, bytes: token.length, uncompressed: list.bytes.length, iat, exp },
    did: [
      `signed the status list of ${count(issued, "credential")}, ${revoked} revoked: ${token.length} bytes (${list.bytes.length} before compression)`,
      `wrote ${path}; it is good until ${when(exp)}`,
    ],
    next: [`publish it at ${office.folder.facts.statusUri}`],
  });
  return 0;
}
