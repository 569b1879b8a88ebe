import { join } from "node:path";
import { type Credential, Trust } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { Programmer } from "../programmer/programmer.js";
import { HOLDER_FILES, type Holding, openHolder } from "../store/holder-folder.js";
import { keptStatus } from "../store/kept-status.js";
import { type DeviceSource, deviceAt, linkTo } from "./device-at.js";
import { type PassphraseSource, passphraseFor, warnOfBareKey } from "./passphrase.js";
import { nowSeconds, when } from "./report.js";

export const SESSION_OPTIONS = {
  programmer: { type: "string", default: "programmer" },
  "status-list": { type: "string" },
} as const;
/** @param scope what its credential has to be good for, where that is something */
export function sessionHelp(scope?: string): string {
  const needed = scope === undefined ? "" : `;\n${" ".repeat(24)}its scope has to have ${scope}`;
  return `  --programmer FOLDER   who opens the session: its key and credential (default: programmer)${needed}
  --status-list FILE    the Authority's status list, as it was fetched: a device that it says is revoked is not talked to.
                        It is kept in the programmer's folder, and no older one is taken after it`;
}

export interface SessionSource extends PassphraseSource, DeviceSource {
  readonly programmer: string;
  readonly "status-list"?: string;
}

export interface OpenSession {
  readonly programmer: Programmer;
  readonly holding: Holding;
  /** Why the link has ended, once it has. */
  readonly ended: () => string | undefined;
}

/** Who the folder is of. */
export async function openProgrammer(
  crypto: Crypto,
  folder: string,
  source: PassphraseSource,
): Promise<Holding> {
  const key = join(folder, HOLDER_FILES.key);
  const holding = await openHolder(crypto, folder, passphraseFor(source, key), nowSeconds());
  if (holding.insecure) warnOfBareKey(key);
  return holding;
}

/** A session with the device. @throws VagusError `host/…`, `edhoc/…`, `session/…`, `cwt/…`, `gatt/…` */
export async function openSession(crypto: Crypto, source: SessionSource): Promise<OpenSession> {
  const at = deviceAt(source);
  const holding = await openProgrammer(crypto, source.programmer, source);
  const { anchor, key, credential, ancestor } = holding;
  const revoked = statusOf(crypto, source, holding);
  const trust = new Trust(crypto, {
    anchor,
    kinds: ["device"],
    time: () => ({ floor: 0, now: nowSeconds(), toleranceSeconds: 60 }),
    revoked,
  });
  let reason: string | undefined;
  const programmer = await Programmer.connect({
    ...{ crypto, credential, key, trust, link: await linkTo(at) },
    ...(ancestor && { ancestor }),
    observe: (event) => {
      if (event.kind === "closed") reason = event.reason;
    },
  }).catch((error: unknown) => {
    throw error instanceof VagusError && error.code === "edhoc/peer" ? refusal(source.programmer) : error;
  });
  return { programmer, holding, ended: () => reason };
}

/** A device tells nobody why: its own log does. */
function refusal(programmer: string): VagusError {
  return new VagusError(
    "edhoc/peer",
    `the device refused ${programmer}: it is revoked there, or expired, or for another group, or another Authority's`,
  );
}

/**
 * Whom the programmer's status list says to be revoked. Without a list, or with one that is out of date, only a warning
 * can be given: it knows who was revoked, not who still holds.
 */
function statusOf(
  crypto: Crypto,
  { programmer, "status-list": fetched }: Pick<SessionSource, "programmer" | "status-list">,
  { anchor }: Holding,
): (kid: Uint8Array, credential: Credential) => boolean {
  const checker = keptStatus(crypto, programmer, { anchor, now: nowSeconds, ...(fetched && { fetched }) });
  if (checker.current || fetched !== undefined) return checker.isRevoked;
  const { newest } = checker;
  process.stderr.write(
    newest === undefined
      ? `warning: no status list in ${programmer} (--status-list FILE): nobody can say whether a device is revoked\n`
      : `warning: the status list in ${programmer} is out of date, of ${when(newest.iat)}: fetch a newer one (--status-list FILE)\n`,
  );
  return (_kid, { token }) => checker.wasRevoked(token);
}
