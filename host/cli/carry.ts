import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isListed, verifyRevocationList } from "../../modules/credential/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { carry } from "../programmer/manage.js";
import { DEVICE_HELP, DEVICE_OPTIONS } from "./device-at.js";
import { endWords, keepEnd } from "./farewell.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, report } from "./report.js";
import { openSession, SESSION_OPTIONS, sessionHelp } from "./session.js";
import { only } from "./usage.js";

export const summary = "hands a revocation list to a device";

export const help = `vagus carry: hands a revocation list to a device, in a session

usage: vagus carry LIST (--device FOLDER | --port P) [--programmer FOLDER] [options]

${sessionHelp()}
${DEVICE_HELP}
  --authority FOLDER    where it is here: takes note of it when the device finds itself on the list and revokes itself
${PASSPHRASE_HELP}
${JSON_HELP}

Any session will do, whatever its scope. The device takes a list of its group with an epoch above that of the one it has. One
that is itself on it signs its self-revocation and purges its key; that is kept in the programmer's folder.

exit codes: 0 the device has it; 1 refused (it may have it already: credential/epoch) or failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string" },
      ...SESSION_OPTIONS,
      ...DEVICE_OPTIONS,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const list = new Uint8Array(readFileSync(only(positionals, "LIST")));
  const crypto = createPortableCrypto();
  const { authority } = values;
  const office = authority === undefined ? undefined : await openOffice(crypto, authority, values);
  const { programmer, holding } = await openSession(crypto, values);
  const { subject, audience } = programmer.device;
  try {
    const { epoch, revoked } = verifyRevocationList(crypto, list, holding.anchor, [audience[0]]);
    const keys = revoked.length / 8;
    const own = [holding.credential, ...(holding.ancestor ? [holding.ancestor] : [])];
    const myself = own.some(({ kid }) => isListed(revoked, kid));
    const farewell = await carry(programmer, list, crypto).catch((error: unknown) => {
      // it takes the list, then drops whoever is on it: the answer may be lost with the session
      if (myself && error instanceof VagusError && error.code === "gatt/disconnected") return undefined;
      throw error;
    });
    const kept = farewell && (await keepEnd(values.programmer, programmer.device, farewell, office));
    const { did, next } = kept ? endWords(kept) : { did: [], next: [] };
    report(values.json, {
      result: {
        device: subject,
        epoch,
        keys,
        carrierRevoked: myself,
        deviceRevoked: farewell !== undefined,
        ...(kept && { selfRevocation: kept.path, recorded: kept.revocation !== undefined }),
      },
      did: [
        farewell === undefined
          ? `the device ${subject} has the list of epoch ${epoch} now: ${count(keys, "key")} on it`
          : `the device ${subject} found itself on the list of epoch ${epoch}: it signed its self-revocation, and its key is gone`,
        ...did,
        ...(myself ? ["this programmer is on it: the session is over, and there will be no other"] : []),
      ],
      next,
    });
    return 0;
  } finally {
    programmer.close();
  }
}
