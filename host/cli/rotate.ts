import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { freshen, rotate } from "../programmer/manage.js";
import { DEVICE_HELP, DEVICE_OPTIONS } from "./device-at.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, nowSeconds, report, when } from "./report.js";
import { openSession, SESSION_HELP, SESSION_OPTIONS } from "./session.js";
import { only } from "./usage.js";

export const summary = "gives a device a new credential, and a new key if wanted";

export const help = `vagus rotate: a device's new credential, of its Authority, through a programmer's session

usage: vagus rotate --authority FOLDER --programmer FOLDER (--device FOLDER | --port P) [options]

  --authority FOLDER    the Authority: here, so that it can answer within the minute (default: authority)
${SESSION_HELP}; its scope has to have device:manage
${DEVICE_HELP}
  --new-key             the device makes a new key; the old one vouches for it, and is forgotten
${PASSPHRASE_HELP}
                        (of both keys: the Authority's and the programmer's)
${JSON_HELP}

exit codes: 0 the device has it; 1 refused or failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      "new-key": { type: "boolean", default: false },
      ...SESSION_OPTIONS,
      ...DEVICE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  if (positionals.length > 0) only([...positionals, ""], "device, by its options");
  const crypto = createPortableCrypto();
  const office = await openOffice(crypto, values.authority, values);
  const { programmer, holding } = await openSession(crypto, values);
  const { key, anchor } = holding;
  const { subject, audience } = programmer.device;
  try {
    const ask = (request: Uint8Array) => office.freshness(request);
    await freshen(programmer, { crypto, key, anchor, now: nowSeconds(), ask });
    let [expires, kid] = [0, ""];
    await rotate(programmer, {
      crypto,
      ...(values["new-key"] && { newKeyOn: anchor.curve }),
      issue: async (holder) => {
        const credential = await office.issue({ kind: "device", holder, audience, subject });
        [expires, kid] = [credential.expires, toHex(holder.kid)];
        return credential.token;
      },
    });
    report(values.json, {
      result: { device: subject, kid, newKey: values["new-key"], index: office.registry.size - 1, expires },
      did: [
        `the device ${subject} has credential ${office.registry.size - 1} now, until ${when(expires)}`,
        values["new-key"] ? `its new key is ${kid}` : `its key is ${kid}, as before`,
      ],
    });
    return 0;
  } finally {
    programmer.close();
  }
}
