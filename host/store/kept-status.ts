/**
 * The newest status list that a holder has seen, kept in its folder so that no older one is taken after it:
 *
 *   status.cbor   [ when it was fetched, the list ]      seconds since 1970; a CWT
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { equal } from "../../modules/bytes/index.js";
import { decode, encode } from "../../modules/cbor/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import { type Anchor, issuerOf } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { CLAIM, parseCwtUnverified } from "../../modules/cwt/index.js";
import { replaceFile } from "../authority/files.js";
import { StatusChecker } from "../authority/status.js";
import { nodeZlib } from "../cose/zlib.js";

const STATUS_FILE = "status.cbor";
const MALFORMED = "host/store";
const FILE_MAX = (1 << 20) + 64;

/**
 * The list that is kept in a holder's folder and, where one is named, a newer one, which is kept from then on. It counts as
 * fetched when its file was written.
 * @param now seconds since 1970
 * @throws VagusError `cwt/status` for an older list than the one that is kept, `host/store`, `cwt/…`, `cose/…`, `cbor/…`
 */
export function keptStatus(
  crypto: Crypto,
  folder: string,
  options: { readonly anchor: Anchor; readonly now: () => number; readonly fetched?: string },
): StatusChecker {
  const { anchor, now, fetched } = options;
  const checker = new StatusChecker(crypto, { anchor, zlib: nodeZlib, now });
  const path = join(folder, STATUS_FILE);
  const kept = existsSync(path) ? readKept(path, anchor) : undefined;
  if (kept !== undefined) checker.restore(kept.list, kept.takenAt);
  if (fetched === undefined) return checker;
  const list = new Uint8Array(readFileSync(fetched));
  checker.take(list, Math.floor(statSync(fetched).mtimeMs / 1000));
  if (kept === undefined || kept.takenAt !== checker.takenAt || !equal(kept.list, list)) {
    replaceFile(path, encode([checker.takenAt ?? now(), list]));
  }
  return checker;
}

/** Undefined for one of another Authority: the holder has gone over to this one since. */
function readKept(path: string, anchor: Anchor) {
  const content = decode(new Uint8Array(readFileSync(path)), { maxSize: FILE_MAX });
  const [takenAt, bytes] = asArray(content, MALFORMED, path, 2);
  const list = asBytes(bytes, MALFORMED, "status list").slice();
  const { claims } = parseCwtUnverified(list, { maxSize: FILE_MAX });
  if (claims.get(CLAIM.iss) !== issuerOf(anchor)) return undefined;
  return { takenAt: asUint(takenAt, MALFORMED, "when it was fetched"), list };
}
