import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { replaceFile } from "../authority/files.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report } from "./report.js";
import { only } from "./usage.js";

export const summary = "the Authority stands by a programmer, now: answers its freshness request";

export const help = `vagus freshness: the Authority's word that a programmer still holds its rights, for one session with one device

usage: vagus freshness REQUEST [--authority FOLDER] [options]

  --authority FOLDER    who answers (default: authority)
  --out FOLDER          where freshness.cwt and, where there is one, list.cwt go (default: beside the request)
${PASSPHRASE_HELP}
${JSON_HELP}

The request has to be at most 60 s old, and the answer has to be back at the device within the same minute. list.cwt is the
newest revocation list for the device: it goes first where the device's is older.

exit codes: 0 answered; 1 refused, and why; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      out: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const request = only(positionals, "REQUEST");
  const office = await openOffice(createPortableCrypto(), values.authority, values);
  const { token, list } = await office.freshness(new Uint8Array(readFileSync(request)));
  const folder = values.out ?? dirname(request);
  const files = { token: join(folder, "freshness.cwt"), list: join(folder, "list.cwt") };
  replaceFile(files.token, token);
  if (list !== undefined) replaceFile(files.list, list);
  report(values.json, {
    result: { token: files.token, ...(list && { list: files.list }), bytes: token.length },
    did: [
      `stood by the programmer: ${files.token} (${token.length} bytes)${list ? `, and ${files.list}` : ""}`,
    ],
    next: ["hand it to the device in the session that asked, within a minute of its nonce"],
  });
  return 0;
}
