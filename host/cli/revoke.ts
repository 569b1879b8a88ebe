import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { parseCwtUnverified, TYP } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { hexOf, kidFromHex } from "../authority/kid.js";
import type { IssuedEvent } from "../authority/ledger.js";
import type { Office, Revocation } from "../authority/office.js";
import { readEnd } from "./farewell.js";
import { writeLists } from "./lists.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, report } from "./report.js";
import { UsageError } from "./usage.js";

export const summary = "the Authority takes credentials back, and writes the lists that say so";

export const help = `vagus revoke: takes back every credential of whoever holds a key, a subject or a credential

usage: vagus revoke (--kid HEX | --subject S | FILE) [--authority FOLDER] [options]

  --kid HEX             the 16 hexadecimal digits that name a key
  --subject S           a device's or programmer's subject
  FILE                  a credential; a hub's too, which a programmer of this Authority let in; or SUBJECT.end.cbor, a
                        device's self-revocation (vagus retire, vagus carry)
  --authority FOLDER    who takes back (default: authority)
${PASSPHRASE_HELP}
${JSON_HELP}

A programmer is its key; a device is its name, and every key that it had or has. Writes into FOLDER/out: GROUP.list.cwt for
each group whose list went up, and status-list.cwt. Running it again writes them again. A programmer gets no freshness token
from now on; a device hears of it when somebody carries it the list. A list has room for 80 keys: programmers and hubs come
first, and a device's key leaves it once its self-revocation is in the ledger.

exit codes: 0 revoked, now or before; 1 nobody like that, a list has no room for it, or it failed; 2 wrong usage
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
  const { revocation, kids, what } = revoke(office, kid, values.subject, file);
  const written = await writeLists(office, revocation);
  const { revoked, lists, overfull } = revocation;
  const left = overfull.map(({ left, ...list }) => ({ ...list, left: left.map(hexOf) }));
  report(values.json, {
    result: {
      revoked: revoked.map(({ issued }) => issued),
      kids: kids.map(hexOf),
      lists: lists.map(({ list, epoch }) => ({ audience: list, epoch })),
      overfull: left,
      written,
    },
    did: [
      ...(what === undefined ? [] : [what]),
      ...revoked.map(
        ({ issued, kind, sub, kid }) => `revoked credential ${issued}: ${kind} ${sub}, key ${hexOf(kid)}`,
      ),
      ...(revoked.length === 0 && what === undefined ? ["nothing new: it was revoked before"] : []),
      ...lists.map(
        ({ list, epoch, kids }) =>
          `revocation list for ${list}: epoch ${epoch}, ${count(kids.length, "key")}`,
      ),
      ...written.map((path) => `wrote ${path}`),
    ],
    next: written
      .filter((path) => path.endsWith(".list.cwt") && (lists.length > 0 || revoked.length === 0))
      .map(
        (path) =>
          `vagus carry ${path} --programmer FOLDER --device FOLDER     anyone whose session opens may carry it`,
      ),
  });
  for (const { audience, keys, left: without } of left) {
    process.stderr.write(
      `vagus revoke: credential/epoch: ${count(keys, "key")} should be on the list for ${audience}, and a device keeps 80: ` +
        `it goes without ${without.join(", ")}; split the group, or retire devices that are at hand (vagus retire)\n`,
    );
  }
  return overfull.some((list) => list.left.some((one) => kids.includes(one))) ? 1 : 0;
}

interface Done {
  readonly revocation: Revocation;
  /** Whose revocation was asked for. */
  readonly kids: readonly string[];
  /** What else there is to say of it. */
  readonly what?: string;
}

function revoke(
  office: Office,
  kid: string | undefined,
  subject: string | undefined,
  file: string | undefined,
): Done {
  const { registry } = office;
  const all = (credentials: readonly IssuedEvent[], what: string): Done => {
    const holders = registry.ofHolders(known(credentials, what));
    return { revocation: office.revoke(holders), kids: holders.map(({ kid }) => kid) };
  };
  if (kid !== undefined) return all(registry.ofKey(kid), `the key ${hexOf(kid)}`);
  if (subject !== undefined) return all(registry.ofSubject(subject), subject);
  const token = new Uint8Array(readFileSync(file as string));
  const end = readEnd(token);
  if (end !== undefined) {
    const { device, ...revocation } = office.end(end.credential, end.farewell);
    return {
      revocation,
      kids: [],
      what: `the device ${device} has revoked itself: its key leaves the lists`,
    };
  }
  if (parseCwtUnverified(token).typ === TYP.hubCredential) {
    const { hub, known, ...revocation } = office.revokeHub(token);
    const what = known ? "was revoked before" : "is revoked";
    return { revocation, kids: [hub], what: `the hub's key ${hexOf(hub)} ${what}` };
  }
  return all(office.sameHolder(token), file as string);
}

function known(credentials: readonly IssuedEvent[], what: string): readonly IssuedEvent[] {
  if (credentials.length > 0) return credentials;
  throw new VagusError("credential/holder", `expected somebody of this Authority's ledger, came ${what}`);
}

function kidOf(text: string): string {
  if (/^[0-9a-f]{16}$/i.test(text)) return kidFromHex(text);
  throw new UsageError(`--kid: expected 16 hexadecimal digits, came ${text}`);
}
