/**
 * Proof that the Authority still stands by a programmer, now. A thief does not carry the list that revokes him; so what
 * could hurt needs, in this session, a token over a nonce that the device gave in it.
 *
 *   device ── nonce ──> programmer ── freshness request ──> Authority ── freshness token ──> programmer ──> device
 *
 *   freshness request   typ 65015, kid of the programmer's key
 *   iss (1)  base64url of that kid     sub (2)  the device     aud (3)  the Authority     iat (6)     nonce (10)
 *
 *   freshness token     typ 65009, kid of the Authority's key
 *   iss (1)  the Authority     aud (3)  the device     iat (6)     nonce (10)
 *   cnf (8)  { 3: kid of the programmer's key }     -65540  epoch of the newest revocation list for the device
 *
 *   time reset          typ 65010, kid of the Authority's key: as the token, without cnf and epoch
 *
 * The nonce (RFC 9711 section 4.1) has 16 bytes and is good once, for 60 s. The rights last 30 minutes, or until the
 * session ends.
 */
import { toBase64url } from "../bytes/base64url.js";
import { equal } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { asUint } from "../cbor/shape.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { CLAIM, type Claims, cnfOfKid, confirmedKid, signCwt, TYP } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import { type Anchor, anchorOf, issuerOf, verifyOfAuthority } from "./anchor.js";
import { PRIVATE_CLAIM } from "./claims.js";

export const NONCE_LENGTH = 16;
/** How long a nonce is good, and how long the rights last, in milliseconds of the device's uptime. */
export const NONCE_MS = 60_000;
export const FRESH_MS = 30 * 60_000;
const TOKEN_MAX = 320;
const REFUSED = "credential/freshness";

export interface FreshnessContent {
  readonly nonce: Uint8Array;
  /** The device's `sub`. */
  readonly device: string;
  /** Seconds since 1970. */
  readonly issued: number;
}

/** The programmer asks. @param authority the anchor's kid */
export function requestFreshness(
  crypto: Crypto,
  programmer: PrivateKey<SigningCurve>,
  authority: Pick<Anchor, "kid">,
  { nonce, device, issued }: FreshnessContent,
): Promise<Uint8Array> {
  const { kid } = anchorOf(crypto, programmer);
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iss, toBase64url(kid)],
    [CLAIM.sub, device],
    [CLAIM.aud, issuerOf(authority)],
    [CLAIM.iat, issued],
    [CLAIM.nonce, nonce],
  ]);
  return signCwt(crypto, programmer, { typ: TYP.freshnessRequest, kid, claims });
}

/** The Authority answers. @param programmer the kid of the key that asked */
export function issueFreshness(
  crypto: Crypto,
  authority: PrivateKey<SigningCurve>,
  content: FreshnessContent & { readonly programmer: Uint8Array; readonly epoch: number },
): Promise<Uint8Array> {
  const anchor = anchorOf(crypto, authority);
  const claims = bound(anchor, content)
    .set(CLAIM.cnf, cnfOfKid(content.programmer))
    .set(PRIVATE_CLAIM.epoch, content.epoch);
  return signCwt(crypto, authority, { typ: TYP.freshness, kid: anchor.kid, claims });
}

/** The Authority sets the device's floor of time, to an earlier one if need be. */
export function issueTimeReset(
  crypto: Crypto,
  authority: PrivateKey<SigningCurve>,
  content: FreshnessContent,
): Promise<Uint8Array> {
  const anchor = anchorOf(crypto, authority);
  return signCwt(crypto, authority, { typ: TYP.timeReset, kid: anchor.kid, claims: bound(anchor, content) });
}

function bound(anchor: Anchor, { nonce, device, issued }: FreshnessContent): Claims {
  return new Map<number, CborValue>([
    [CLAIM.iss, issuerOf(anchor)],
    [CLAIM.aud, device],
    [CLAIM.iat, issued],
    [CLAIM.nonce, nonce],
  ]);
}

/** The device's nonce of a session. @param nowMs monotonic milliseconds, as in all of it */
export class Challenge {
  readonly nonce: Uint8Array;
  readonly #until: number;
  #used = false;

  constructor(crypto: Crypto, nowMs: number) {
    this.nonce = crypto.random(NONCE_LENGTH);
    this.#until = nowMs + NONCE_MS;
  }

  /** @throws VagusError `credential/freshness` where it was used or its time is over */
  check(nowMs: number): void {
    if (this.#used) throw new VagusError(REFUSED, "expected a nonce that is new, came one that was used");
    if (nowMs >= this.#until) {
      throw new VagusError(REFUSED, `expected an answer within ${NONCE_MS / 1000} s, came a later one`);
    }
  }

  /** How old an answer can be at the most, in seconds. */
  get ageS(): number {
    return NONCE_MS / 1000;
  }

  /** It is good for nothing more. */
  use(): void {
    this.#used = true;
  }
}

export interface Freshness {
  readonly issued: number;
  readonly epoch: number;
}

/** What the device holds an answer against. */
export interface Expected {
  readonly anchor: Anchor;
  /** The device's `sub`. */
  readonly device: string;
  readonly nonce: Uint8Array;
}

/**
 * @param programmer the kid of the session's peer
 * @throws VagusError `credential/freshness` for another nonce or another programmer's, `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyFreshness(
  crypto: Crypto,
  token: Uint8Array,
  expected: Expected & { readonly programmer: Uint8Array },
): Freshness {
  const claims = verifyBound(crypto, token, expected, TYP.freshness);
  if (!equal(confirmedKid(claims), expected.programmer)) {
    throw new VagusError(REFUSED, "expected a token for this session's programmer, came one for another");
  }
  return {
    issued: claims.get(CLAIM.iat) as number,
    epoch: asUint(claims.get(PRIVATE_CLAIM.epoch), "cwt/claim", "epoch"),
  };
}

/** The time that the Authority sets, in seconds since 1970. @throws VagusError as `verifyFreshness` */
export function verifyTimeReset(crypto: Crypto, token: Uint8Array, expected: Expected): number {
  return asUint(verifyBound(crypto, token, expected, TYP.timeReset).get(CLAIM.iat), "cwt/claim", "iat");
}

function verifyBound(
  crypto: Crypto,
  token: Uint8Array,
  { anchor, device, nonce }: Expected,
  typ: typeof TYP.freshness | typeof TYP.timeReset,
): Claims {
  const claims = verifyOfAuthority(crypto, token, anchor, {
    typ,
    audience: [device],
    required: [CLAIM.iat, CLAIM.nonce],
    maxSize: TOKEN_MAX,
  });
  const came = claims.get(CLAIM.nonce);
  if (came instanceof Uint8Array && equal(came, nonce)) return claims;
  throw new VagusError(REFUSED, "expected a token over this session's nonce, came one over another");
}
