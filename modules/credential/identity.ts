/**
 * Who the device is, in one record, so that no part of it changes without the others:
 *
 *   [ label (16 bytes), sealed key, credential, anchor, since ]      the middle three null where there is none
 *
 *   new          key, credential and anchor are null
 *   provisioned  all are there
 *   revoked      key and credential are null: the device purged them, and still knows its Authority
 *
 * The key is sealed under the device secret; nothing here can read it. `since` is the `iat` of the rotation that
 * brought the anchor, 0 for the first one: an older rotation is not taken again.
 */
import { decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { type Anchor, decodeAnchor } from "./anchor.js";
import { type Credential, verifyCredential } from "./credential.js";
import { SECTOR } from "./layout.js";

export const LABEL_LENGTH = 16;
const CORRUPT = "flash/corrupt";

/** What the device holds of its Authority. */
export interface Own {
  readonly key: PrivateKey<SigningCurve>;
  /** The first 8 bytes of the key's thumbprint (RFC 9679). */
  readonly kid: Uint8Array;
  readonly credential: Credential;
}

export interface Root {
  readonly anchor: Anchor;
  /** Seconds since 1970 of the rotation that brought it, or 0. */
  readonly since: number;
}

export interface Identity {
  readonly label: Uint8Array;
  readonly root: Root | undefined;
  readonly own: Own | undefined;
}

/** The identity as it lies in flash. */
export interface StoredIdentity {
  readonly label: Uint8Array;
  readonly sealed: Uint8Array | null;
  readonly credential: Uint8Array | null;
  readonly anchor: Uint8Array | null;
  readonly since: number;
}

/** Undefined where the device has yet to be made. @throws VagusError `flash/corrupt` */
export function loadIdentity(flash: Flash): StoredIdentity | undefined {
  const { value } = new FlashRecord(flash, SECTOR.identity);
  if (value === undefined) return undefined;
  const [label, sealed, credential, anchor, since] = asArray(decode(value), CORRUPT, "identity", 5);
  return {
    label: asBytes(label, CORRUPT, "label", LABEL_LENGTH),
    sealed: sealed === null ? null : asBytes(sealed, CORRUPT, "sealed key"),
    credential: credential === null ? null : asBytes(credential, CORRUPT, "credential"),
    anchor: anchor === null ? null : asBytes(anchor, CORRUPT, "anchor"),
    since: asUint(since, CORRUPT, "since"),
  };
}

/** Written in one step. What was before, keys and all, stays in flash until `purgeIdentity`. */
export function storeIdentity(flash: Flash, identity: StoredIdentity): void {
  const { label, sealed, credential, anchor, since } = identity;
  new FlashRecord(flash, SECTOR.identity).write(encode([label, sealed, credential, anchor, since]));
}

/** Leaves nothing of earlier identities in flash; ends what the power was cut off in. */
export function purgeIdentity(flash: Flash): void {
  new FlashRecord(flash, SECTOR.identity).purge();
}

/**
 * The identity, checked: a credential of the anchor for the key. Its own `exp` is not looked at here: whoever it is shown
 * to does.
 * @throws VagusError `flash/corrupt`, `crypto/bad-tag` where the key is another device's, `cwt/…`, `cose/…`
 */
export async function readIdentity(crypto: Crypto, stored: StoredIdentity): Promise<Identity> {
  const { label, sealed, credential: token, anchor: encoded, since } = stored;
  if (encoded === null) return { label, root: undefined, own: undefined };
  const anchor = decodeAnchor(crypto, encoded);
  const root = { anchor, since };
  if (sealed === null || token === null) return { label, root, own: undefined };
  const credential = verifyCredential(crypto, token, { kind: "device", anchor, time: { floor: 0 } });
  const key = await crypto.unseal(anchor.curve, sealed);
  return { label, root, own: { key, kid: credential.kid, credential } };
}
