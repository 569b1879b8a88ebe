import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { verifyCredential } from "../../modules/credential/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { freshen, rotate } from "../programmer/manage.js";
import { DEVICE_HELP, DEVICE_OPTIONS } from "./device-at.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report, when } from "./report.js";
import { openSession, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { nothing } from "./usage.js";
import { asking, openWord, signed, WORD_HELP, WORD_OPTIONS } from "./word.js";

export const summary = "gives a device a new credential, and a new key if wanted";

export const help = `vagus rotate: a device's new credential, of its Authority, through a programmer's session

usage: vagus rotate [--authority FOLDER | --ask FILE] --programmer FOLDER (--device FOLDER | --port P) [options]

${WORD_HELP};
                        it is asked twice: for a freshness token, and for the credential
${sessionHelp("device:manage")}
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
      ...WORD_OPTIONS,
      "new-key": { type: "boolean", default: false },
      ...SESSION_OPTIONS,
      ...DEVICE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const crypto = createPortableCrypto();
  const word = await openWord(crypto, values);
  const { programmer, holding } = await openSession(crypto, values);
  const { anchor } = holding;
  const { subject, token } = programmer.device;
  try {
    await freshen(programmer, asking(crypto, holding, word));
    let [expires, kid] = [0, ""];
    await rotate(programmer, {
      crypto,
      ...(values["new-key"] && { newKeyOn: anchor.curve }),
      issue: async (holder, request) => {
        const who = await signed(crypto, holding, programmer);
        const asked = { what: "credential", request: who, holder: request, credential: token } as const;
        const given = await word.ask(asked);
        const options = { kind: "device", anchor, time: { floor: 0 } } as const;
        ({ expires } = verifyCredential(crypto, given.token, options));
        kid = toHex(holder.kid);
        return given.token;
      },
    });
    report(values.json, {
      result: { device: subject, kid, newKey: values["new-key"], expires },
      did: [
        `the device ${subject} has a new credential, until ${when(expires)}`,
        values["new-key"] ? `its new key is ${kid}` : `its key is ${kid}, as before`,
      ],
      next: [`vagus revoke --subject ${subject} takes all of its credentials back, whatever key it has`],
    });
    return 0;
  } finally {
    programmer.close();
  }
}
