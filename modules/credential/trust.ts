import { toHex } from "../bytes/index.js";
import type { Crypto } from "../crypto/port.js";
import type { TokenTime } from "../cwt/index.js";
import type { FetchCredential, IdCred, PeerCredential } from "../edhoc/index.js";
import { VagusError } from "../error/index.js";
import { type Anchor, type Credential, type CredentialKind, verifyCredential } from "./credential.js";

/** A peer of EDHOC whose credential was believed. */
export interface TrustedPeer extends PeerCredential {
  readonly credential: Credential;
}

export interface TrustOptions {
  readonly anchor: Anchor;
  /** The only kinds of credentials that are taken. */
  readonly kinds: readonly CredentialKind[];
  readonly time: () => TokenTime;
  /** What has to be in `aud`; without it nobody asks. */
  readonly audience?: readonly string[];
  /** Is the key of this kid revoked? */
  readonly revoked?: (kid: Uint8Array) => boolean;
  /** How many credentials are kept for peers that name theirs by `kid`. */
  readonly kept?: number;
}

/**
 * Whom EDHOC may believe: credentials of one Authority, of the right kind, for the right audience, in time and not
 * revoked. Those that proved their key are kept, a few of them, so that they may come back by `kid`.
 */
export class Trust {
  readonly #crypto: Crypto;
  readonly #options: TrustOptions;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(crypto: Crypto, options: TrustOptions) {
    this.#crypto = crypto;
    this.#options = options;
  }

  /** @throws VagusError for each reason its own code; the peer must not learn it */
  readonly fetchCredential: FetchCredential<TrustedPeer> = (id_cred) => {
    try {
      const credential = this.#believe(id_cred);
      return Promise.resolve({ cred: credential.token, key: credential.key, credential });
    } catch (error) {
      return Promise.reject(error);
    }
  };

  /** Keeps the credential of a peer that has proved its key; the oldest goes when there are too many. */
  keep({ kid, token }: Credential): void {
    const name = toHex(kid);
    this.#kept.delete(name);
    this.#kept.set(name, token);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > (this.#options.kept ?? 2)) this.#kept.delete(oldest);
  }

  #believe(id_cred: IdCred): Credential {
    const credential = this.#verify(this.#token(id_cred));
    if (this.#options.revoked?.(credential.kid)) {
      throw new VagusError(
        "cwt/status",
        `expected a credential that holds, came one revoked: ${toHex(credential.kid)}`,
      );
    }
    return credential;
  }

  #token(id_cred: IdCred): Uint8Array {
    if (id_cred.kind === "kcwt") return id_cred.cred.slice();
    const kept = id_cred.kind === "kid" ? this.#kept.get(toHex(id_cred.kid)) : undefined;
    if (kept !== undefined) return kept;
    throw new VagusError(
      "edhoc/unknown-credential",
      `expected a CWT or the kid of one that is kept, came ${id_cred.kind}`,
    );
  }

  #verify(token: Uint8Array): Credential {
    const { anchor, kinds, time, audience } = this.#options;
    let refusal: unknown;
    for (const kind of kinds) {
      try {
        return verifyCredential(this.#crypto, token, {
          kind,
          anchor,
          time: time(),
          ...(audience && { audience }),
        });
      } catch (error) {
        refusal ??= error;
      }
    }
    throw refusal;
  }
}
