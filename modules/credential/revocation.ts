/**
 * The revocation list: which keys a device must no longer trust. It has one, for the group that its credential names
 * (or for itself); anyone may carry it, and a higher epoch replaces it.
 *
 *   revocation list   typ 65008, kid of the Authority's key
 *   iss (1)  the Authority     aud (3)  the group                    iat (6)
 *   -65540   epoch: rises with each list for this audience
 *   -65541   kids of the revoked keys, 8 bytes each, one after the other, rising
 *
 * A key needs to be on it only until its last credential has ended, so a list stays short.
 */
import { compare } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { asBytes, asUint } from "../cbor/shape.js";
import { KEY_ID_LENGTH } from "../cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { CLAIM, type Claims, signCwt, TYP } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import { type Anchor, anchorOf, issuerOf, verifyOfAuthority } from "./anchor.js";
import { PRIVATE_CLAIM } from "./claims.js";

/** Keys on a list, at most: 640 bytes of kids fit a message, a flash record and 4 KB of anything. */
export const REVOKED_MAX = 80;
const LIST_MAX = 960;
const MALFORMED = "cwt/claim";

export interface RevocationList {
  readonly epoch: number;
  /** Seconds since 1970. */
  readonly issued: number;
  /** Kids one after the other, rising. */
  readonly revoked: Uint8Array;
}

/** @param revoked kids, in any order, each once */
export function joinKids(revoked: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(revoked.length * KEY_ID_LENGTH);
  [...revoked].sort(compare).forEach((kid, i) => {
    joined.set(kid, i * KEY_ID_LENGTH);
  });
  return joined;
}

/** Is this key on the list? By bisection. */
export function isListed(revoked: Uint8Array, kid: Uint8Array): boolean {
  let low = 0;
  let high = revoked.length / KEY_ID_LENGTH;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(revoked.subarray(middle * KEY_ID_LENGTH, (middle + 1) * KEY_ID_LENGTH), kid);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** @throws VagusError `credential/epoch` for more keys than a device can keep */
export function issueRevocationList(
  crypto: Crypto,
  authority: PrivateKey<SigningCurve>,
  content: Omit<RevocationList, "revoked"> & {
    readonly audience: string;
    readonly revoked: readonly Uint8Array[];
  },
): Promise<Uint8Array> {
  if (content.revoked.length > REVOKED_MAX) {
    throw new VagusError(
      "credential/epoch",
      `expected at most ${REVOKED_MAX} keys on the list for ${content.audience}, came ${content.revoked.length}`,
    );
  }
  const anchor = anchorOf(crypto, authority);
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iss, issuerOf(anchor)],
    [CLAIM.aud, content.audience],
    [CLAIM.iat, content.issued],
    [PRIVATE_CLAIM.epoch, content.epoch],
    [PRIVATE_CLAIM.revoked, joinKids(content.revoked)],
  ]);
  return signCwt(crypto, authority, { typ: TYP.revocationList, kid: anchor.kid, claims });
}

/**
 * @param audience the first of the device's credential
 * @throws VagusError `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyRevocationList(
  crypto: Crypto,
  token: Uint8Array,
  anchor: Anchor,
  audience: readonly string[],
): RevocationList {
  const claims = verifyOfAuthority(crypto, token, anchor, {
    typ: TYP.revocationList,
    audience,
    required: [CLAIM.aud, CLAIM.iat, PRIVATE_CLAIM.epoch, PRIVATE_CLAIM.revoked],
    maxSize: LIST_MAX,
  });
  const revoked = asBytes(claims.get(PRIVATE_CLAIM.revoked), MALFORMED, "revoked");
  checkKids(revoked);
  return {
    epoch: asUint(claims.get(PRIVATE_CLAIM.epoch), MALFORMED, "epoch"),
    issued: asUint(claims.get(CLAIM.iat), MALFORMED, "iat"),
    revoked: revoked.slice(),
  };
}

function checkKids(revoked: Uint8Array): void {
  if (revoked.length % KEY_ID_LENGTH !== 0 || revoked.length > REVOKED_MAX * KEY_ID_LENGTH) {
    throw new VagusError(
      MALFORMED,
      `revoked: expected up to ${REVOKED_MAX} kids of ${KEY_ID_LENGTH} bytes, came ${revoked.length} bytes`,
    );
  }
  for (let at = KEY_ID_LENGTH; at < revoked.length; at += KEY_ID_LENGTH) {
    const before = revoked.subarray(at - KEY_ID_LENGTH, at);
    if (compare(before, revoked.subarray(at, at + KEY_ID_LENGTH)) >= 0) {
      throw new VagusError(MALFORMED, `revoked: expected kids to rise, came one that does not at byte ${at}`);
    }
  }
}
