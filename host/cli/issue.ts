import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import { SCOPE, verifyRequest } from "../../modules/credential/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { isSubsetScope, parseScope } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { keepGiven } from "../store/holder-folder.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report, when } from "./report.js";
import { needed, number, only, UsageError } from "./usage.js";

export const summary = "the Authority issues a programmer's credential from a request";

const SCOPES = Object.values(SCOPE);
const DAYS_MAX = 7;
const DAY_S = 86_400;

export const help = `vagus issue: the Authority's credential for the key that a request shows

usage: vagus issue REQUEST --authority FOLDER --group G [options]

  --authority FOLDER    who issues
  --group G             the group of devices that the programmer may talk to, or one device's subject; may come again
  --scope "S …"         what it may do (default: ecg:read), of
                        ${SCOPES.join(" ")}
  --days N              how long it holds, up to ${DAYS_MAX} (default ${DAYS_MAX})
  --out FOLDER          where credential.cwt and anchor.cbor go (default: beside the request)
${PASSPHRASE_HELP}
${JSON_HELP}

exit codes: 0 issued, and in the ledger; 1 refused or failed; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      group: { type: "string", multiple: true },
      scope: { type: "string", default: SCOPE.ecgRead },
      days: { type: "string", default: `${DAYS_MAX}` },
      out: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const request = only(positionals, "REQUEST");
  const audience = needed(values.group, "--group, whose devices it may talk to");
  const scope = knownScope(values.scope);
  const lifetimeS = Math.round(number("days", values.days, 1 / 1440, DAYS_MAX) * DAY_S);
  const crypto = createPortableCrypto();
  const holder = verifyRequest(crypto, readFileSync(request));
  const office = await openOffice(crypto, values.authority, values);
  if (holder.curve !== office.authority.anchor.curve) {
    const { curve } = office.authority.anchor;
    throw new VagusError(
      "credential/request",
      `expected a key on ${curve} (--curve), came one on ${holder.curve}`,
    );
  }
  const { token, subject, expires } = await office.issue({
    kind: "programmer",
    holder,
    audience,
    scope,
    lifetimeS,
  });
  const folder = values.out ?? dirname(request);
  keepGiven(folder, { credential: token, anchor: office.authority.anchorKey });
  const kid = toHex(holder.kid);
  report(values.json, {
    result: {
      folder,
      index: office.registry.size - 1,
      kid,
      subject,
      audience,
      scope,
      expires,
      bytes: token.length,
    },
    did: [
      `issued credential ${office.registry.size - 1} (${token.length} bytes) for the key ${kid}, until ${when(expires)}`,
      `it may ${scope.join(", ")} on ${audience.join(", ")}; it is in ${folder}, with the anchor`,
    ],
    next: [`give ${folder}/credential.cwt and ${folder}/anchor.cbor to whoever sent the request`],
  });
  return 0;
}

/** @throws UsageError for a word that is no scope of Vagus */
export function knownScope(text: string): string[] {
  const scope = [...parseScope(text)];
  if (isSubsetScope(scope, SCOPES)) return scope;
  throw new UsageError(`--scope: expected words of ${SCOPES.join(" ")}, came ${text}`);
}
