import { join } from "node:path";
import { type Credential, Trust } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { pairLink } from "../link/pair.js";
import { Programmer } from "../programmer/programmer.js";
import type { Own } from "../programmer/respond.js";
import { HOLDER_FILES, type Holding, openHolder } from "../store/holder-folder.js";
import { keptStatus } from "../store/kept-status.js";
import { type DeviceSource, deviceAt } from "./device-at.js";
import { type PassphraseSource, passphraseFor, warnOfBareKey } from "./passphrase.js";
import { connectOnce, type LinkSource } from "./radios.js";
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
  /** Ends the link, and gives back what carried it. */
  close(): Promise<void>;
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

/** Who opens sessions, and which devices it believes. @throws VagusError `host/…`, `cwt/…` */
export async function openOwn(
  crypto: Crypto,
  source: Omit<SessionSource, keyof DeviceSource>,
): Promise<{ readonly own: Own; readonly holding: Holding }> {
  const holding = await openProgrammer(crypto, source.programmer, source);
  const { anchor, key, credential, ancestor } = holding;
  const trust = new Trust(crypto, {
    anchor,
    kinds: ["device"],
    time: () => ({ floor: 0, now: nowSeconds(), toleranceSeconds: 60 }),
    revoked: statusOf(crypto, source, holding),
  });
  return { own: { crypto, credential, key, trust, ...(ancestor && { ancestor }) }, holding };
}

/** A session with the device. @throws VagusError `host/…`, `edhoc/…`, `session/…`, `cwt/…`, `gatt/…` */
export async function openSession(
  crypto: Crypto,
  source: SessionSource & Partial<LinkSource>,
): Promise<OpenSession> {
  const { link: kind = "loopback", mtu = "247" } = source;
  if (kind !== "ble") deviceAt(source);
  const { own, holding } = await openOwn(crypto, source);
  let reason: string | undefined;
  const { link, close } = await connectOnce({ ...source, link: kind, mtu });
  const programmer = await Programmer.connect({
    ...own,
    link,
    observe: (event) => {
      if (event.kind === "closed") reason = event.reason;
    },
  }).catch(async (error: unknown) => {
    await close();
    throw inWords(source.programmer, error);
  });
  if (source.pair) {
    await pairLink(link, programmer.passkey).catch(async (error: unknown) => {
      programmer.close();
      await close();
      throw error;
    });
  }
  const end = () => {
    programmer.close();
    return close();
  };
  return { programmer, holding, close: end, ended: () => reason };
}

/** What a device refuses by, for whoever asked. */
export function inWords(programmer: string, error: unknown): unknown {
  return error instanceof VagusError && error.code === "edhoc/peer" ? refusal(programmer) : error;
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
