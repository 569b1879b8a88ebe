import { parseArgs } from "node:util";
import { toBase64url } from "../../modules/bytes/base64url.js";
import { toHex } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { resetTime } from "../programmer/manage.js";
import { DEVICE_HELP, DEVICE_OPTIONS, deviceAt } from "./device-at.js";
import { labelOf, openLabelSession } from "./label-session.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, nowSeconds, report, when } from "./report.js";
import { openSession, SESSION_OPTIONS, type SessionSource, sessionHelp } from "./session.js";
import { nothing, UsageError } from "./usage.js";
import { openWord, signed, WORD_HELP, WORD_OPTIONS, type WordSource } from "./word.js";

export const summary = "sets a device's time by its Authority's clock";

export const help = `vagus time: sets a device's time, earlier or later, by a time reset of its Authority

usage: vagus time [--authority FOLDER | --ask FILE] --programmer FOLDER (--device FOLDER | --port P) [options]
       vagus time --button [--authority FOLDER] (--device FOLDER | --port P --label HEX) [options]

${WORD_HELP}
${sessionHelp()}
${DEVICE_HELP}
  --button              by the label session of a device whose button was held for 3 s: for one whose time is so far ahead
                        that every programmer's credential has ended for it. The Authority has to be here
  --label HEX           the 32 hexadecimal digits that are printed on it; the same as --button, where no FOLDER tells them
${PASSPHRASE_HELP}
${JSON_HELP}

Any session will do, whatever its scope: the time reset is over a nonce of it.

exit codes: 0 the device has the Authority's time; 1 refused or failed; 2 wrong usage
`;

type Source = WordSource &
  SessionSource & { readonly label?: string; readonly button: boolean; readonly json: boolean };

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      label: { type: "string" },
      button: { type: "boolean", default: false },
      ...WORD_OPTIONS,
      ...SESSION_OPTIONS,
      ...DEVICE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const crypto = createPortableCrypto();
  const byLabel = values.button || values.label !== undefined;
  const device = byLabel ? await inLabelSession(crypto, values) : await inSession(crypto, values);
  const seconds = nowSeconds();
  report(values.json, {
    result: { device, seconds },
    did: [`the device ${device} has the Authority's time now: ${when(seconds)}`],
  });
  return 0;
}

async function inSession(crypto: Crypto, source: Source): Promise<string> {
  const word = await openWord(crypto, source);
  const { programmer, holding } = await openSession(crypto, source);
  try {
    await resetTime(programmer, async (nonce) => {
      const request = await signed(crypto, holding, programmer, nonce);
      return (await word.ask({ what: "time", request })).token;
    });
    return programmer.device.subject;
  } finally {
    programmer.close();
  }
}

/** The label does not say who the device is: the key that it has does, by the ledger. */
async function inLabelSession(crypto: Crypto, source: Source): Promise<string> {
  if (source.ask !== undefined) throw new UsageError("expected --authority with a label, came --ask");
  const at = deviceAt(source);
  const label = labelOf(source.label ?? at.label);
  const office = await openOffice(crypto, source.authority ?? "authority", source);
  const provisioner = await openLabelSession(crypto, at.port, label);
  try {
    const { kid } = await provisioner.identify();
    const [known] = office.registry.ofKey(toBase64url(kid)).filter(({ kind }) => kind === "device");
    if (known === undefined) {
      throw new VagusError(
        "credential/holder",
        `expected a device of this Authority's ledger, came the key ${toHex(kid)}`,
      );
    }
    await provisioner.setTime((nonce) => office.timeReset(nonce, known.sub));
    return known.sub;
  } finally {
    provisioner.close();
  }
}
