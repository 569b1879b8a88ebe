import { encode } from "../../modules/cbor/index.js";
import { toCoseKey, type VerificationKey } from "../../modules/cose/index.js";
import {
  type Anchor,
  anchorOf,
  type CredentialKind,
  issueCredential,
} from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import type { Scope, StatusReference } from "../../modules/cwt/index.js";

const DAY_S = 24 * 60 * 60;
/** A programmer's credential lives at most this long (DESIGN section 4), a device's by default ten years. */
export const LIFETIME_S = { device: 3652 * DAY_S, programmer: 7 * DAY_S, hub: 7 * DAY_S } as const;

export interface IssueOptions {
  readonly kind: CredentialKind;
  readonly holder: VerificationKey;
  readonly audience: readonly string[];
  readonly scope?: Scope;
  /** Seconds since 1970. */
  readonly now: number;
  readonly lifetimeS?: number;
  readonly status?: StatusReference;
}

/** The hospital or the maker: issues credentials. Its public key is every other party's root of trust. */
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

  /** A credential of its own for each call: a new subject, a new `cti`. */
  issue({ kind, now, lifetimeS = LIFETIME_S[kind], ...rest }: IssueOptions): Promise<Uint8Array> {
    return issueCredential(this.#crypto, this.#key, {
      ...rest,
      kind,
      subject: this.#crypto.random(8),
      issued: now,
      expires: now + lifetimeS,
    });
  }
}
