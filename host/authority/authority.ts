import { encode } from "../../modules/cbor/index.js";
import { toCoseKey, type VerificationKey } from "../../modules/cose/index.js";
import {
  type Anchor,
  anchorOf,
  type CredentialKind,
  issueAnchorRotation,
  issueFreshness,
  issueRevocationList,
  issuerOf,
  issueTimeReset,
  signCredential,
} from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import {
  CLAIM,
  type Scope,
  type StatusListToken,
  type StatusReference,
  signCwt,
  statusListClaims,
  TYP,
  type Zlib,
} from "../../modules/cwt/index.js";

const DAY_S = 24 * 60 * 60;
/** A programmer's credential lives at most this long (DESIGN section 4), a device's by default ten years. */
export const LIFETIME_S = { device: 3652 * DAY_S, programmer: 7 * DAY_S, hub: 7 * DAY_S } as const;

export interface IssueOptions {
  readonly kind: Exclude<CredentialKind, "hub">;
  readonly holder: VerificationKey;
  readonly audience: readonly string[];
  readonly scope?: Scope;
  /** Seconds since 1970. */
  readonly now: number;
  readonly lifetimeS?: number;
  readonly status?: StatusReference;
  /** 8 bytes; by default new ones. */
  readonly subject?: Uint8Array;
}

/** The hospital or the maker: signs what it says, whatever that is (`registry.ts` knows what to say). Its public key is every other party's root of trust. */
export class Authority {
  readonly anchor: Anchor;
  readonly #crypto: Crypto;
  readonly #key: PrivateKey<SigningCurve>;

  constructor(crypto: Crypto, key: PrivateKey<SigningCurve>) {
    this.#crypto = crypto;
    this.#key = key;
    this.anchor = anchorOf(crypto, key);
  }

  /** The anchor as devices are given it: an encoded COSE_Key. */
  get anchorKey(): Uint8Array {
    const { curve, publicKey } = this.anchor;
    return encode(toCoseKey({ curve, publicKey }) as Map<number, Uint8Array>);
  }

  /** A credential of its own for each call: a new `cti`, and a new subject unless one is named. */
  issue(options: IssueOptions): Promise<Uint8Array> {
    const { kind, now, lifetimeS = LIFETIME_S[kind], subject = this.#crypto.random(8), ...rest } = options;
    return signCredential(this.#crypto, this.#key, {
      ...rest,
      kind,
      subject,
      issued: now,
      expires: now + lifetimeS,
    });
  }

  /** The list that devices of this audience take in place of any with a lower epoch. */
  revocationList(content: {
    readonly audience: string;
    readonly epoch: number;
    readonly revoked: readonly Uint8Array[];
    readonly now: number;
  }): Promise<Uint8Array> {
    return issueRevocationList(this.#crypto, this.#key, { ...content, issued: content.now });
  }

  /** The list that gateways and programmers look credentials up in (draft-ietf-oauth-status-list section 5.2). */
  statusList(content: StatusListToken, zlib: Zlib): Promise<Uint8Array> {
    const claims = statusListClaims(content, zlib).set(CLAIM.iss, issuerOf(this.anchor));
    return signCwt(this.#crypto, this.#key, { typ: TYP.statusList, kid: this.anchor.kid, claims });
  }

  /** The word for a programmer that a device's session waits for. Whether it may be given is the caller's to know. */
  freshness(content: {
    readonly nonce: Uint8Array;
    readonly device: string;
    readonly programmer: Uint8Array;
    readonly epoch: number;
    readonly now: number;
  }): Promise<Uint8Array> {
    return issueFreshness(this.#crypto, this.#key, { ...content, issued: content.now });
  }

  /** Sets a device's floor of time. */
  timeReset(content: {
    readonly nonce: Uint8Array;
    readonly device: string;
    readonly now: number;
  }): Promise<Uint8Array> {
    return issueTimeReset(this.#crypto, this.#key, { ...content, issued: content.now });
  }

  /** Hands over to the next anchor. */
  handOver(next: VerificationKey, audience: string, now: number): Promise<Uint8Array> {
    return issueAnchorRotation(this.#crypto, this.#key, { next, audience, issued: now });
  }
}
