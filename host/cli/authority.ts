import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { AuthorityFolder } from "../authority/folder.js";
import { openAuthority } from "./office.js";
import { newProtection, PASSPHRASE_HELP, PASSPHRASE_OPTION, warnOfBareKey } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, report } from "./report.js";
import { oneOf, only, UsageError } from "./usage.js";

export const summary = "makes an Authority, which issues credentials and takes them back";

export const help = `vagus authority: the hospital or maker, whose word every device and programmer goes by

usage: vagus authority init [FOLDER] [options]     makes a new one (default folder: authority)
       vagus authority show [FOLDER]               says what is in its books

  --curve C             Ed25519 (default), or P-256 where an HSM or a PKI wants it: for all parties under it
  --name N              what people call it (default: Vagus)
  --status-uri U        where its status list is to be had (default: https://status.invalid/vagus)
  --insecure            the key lies in the folder unencrypted: fit for nothing but a demo
${PASSPHRASE_HELP}
${JSON_HELP}

The folder has authority.key (the private key, an age file under a passphrase), anchor.cbor (the public key),
authority.json and ledger.jsonl (what was issued and revoked): docs/FILES.md draws them.

exit codes: 0 done; 1 it failed, or there is one already; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      curve: { type: "string", default: "Ed25519" },
      name: { type: "string", default: "Vagus" },
      "status-uri": { type: "string", default: "https://status.invalid/vagus" },
      insecure: { type: "boolean", default: false },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const [what, ...rest] = positionals;
  const path = rest.length === 0 ? "authority" : only(rest, "FOLDER");
  const crypto = createPortableCrypto();
  if (what === "show") {
    show(openAuthority(crypto, path), values.json);
    return 0;
  }
  if (what !== "init") throw new UsageError(`expected init or show, came ${what ?? "nothing"}`);
  const curve = oneOf("curve", values.curve, ["Ed25519", "P-256"]);
  const protection = await newProtection(values, "the Authority's key");
  const facts = {
    ...{ name: values.name, curve, statusUri: values["status-uri"] },
    created: new Date().toISOString(),
  };
  const folder = await AuthorityFolder.create(crypto, path, facts, protection);
  if (values.insecure) warnOfBareKey(folder.file("key"));
  report(values.json, {
    result: { folder: path, kid: toHex(folder.anchor.kid), ...folder.facts, encrypted: !values.insecure },
    did: [
      `made the Authority ${values.name} (${curve}, ${toHex(folder.anchor.kid)}) in ${path}`,
      values.insecure
        ? "its key is NOT encrypted"
        : "its key is encrypted: without the passphrase it is lost",
    ],
    next: [
      "vagus request FOLDER                                   a programmer makes its key and a request",
      `vagus issue FOLDER/request.cwt --authority ${path} --group G --scope "ecg:read"`,
    ],
  });
  return 0;
}

function show({ facts, anchor, registry, path }: AuthorityFolder, json: boolean): void {
  const lists = registry.lists.map(({ list, epoch, kids }) => ({ audience: list, epoch, keys: kids.length }));
  const { size: issued, revokedCount: revoked } = registry;
  report(json, {
    result: { folder: path, kid: toHex(anchor.kid), ...facts, issued, revoked, lists },
    did: [
      `${facts.name} (${facts.curve}, ${toHex(anchor.kid)}), since ${facts.created}`,
      `${count(issued, "credential")} issued, ${revoked} revoked; status list: ${facts.statusUri}`,
      ...lists.map(
        ({ audience, epoch, keys }) =>
          `revocation list for ${audience}: epoch ${epoch}, ${count(keys, "key")}`,
      ),
    ],
  });
}
