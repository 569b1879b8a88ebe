import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { freshen, revoke } from "../programmer/manage.js";
import { DEVICE_HELP, DEVICE_OPTIONS } from "./device-at.js";
import { endWords, keepEnd } from "./farewell.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report, when } from "./report.js";
import { openSession, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { nothing } from "./usage.js";
import { asking, openWord, WORD_HELP, WORD_OPTIONS } from "./word.js";

export const summary = "a device revokes itself: it signs that its key is gone";

export const help = `vagus retire: the end of a device that is at hand: it signs its self-revocation, and purges its key

usage: vagus retire [--authority FOLDER | --ask FILE] --programmer FOLDER (--device FOLDER | --port P) [options]

${WORD_HELP}
${sessionHelp("device:manage")}
${DEVICE_HELP}
${PASSPHRASE_HELP}
                        (of both keys: the Authority's and the programmer's)
${JSON_HELP}

The self-revocation is kept in the programmer's folder. With --authority it goes into the ledger at once: the device's
credentials are revoked, and its key takes no place on a list. The device can come back only by its button, its label and a
new key (vagus provision).

exit codes: 0 the device has ended; 1 refused or failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...WORD_OPTIONS,
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
  const { device } = programmer;
  try {
    await freshen(programmer, asking(crypto, holding, word));
    const farewell = await revoke(programmer, crypto);
    const kept = await keepEnd(values.programmer, device, farewell, word.office);
    const { did, next } = endWords(kept);
    report(values.json, {
      result: {
        device: device.subject,
        issued: farewell.issued,
        epoch: farewell.epoch,
        selfRevocation: kept.path,
        recorded: kept.revocation !== undefined,
      },
      did: [
        `the device ${device.subject} has revoked itself, at ${when(farewell.issued)} by its time: its key is gone`,
        ...did,
      ],
      next,
    });
    return 0;
  } finally {
    programmer.close();
  }
}
