import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toBase64url } from "../../modules/bytes/base64url.js";
import { fromHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { parseCwtUnverified, TYP } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { replaceFile } from "../authority/files.js";
import type { IssuedEvent } from "../authority/ledger.js";
import type { Office, Revocation } from "../authority/office.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report } from "./report.js";
import { UsageError } from "./usage.js";

export const summary = "the Authority takes credentials back, and writes the lists that say so";

export const help = `vagus revoke: takes back every credential of a key, a subject, or the holder of a credential

usage: vagus revoke (--kid HEX | --subject S | FILE) [--authority FOLDER] [options]

  --kid HEX             the 16 hexadecimal digits that name a key
  --subject S           a device's or programmer's subject
  FILE                  a credential; a hub's too, which a programmer of this Authority let in
  --authority FOLDER    who takes back (default: authority)
${PASSPHRASE_HELP}
${JSON_HELP}

Writes into FOLDER/out: GROUP.list.cwt for each group whose list went up, and status-list.cwt. Running it again writes
them again. A programmer gets no freshness from now on; a device hears of it when somebody carries it the list.

exit codes: 0 revoked, now or before; 1 nobody like that, a list that is full, or it failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      kid: { type: "string" },
      subject: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const [file, ...more] = positionals;
  if (more.length > 0 || [values.kid, values.subject, file].filter((one) => one !== undefined).length !== 1) {
    throw new UsageError("expected one of --kid, --subject and a credential's FILE");
  }
  const kid = values.kid === undefined ? undefined : kidOf(values.kid);
  const office = await openOffice(createPortableCrypto(), values.authority, values);
  const revocation = revoke(office, kid, values.subject, file);
  const written = await writeLists(office, revocation);
  const { revoked, lists, overfull } = revocation;
  const numbers = revoked.map(({ issued }) => issued);
  report(values.json, {
    result: {
      revoked: numbers,
      lists: lists.map(({ list, epoch }) => ({ audience: list, epoch })),
      overfull,
      written,
    },
    did: [
      revoked.length > 0
        ? `revoked ${revoked.map(({ issued, kind, sub }) => `${issued} (${kind} ${sub})`).join(", ")}`
        : lists.length > 0
          ? "revoked the hub's key"
          : "nothing new: it was revoked before",
      ...lists.map(({ list, epoch, kids }) => `list for ${list}: epoch ${epoch}, ${kids.length} keys`),
      ...written.map((path) => `wrote ${path}`),
    ],
    next: written
      .filter((path) => path.endsWith(".list.cwt"))
      .map(
        (path) =>
          `vagus carry ${path} --programmer FOLDER --device FOLDER     anyone whose session opens may carry it`,
      ),
  });
  for (const { audience, keys } of overfull) {
    process.stderr.write(
      `vagus revoke: credential/epoch: the list for ${audience} would have ${keys} keys, and a device keeps 80: it stays as it is; ` +
        "split the group, or wait until credentials on it have ended\n",
    );
  }
  return overfull.length > 0 ? 1 : 0;
}

function revoke(
  office: Office,
  kid: string | undefined,
  subject: string | undefined,
  file: string | undefined,
): Revocation {
  const { registry } = office;
  if (kid !== undefined) return office.revoke(known(registry.ofKey(kid), "this key"));
  if (subject !== undefined) return office.revoke(known(registry.ofSubject(subject), subject));
  const token = readFileSync(file as string);
  if (parseCwtUnverified(token).typ === TYP.hubCredential) return office.revokeHub(token);
  return office.revoke(known(office.sameHolder(token), file as string));
}

/** Every list that there is, so that a cut between the ledger and the files is made good by the next call. */
async function writeLists(office: Office, { lists }: Revocation): Promise<string[]> {
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

function known(credentials: readonly IssuedEvent[], what: string): readonly IssuedEvent[] {
  if (credentials.length > 0) return credentials;
  throw new VagusError("credential/holder", `expected somebody of this Authority's ledger, came ${what}`);
}

function kidOf(text: string): string {
  if (/^[0-9a-f]{16}$/i.test(text)) return toBase64url(fromHex(text.toLowerCase()));
  throw new UsageError(`--kid: expected 16 hexadecimal digits, came ${text}`);
}
