/**
 * A credential: a CWT of the Authority that names the holder, its key and its rights (DESIGN section 4).
 *
 *   protected    { 1: alg, 4: kid of the Authority's key, 16: typ 65000 device, 65001 programmer, 65002 hub }
 *   iss (1)      the Authority: base64url of its kid           sub (2)   the holder: base64url of 8 random bytes
 *   aud (3)      a programmer's: the device (its sub) or the groups that it may talk to;
 *                a device's: the groups that it belongs to
 *   exp (4)      iat (6)      cti (7) 8 random bytes
 *   cnf (8)      the holder's COSE_Key                         scope (9) OAuth scopes; a device's has none
 *   status       { "status_list": { "idx": n, "uri": … } }     optional: Token Status List
 *
 * A kid is the first 8 bytes of a key's COSE thumbprint (RFC 9679).
 */
import { toBase64url } from "../bytes/base64url.js";
import { compare } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
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
  audiences,
  CLAIM,
  type Claims,
  cnfOf,
  confirmedKey,
  parseScope,
  type Scope,
  type StatusReference,
  signCwt,
  statusClaim,
  type TokenTime,
  TYP,
  verifyCwt,
} from "../cwt/index.js";
import { VagusError } from "../error/index.js";

export const CREDENTIAL_TYP = {
  device: TYP.deviceCredential,
  programmer: TYP.programmerCredential,
  hub: TYP.hubCredential,
} as const;
export type CredentialKind = keyof typeof CREDENTIAL_TYP;

/** The largest credential that is taken, in bytes: 340 with Ed25519, 380 with P-256. */
export const CREDENTIAL_MAX = 380;

/** The scopes that there are. */
export const SCOPE = {
  ecgRead: "ecg:read",
  pacingRead: "pacing:read",
  pacingWrite: "pacing:write",
  deviceManage: "device:manage",
  auditRead: "audit:read",
  journalRelease: "journal:release",
  delegate: "delegate",
} as const;

/** The Authority's public key, the root of every trust. */
export interface Anchor extends VerificationKey {
  readonly kid: Uint8Array;
}

export interface Credential {
  /** The CWT as it came: CRED_x of EDHOC. */
  readonly token: Uint8Array;
  readonly kind: CredentialKind;
  readonly subject: string;
  readonly audience: readonly string[];
  /** Seconds since 1970. */
  readonly issued: number;
  readonly expires: number;
  readonly scope: Scope;
  readonly key: VerificationKey;
  /** The holder's. */
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

export interface CredentialContent {
  readonly kind: CredentialKind;
  /** 8 bytes. */
  readonly subject: Uint8Array;
  readonly audience: readonly string[];
  readonly holder: VerificationKey;
  readonly issued: number;
  readonly expires: number;
  readonly scope?: Scope;
  readonly status?: StatusReference;
}

/** Signs a credential with the Authority's key. */
export function issueCredential(
  crypto: Crypto,
  authority: PrivateKey<SigningCurve>,
  content: CredentialContent,
): Promise<Uint8Array> {
  const { kid } = anchorOf(crypto, authority);
  const [audience, ...more] = content.audience;
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iss, toBase64url(kid)],
    [CLAIM.sub, toBase64url(content.subject)],
    [CLAIM.aud, more.length === 0 ? audience : [...content.audience]],
    [CLAIM.exp, content.expires],
    [CLAIM.iat, content.issued],
    [CLAIM.cti, crypto.random(8)],
    [CLAIM.cnf, cnfOf({ curve: content.holder.curve, publicKey: content.holder.publicKey })],
  ]);
  if (content.scope !== undefined) claims.set(CLAIM.scope, content.scope.join(" "));
  if (content.status !== undefined) claims.set(CLAIM.status, statusClaim(content.status));
  return signCwt(crypto, authority, { typ: CREDENTIAL_TYP[content.kind], kid, claims });
}

export interface VerifyCredentialOptions {
  readonly kind: CredentialKind;
  readonly anchor: Anchor;
  readonly time: TokenTime;
  /** One of these has to be in `aud`; without it nobody asks. */
  readonly audience?: readonly string[];
}

/**
 * The credential, if the anchor issued it, it is of this kind and for this audience, and it has not ended.
 * @throws VagusError `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyCredential(
  crypto: Crypto,
  token: Uint8Array,
  options: VerifyCredentialOptions,
): Credential {
  const { kind, anchor, time, audience } = options;
  const { claims } = verifyCwt(crypto, token, {
    typ: CREDENTIAL_TYP[kind],
    algorithms: [signatureAlgorithm(anchor.curve)],
    key: (kid) => {
      if (kid !== undefined && compare(kid, anchor.kid) === 0) return anchor;
      throw new VagusError("cwt/issuer", "expected a credential of this Authority, came one of another");
    },
    issuer: toBase64url(anchor.kid),
    time,
    required: [
      CLAIM.sub,
      CLAIM.aud,
      CLAIM.exp,
      CLAIM.iat,
      CLAIM.cti,
      CLAIM.cnf,
      ...(kind === "device" ? [] : [CLAIM.scope]),
    ],
    maxSize: CREDENTIAL_MAX,
    ...(audience !== undefined && { audience }),
  });
  const key = toVerificationKey(confirmedKey(crypto, claims));
  const scope = claims.get(CLAIM.scope) as string | undefined;
  return {
    token,
    kind,
    subject: claims.get(CLAIM.sub) as string,
    audience: audiences(claims.get(CLAIM.aud)),
    issued: claims.get(CLAIM.iat) as number,
    expires: claims.get(CLAIM.exp) as number,
    scope: scope === undefined ? [] : parseScope(scope),
    key,
    kid: keyId(crypto, key),
  };
}
