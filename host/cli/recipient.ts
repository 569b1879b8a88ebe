import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { createFile, makeFolder, PRIVATE } from "../authority/files.js";
import { makeAgreementKeyFile } from "../authority/sealed-key.js";
import { encodedPublicKey } from "../bundle/recipient.js";
import { newProtection, PASSPHRASE_HELP, PASSPHRASE_OPTION, warnOfBareKey } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report } from "./report.js";
import { only } from "./usage.js";

export const summary = "makes a key that bundles can be encrypted to";

export const help = `vagus recipient: a key pair (X25519) of whoever is to read encrypted bundles

usage: vagus recipient FOLDER [options]

  --insecure            the private key lies in the folder unencrypted: fit for nothing but a demo
${PASSPHRASE_HELP}
${JSON_HELP}

Makes FOLDER/recipient.key (an age file under a passphrase) and FOLDER/recipient.cbor (a COSE_Key), which is what to give to
whoever exports: vagus export … --format bundle --recipient recipient.cbor.

exit codes: 0 done; 1 it failed, or there is a key already; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { insecure: { type: "boolean", default: false }, ...PASSPHRASE_OPTION, ...JSON_OPTION },
  });
  const folder = only(positionals, "FOLDER");
  const [secret, open] = [join(folder, "recipient.key"), join(folder, "recipient.cbor")];
  if (existsSync(secret)) throw new VagusError("host/store", `expected no key in ${folder} yet, came one`);
  const protection = await newProtection(values, `the key in ${folder}`);
  const { key, file } = await makeAgreementKeyFile(createPortableCrypto(), protection);
  makeFolder(folder);
  createFile(secret, file, PRIVATE.file);
  writeFileSync(open, encodedPublicKey(key));
  if (values.insecure) warnOfBareKey(secret);
  report(values.json, {
    result: { key: secret, public: open, encrypted: !values.insecure },
    did: [`made ${secret}, and ${open}, which may be given to anyone`],
    next: [`vagus export FOLDER --format bundle --recipient ${open} --out FILE`],
  });
  return 0;
}
