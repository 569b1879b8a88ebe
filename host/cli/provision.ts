import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { replaceFile } from "../authority/files.js";
import { DEVICE_HELP, DEVICE_OPTIONS, deviceAt } from "./device-at.js";
import { labelOf, openLabelSession } from "./label-session.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report, when } from "./report.js";
import { nothing } from "./usage.js";

export const summary = "gives a new device its credential and its Authority";

export const help = `vagus provision: makes a new device one of an Authority's

usage: vagus provision --authority FOLDER (--device FOLDER | --port P --label HEX) [options]

Hold the device's button for 3 s first (in the terminal of \`vagus device\`: key p); then there is a minute.

  --authority FOLDER    whose device it is to be (default: authority)
${DEVICE_HELP}, with
  --label HEX           the 32 hexadecimal digits that are printed on it
  --group G             the group that it belongs to; may come again, the first is the one whose list it keeps
                        (default: vagus)
  --out FILE            keeps a copy of its credential
${PASSPHRASE_HELP}
${JSON_HELP}

exit codes: 0 the device has its credential; 1 its button is not held, its label is another, it failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      label: { type: "string" },
      group: { type: "string", multiple: true, default: ["vagus"] },
      out: { type: "string" },
      ...DEVICE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const at = deviceAt(values);
  const label = labelOf(values.label ?? at.label);
  const crypto = createPortableCrypto();
  const office = await openOffice(crypto, values.authority, values);
  const provisioner = await openLabelSession(crypto, at.port, label);
  try {
    const holder = await provisioner.identify(office.authority.anchor.curve);
    const credential = await office.issue({ kind: "device", holder, audience: values.group });
    await provisioner.provision(credential.token, office.authority.anchorKey);
    await provisioner.setTime((nonce) => office.timeReset(nonce, credential.subject));
    const list = await office.list(values.group[0]);
    if (list !== undefined) await provisioner.carry(list).catch(unlessOlder);
    if (values.out !== undefined) replaceFile(values.out, credential.token);
    const { subject, expires, token } = credential;
    const [kid, index] = [toHex(holder.kid), office.registry.size - 1];
    report(values.json, {
      result: { index, subject, kid, audience: values.group, expires, bytes: token.length },
      did: [
        `the device is ${subject} now, of ${values.group.join(", ")}, until ${when(expires)}`,
        `its time is set${list === undefined ? "" : ", and it has the newest revocation list"}`,
        `its key ${kid} was made on it and stays there; its credential is ${index} in the ledger (${token.length} bytes)`,
      ],
      next: [
        `a programmer of ${values.group[0]} may open a session with it; vagus revoke --kid ${kid} takes it back`,
      ],
    });
    return 0;
  } finally {
    provisioner.close();
  }
}

/** A device that is provisioned anew may have this list, or a newer one. */
function unlessOlder(error: unknown): void {
  if (!(error instanceof VagusError && error.code === "credential/epoch")) throw error;
}
