import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { answerQuestion } from "../authority/answer.js";
import { freshen, identify, rotateAnchor } from "../programmer/manage.js";
import { DEVICE_HELP, DEVICE_OPTIONS } from "./device-at.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, nowSeconds, report, when } from "./report.js";
import { openSession, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { needed, nothing } from "./usage.js";
import { asking } from "./word.js";

export const summary = "hands a device over to the next Authority";

export const help = `vagus anchor: a device goes over to the next Authority, which its old one signs to be that

usage: vagus anchor --authority FOLDER --next FOLDER --programmer FOLDER (--device FOLDER | --port P) [options]

  --authority FOLDER    the Authority that it has; here (default: authority)
  --next FOLDER         the one that takes its place; here too, and on the same curve
  --group G             the group that it belongs to from then on; may come again (default: those that it has)
${sessionHelp("device:manage")}
${DEVICE_HELP}
${PASSPHRASE_HELP}
                        (of all three keys: both Authorities' and the programmer's)
${JSON_HELP}

The device keeps its key and its name, and gets the next Authority's credential for them in the same step. From then on it
believes nobody of the old one; the session ends.

exit codes: 0 the device has gone over; 1 refused or failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      next: { type: "string" },
      group: { type: "string", multiple: true },
      ...SESSION_OPTIONS,
      ...DEVICE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const path = needed(values.next, "--next, the folder of the next Authority");
  const crypto = createPortableCrypto();
  const old = await openOffice(crypto, values.authority, values);
  const next = await openOffice(crypto, path, values);
  const { anchor } = next.authority;
  if (anchor.curve !== old.authority.anchor.curve) {
    const { curve } = old.authority.anchor;
    throw new VagusError(
      "credential/anchor",
      `expected an Authority on ${curve}, came one on ${anchor.curve}`,
    );
  }
  const { programmer, holding } = await openSession(crypto, values);
  const { subject, audience } = programmer.device;
  try {
    const ask = (question: Parameters<typeof answerQuestion>[2]) => answerQuestion(crypto, old, question);
    await freshen(programmer, asking(crypto, holding, { ask }));
    const { holder } = await identify(programmer, crypto);
    const groups = values.group ?? audience;
    const credential = await next.issue({ kind: "device", holder, audience: groups, subject });
    const rotation = await old.authority.handOver(anchor, audience[0], nowSeconds());
    await rotateAnchor(programmer, rotation, credential.token);
    const [group] = groups;
    const list = next.registry.epoch(group) > 0;
    report(values.json, {
      result: {
        device: subject,
        anchor: toHex(anchor.kid),
        kid: toHex(holder.kid),
        audience: groups,
        index: next.registry.size - 1,
        expires: credential.expires,
      },
      did: [
        `the device ${subject} is ${next.folder.facts.name}'s now (${toHex(anchor.kid)}), of ${groups.join(", ")}, until ${when(credential.expires)}`,
        `its key is ${toHex(holder.kid)}, as before; nobody of ${old.folder.facts.name} is let in any more`,
      ],
      next: [
        `vagus issue REQUEST --authority ${path} --group ${group}     a programmer's credential of the next Authority`,
        ...(list
          ? [`vagus carry ${path}/out/${encodeURIComponent(group)}.list.cwt     whom it is not to trust`]
          : []),
      ],
    });
    return 0;
  } finally {
    programmer.close();
  }
}
