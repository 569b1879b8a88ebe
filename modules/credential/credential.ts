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
import type { CborValue } from "../cbor/index.js";
import { keyId, toVerificationKey, type VerificationKey } from "../cose/index.js";
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
} from "../cwt/index.js";
import { type Anchor, verifyOfAuthority } from "./anchor.js";

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

/** Signs a credential with the key of whoever issues it: the Authority's, or a programmer's for a hub. */
export function signCredential(
  crypto: Crypto,
  issuer: PrivateKey<SigningCurve>,
  content: CredentialContent,
): Promise<Uint8Array> {
  const kid = keyId(crypto, issuer);
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
  return signCwt(crypto, issuer, { typ: CREDENTIAL_TYP[content.kind], kid, claims });
}

export interface VerifyCredentialOptions {
  readonly kind: Exclude<CredentialKind, "hub">;
  readonly anchor: Anchor;
  readonly time: TokenTime;
  /** One of these has to be in `aud`; without it nobody asks. */
  readonly audience?: readonly string[];
}

const ALWAYS = [CLAIM.sub, CLAIM.aud, CLAIM.exp, CLAIM.iat, CLAIM.cti, CLAIM.cnf];
/** The claims that a credential has to have. */
export const REQUIRED: Record<CredentialKind, readonly number[]> = {
  device: ALWAYS,
  programmer: [...ALWAYS, CLAIM.scope],
  hub: [...ALWAYS, CLAIM.scope],
};

/**
 * The credential, if the anchor issued it, it is of this kind and for this audience, and it has not ended. (A hub's is
 * no Authority's: see `delegation.ts`.)
 * @throws VagusError `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyCredential(
  crypto: Crypto,
  token: Uint8Array,
  options: VerifyCredentialOptions,
): Credential {
  const { kind, anchor, ...rest } = options;
  const claims = verifyOfAuthority(crypto, token, anchor, {
    ...rest,
    typ: CREDENTIAL_TYP[kind],
    required: REQUIRED[kind],
    maxSize: CREDENTIAL_MAX,
  });
  return readCredential(crypto, token, kind, claims);
}

/** What a credential says whose signature holds. @throws VagusError `cose/key`, `cwt/scope` */
export function readCredential(
  crypto: Crypto,
  token: Uint8Array,
  kind: CredentialKind,
  claims: Claims,
): Credential {
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
