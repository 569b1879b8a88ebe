import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { delegate, HUB_SCOPE, SCOPE, verifyRequest } from "../../modules/credential/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { HOLDER_FILES, keepGiven } from "../store/holder-folder.js";
import { knownScope } from "./issue.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, nowSeconds, report, when } from "./report.js";
import { openProgrammer } from "./session.js";
import { number, only } from "./usage.js";

export const summary = "a programmer lets a hub in: narrower and shorter than itself";

const HOUR_S = 3600;

export const help = `vagus delegate: a programmer's credential for a hub, from the hub's request

usage: vagus delegate REQUEST --programmer FOLDER [options]

  --programmer FOLDER   who delegates; its scope has to have \`delegate\` (default: programmer)
  --scope "S …"         what the hub may do (default: ecg:read), of ${HUB_SCOPE.join(" ")}
  --hours N             how long, not beyond the programmer's own credential (default: 24, or as long as that holds)
  --group G             on which of the programmer's groups; may come again (default: all of them)
  --out FOLDER          where credential.cwt, ancestor.cwt and anchor.cbor go (default: beside the request)
${PASSPHRASE_HELP}
${JSON_HELP}

exit codes: 0 done; 1 the programmer may not give that, or it failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      programmer: { type: "string", default: "programmer" },
      scope: { type: "string", default: SCOPE.ecgRead },
      hours: { type: "string" },
      group: { type: "string", multiple: true },
      out: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const request = only(positionals, "REQUEST");
  const scope = knownScope(values.scope);
  const hours = values.hours === undefined ? undefined : number("hours", values.hours, 1 / 60, 168);
  const crypto = createPortableCrypto();
  const holder = verifyRequest(crypto, readFileSync(request));
  const { key, credential: parent } = await openProgrammer(crypto, values.programmer, values);
  const issued = nowSeconds();
  const expires =
    hours === undefined
      ? Math.min(issued + 24 * HOUR_S, parent.expires)
      : issued + Math.round(hours * HOUR_S);
  const audience = values.group ?? parent.audience;
  const content = { subject: crypto.random(8), audience, holder, issued, expires, scope };
  const token = await delegate(crypto, key, parent, content);
  const folder = values.out ?? dirname(request);
  const anchor = new Uint8Array(readFileSync(join(values.programmer, HOLDER_FILES.anchor)));
  keepGiven(folder, { credential: token, ancestor: parent.token, anchor });
  const kid = toHex(holder.kid);
  report(values.json, {
    result: { folder, kid, audience, scope, expires, bytes: token.length },
    did: [
      `let the hub ${kid} in until ${when(expires)}: ${scope.join(", ")} on ${audience.join(", ")}`,
      `its credential (${token.length} bytes) is in ${folder}, with yours, which it rests on, and the anchor`,
    ],
    next: [`to end it early: vagus revoke ${folder}/credential.cwt --authority AUTHORITY`],
  });
  return 0;
}
