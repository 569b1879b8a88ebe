import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Trust } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { StatusChecker } from "../authority/status.js";
import { nodeZlib } from "../cose/zlib.js";
import { Programmer } from "../programmer/programmer.js";
import { HOLDER_FILES, type Holding, openHolder } from "../store/holder-folder.js";
import { type DeviceSource, deviceAt, linkTo } from "./device-at.js";
import { type PassphraseSource, passphraseFor, warnOfBareKey } from "./passphrase.js";
import { nowSeconds } from "./report.js";

export const SESSION_OPTIONS = {
  programmer: { type: "string", default: "programmer" },
  "status-list": { type: "string" },
} as const;
export const SESSION_HELP = `  --programmer FOLDER   who opens the session: its key and credential (default: programmer)
  --status-list FILE    the Authority's status list: a device that is revoked in it is not talked to`;

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
  const revoked = statusOf(crypto, source["status-list"], holding);
  const trust = new Trust(crypto, {
    anchor,
    kinds: ["device"],
    time: () => ({ floor: 0, now: nowSeconds(), toleranceSeconds: 60 }),
    ...(revoked && { revoked }),
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

function statusOf(crypto: Crypto, path: string | undefined, { anchor }: Holding) {
  if (path === undefined) return undefined;
  const checker = new StatusChecker(crypto, { anchor, zlib: nodeZlib, now: nowSeconds });
  checker.take(readFileSync(path));
  return checker.isRevoked;
}
