import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { deviceOf, openStored, verifierOf } from "../export/stored.js";
import { signForFolder } from "../receipt/evidence.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, nowSeconds, report } from "./report.js";
import { openProgrammer } from "./session.js";
import { only } from "./usage.js";

export const summary = "signs which readings of a device were received, and by when";

export const help = `vagus receipt: a programmer signs for what is in a device's folder, so that it stays history

usage: vagus receipt FOLDER [options]

  --programmer FOLDER   who signs: its key and credential (default: programmer)
${PASSPHRASE_HELP}
${JSON_HELP}

Verifies everything in FOLDER and signs for what has no receipt yet, in FOLDER/receipts.cborseq. Readings of which there is a
receipt from before a device was revoked still count afterwards, and none of them can be left out of a bundle.

exit codes: 0 signed, or nothing new; 1 something there does not verify, or it failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { programmer: { type: "string", default: "programmer" }, ...PASSPHRASE_OPTION, ...JSON_OPTION },
  });
  const folder = only(positionals, "FOLDER");
  const crypto = createPortableCrypto();
  const stored = openStored(crypto, folder);
  const device = deviceOf(stored, folder);
  const holding = await openProgrammer(crypto, values.programmer, values);
  const signed = await signForFolder(crypto, folder, stored.streams, () => verifierOf(crypto, stored), {
    ...{ holding, device, issued: nowSeconds() },
  });
  report(values.json, {
    result: { folder, device, tokens: signed },
    did: [
      signed === 0
        ? "nothing new: there are receipts for all of it"
        : `signed for ${count(signed, "token")} of ${device}`,
    ],
    next: [`vagus export ${folder} --format bundle --programmer ${values.programmer} --out FILE`],
  });
  return 0;
}
