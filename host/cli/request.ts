import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { decodeAnchor, verifyRequest } from "../../modules/credential/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { createHolder } from "../store/holder-folder.js";
import { newProtection, PASSPHRASE_HELP, PASSPHRASE_OPTION, warnOfBareKey } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report } from "./report.js";
import { oneOf, only } from "./usage.js";

export const summary = "a programmer or a hub makes its key, and a request for a credential";

export const help = `vagus request: makes a key that never leaves its folder, and a request for a credential

usage: vagus request FOLDER [options]

  --curve C             Ed25519 (default) or P-256: the Authority's
  --anchor FILE         the Authority's public key (anchor.cbor): tells the curve
  --insecure            the key lies in the folder unencrypted: fit for nothing but a demo
${PASSPHRASE_HELP}
${JSON_HELP}

Makes FOLDER/holder.key (an age file under a passphrase) and FOLDER/request.cwt. The request says: "I hold this key".

exit codes: 0 done; 1 it failed, or there is a key already; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      curve: { type: "string", default: "Ed25519" },
      anchor: { type: "string" },
      insecure: { type: "boolean", default: false },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const folder = only(positionals, "FOLDER");
  const crypto = createPortableCrypto();
  const curve =
    values.anchor === undefined
      ? oneOf("curve", values.curve, ["Ed25519", "P-256"])
      : decodeAnchor(crypto, readFileSync(values.anchor)).curve;
  const protection = await newProtection(values, `the key in ${folder}`);
  const request = await createHolder(crypto, folder, curve, protection);
  if (values.insecure) warnOfBareKey(`${folder}/holder.key`);
  const kid = toHex(verifyRequest(crypto, readFileSync(request)).kid);
  report(values.json, {
    result: { folder, request, kid, curve, encrypted: !values.insecure },
    did: [
      `made the key ${kid} (${curve}) in ${folder}`,
      `and the request ${request}, which may be sent as it is`,
    ],
    next: [
      `a programmer:  vagus issue ${request} --authority AUTHORITY --group G --scope "ecg:read"`,
      `a hub:         vagus delegate ${request} --programmer PROGRAMMER --scope "ecg:read" --hours 24`,
    ],
  });
  return 0;
}
