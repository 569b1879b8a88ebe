import { parseArgs } from "node:util";
import { fromHex, toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { INFO_STATE } from "../../modules/gatt/index.js";
import { replaceFile } from "../authority/files.js";
import { LoopbackLink } from "../link/loopback.js";
import { Provisioner } from "../programmer/provisioner.js";
import { DEVICE_HELP, DEVICE_OPTIONS, deviceAt } from "./device-at.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report, when } from "./report.js";
import { only, UsageError } from "./usage.js";

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
  if (positionals.length > 0) only([...positionals, ""], "device, by its options");
  const at = deviceAt(values);
  const label = labelOf(values.label ?? at.label);
  const crypto = createPortableCrypto();
  const office = await openOffice(crypto, values.authority, values);
  const link = await openHeld(at.port);
  const provisioner = await Provisioner.connect({ crypto, link, label }).catch((error: unknown) => {
    const wrong = error instanceof VagusError && error.code === "session/confirm";
    throw wrong
      ? new VagusError(error.code, "expected the label that is printed on the device, came another")
      : error;
  });
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

function labelOf(text: string | undefined): Uint8Array {
  if (text !== undefined && /^[0-9a-f]{32}$/i.test(text)) return fromHex(text.toLowerCase());
  throw new UsageError(`--label: expected 32 hexadecimal digits, came ${text ?? "nothing"}`);
}

/** A link to a device whose button opened provisioning; another one does not even listen. */
async function openHeld(port: number): Promise<LoopbackLink> {
  const held =
    "expected its button to be held for 3 s first (vagus device: key p), and then a minute at the most";
  let link: LoopbackLink;
  try {
    link = await LoopbackLink.open({ port });
    const [, state] = await link.readInfo();
    if (state === INFO_STATE.provisioning) return link;
    link.close();
  } catch (error) {
    if (error instanceof VagusError && error.code === "gatt/disconnected") {
      throw new VagusError("device/unprovisioned", `${held}; the device turned the connection away`);
    }
    throw error;
  }
  throw new VagusError("device/unprovisioned", `${held}; the device is there, and its button was not`);
}
