/**
 * The anchor: the Authority's public key, from which every other trust comes. It may be replaced by a token that the
 * old key signs:
 *
 *   anchor rotation   typ 65011, kid of the old key
 *   iss (1)  the old Authority     aud (3)  the device's group     iat (6)  above that of the rotation before
 *   cnf (8)  the new COSE_Key
 */
import { toBase64url } from "../bytes/base64url.js";
import { compare, toHex } from "../bytes/index.js";
import { type CborValue, decode } from "../cbor/index.js";
import {
  type CoseKey,
  fromCoseKey,
  keyId,
  signatureAlgorithm,
  toVerificationKey,
  type VerificationKey,
} from "../cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import {
  CLAIM,
  type Claims,
  cnfOf,
  confirmedKey,
  signCwt,
  TYP,
  type Typ,
  type VerifyCwtOptions,
  verifyCwt,
} from "../cwt/index.js";
import { VagusError } from "../error/index.js";

/** An encoded COSE_Key of P-256 with both coordinates has 77 bytes. */
const ANCHOR_MAX = 128;
/** Tokens of the Authority about keys are short: a rotation on P-256 has about 200 bytes. */
const ROTATION_MAX = 384;

/** In the year 2242: a floor of time is never set beyond what can be counted on from. */
const LATEST = 2 ** 33;

/** The Authority's public key, the root of every trust. */
export interface Anchor extends VerificationKey {
  readonly kid: Uint8Array;
}

export function anchorOf(crypto: Crypto, key: VerificationKey): Anchor {
  const { curve, publicKey } = key;
  return { curve, publicKey, kid: keyId(crypto, { curve, publicKey }) };
}

/** @throws VagusError `cose/key` for a COSE_Key that does not sign */
export function anchorFrom(crypto: Crypto, key: CborValue): Anchor {
  return anchorOf(crypto, toVerificationKey(fromCoseKey(crypto, key as CoseKey as CborValue)));
}

/** @param bytes an encoded COSE_Key. @throws VagusError `cose/key`, `cbor/…` */
export function decodeAnchor(crypto: Crypto, bytes: Uint8Array): Anchor {
  return anchorFrom(crypto, decode(bytes, { maxSize: ANCHOR_MAX }));
}

/** How the Authority is named in `iss`: base64url of its kid. */
export function issuerOf({ kid }: Pick<Anchor, "kid">): string {
  return toBase64url(kid);
}

/** The claims of a token that the Authority signed. @throws VagusError `cwt/issuer`, `cwt/…`, `cose/…`, `cbor/…` */
export function verifyOfAuthority(
  crypto: Crypto,
  token: Uint8Array,
  anchor: Anchor,
  options: { readonly typ: Typ } & Pick<
    VerifyCwtOptions,
    "audience" | "required" | "time" | "maxSize" | "maxText"
  >,
): Claims {
  const { claims } = verifyCwt(crypto, token, {
    ...options,
    algorithms: [signatureAlgorithm(anchor.curve)],
    key: (kid) => {
      if (kid !== undefined && compare(kid, anchor.kid) === 0) return anchor;
      throw new VagusError(
        "cwt/issuer",
        `expected a token of the Authority ${toHex(anchor.kid)}, came one of ${kid === undefined ? "nobody" : toHex(kid)}`,
      );
    },
    issuer: issuerOf(anchor),
  });
  const iat = claims.get(CLAIM.iat) as number | undefined;
  if (iat !== undefined && !(iat >= 0 && iat <= LATEST)) {
    throw new VagusError("cwt/claim", `expected iat up to ${LATEST}, came ${iat}`);
  }
  return claims;
}

/** Signs with the old key that the new one takes its place. */
export function issueAnchorRotation(
  crypto: Crypto,
  old: PrivateKey<SigningCurve>,
  content: { readonly next: VerificationKey; readonly audience: string; readonly issued: number },
): Promise<Uint8Array> {
  const anchor = anchorOf(crypto, old);
  const { curve, publicKey } = content.next;
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iss, issuerOf(anchor)],
    [CLAIM.aud, content.audience],
    [CLAIM.iat, content.issued],
    [CLAIM.cnf, cnfOf({ curve, publicKey })],
  ]);
  return signCwt(crypto, old, { typ: TYP.anchorRotation, kid: anchor.kid, claims });
}

export interface AnchorRotation {
  readonly anchor: Anchor;
  /** Seconds since 1970. */
  readonly issued: number;
}

/**
 * @param audience the first of the device's credential
 * @throws VagusError `cwt/…`, `cose/…`, `cbor/…`; `credential/anchor` for a key on another curve: one curve an Authority
 */
export function verifyAnchorRotation(
  crypto: Crypto,
  token: Uint8Array,
  old: Anchor,
  audience: readonly string[],
): AnchorRotation {
  const claims = verifyOfAuthority(crypto, token, old, {
    typ: TYP.anchorRotation,
    audience,
    required: [CLAIM.aud, CLAIM.iat, CLAIM.cnf],
    maxSize: ROTATION_MAX,
  });
  const anchor = anchorOf(crypto, toVerificationKey(confirmedKey(crypto, claims)));
  if (anchor.curve !== old.curve) {
    throw new VagusError(
      "credential/anchor",
      `expected an anchor on ${old.curve}, came one on ${anchor.curve}`,
    );
  }
  return { anchor, issued: claims.get(CLAIM.iat) as number };
}
