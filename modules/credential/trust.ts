import { toHex } from "../bytes/index.js";
import type { Crypto } from "../crypto/port.js";
import type { TokenTime } from "../cwt/index.js";
import type { EadItem, FetchCredential, IdCred, PeerCredential } from "../edhoc/index.js";
import { VagusError } from "../error/index.js";
import type { Anchor } from "./anchor.js";
import { type Credential, type CredentialKind, verifyCredential } from "./credential.js";
import { ANCESTOR_EAD, verifyDelegated } from "./delegation.js";

/** A peer of EDHOC whose credential was believed. */
export interface TrustedPeer extends PeerCredential {
  readonly credential: Credential;
  /** Whose delegation a hub's credential rests on; without it the Authority issued it. */
  readonly ancestor?: Credential;
}

export interface TrustOptions {
  readonly anchor: Anchor;
  /** The only kinds of credentials that are taken; a hub's with its ancestor's, a programmer's. */
  readonly kinds: readonly CredentialKind[];
  readonly time: () => TokenTime;
  /** What has to be in `aud`; without it nobody asks. */
  readonly audience?: readonly string[];
  /** Is this key revoked? Hosts ask a status list, which goes by the credential. */
  readonly revoked?: (kid: Uint8Array, credential: Credential) => boolean;
  /** How many credentials are kept for peers that name theirs by `kid`. */
  readonly kept?: number;
}

/** A credential and what it rests on, as they came. */
interface Chain {
  readonly token: Uint8Array;
  readonly ancestor: Uint8Array | undefined;
}

/**
 * Whom EDHOC may believe: credentials of one Authority, or delegated by one of its programmers, of the right kind, for the
 * right audience, in time and not revoked. Those that proved their key are kept, a few of them, so that they may come
 * back by `kid`.
 */
export class Trust {
  readonly #crypto: Crypto;
  readonly #options: TrustOptions;
  readonly #kept = new Map<string, Chain>();

  constructor(crypto: Crypto, options: TrustOptions) {
    this.#crypto = crypto;
    this.#options = options;
  }

  /** @throws VagusError for each reason its own code; the peer must not learn it */
  readonly fetchCredential: FetchCredential<TrustedPeer> = (id_cred, ead) => {
    try {
      return Promise.resolve(this.believe(this.chain(id_cred, ead)));
    } catch (error) {
      return Promise.reject(error);
    }
  };

  /** Keeps the credential of a peer that has proved its key; the oldest goes when there are too many. */
  keep({ credential, ancestor }: TrustedPeer): void {
    const name = toHex(credential.kid);
    this.#kept.delete(name);
    this.#kept.set(name, { token: credential.token, ancestor: ancestor?.token });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > (this.#options.kept ?? 2)) this.#kept.delete(oldest);
  }

  private chain(id_cred: IdCred, ead: readonly EadItem[]): Chain {
    const item = ead.find(({ label, critical }) => label === ANCESTOR_EAD && critical);
    if (id_cred.kind === "kcwt") return { token: id_cred.cred.slice(), ancestor: item?.value };
    const kept = id_cred.kind === "kid" ? this.#kept.get(toHex(id_cred.kid)) : undefined;
    if (kept !== undefined && item === undefined) return kept;
    throw new VagusError(
      "edhoc/unknown-credential",
      `expected a CWT or the kid of one that is kept, came ${id_cred.kind}${item ? " with an ancestor" : ""}`,
    );
  }

  private believe({ token, ancestor: parent }: Chain): TrustedPeer {
    const { kinds, time, audience } = this.#options;
    if (parent === undefined) {
      const credential = this.direct(token, kinds);
      return { cred: credential.token, key: credential.key, credential };
    }
    if (!kinds.includes("hub")) {
      throw new VagusError("cwt/typ", `expected a credential of a ${kinds.join(" or ")}, came a hub's`);
    }
    const ancestor = this.direct(parent, ["programmer"]);
    const options = { time: time(), ...(audience && { audience }) };
    const credential = this.unrevoked(verifyDelegated(this.#crypto, token, ancestor, options));
    return { cred: credential.token, key: credential.key, credential, ancestor };
  }

  private direct(token: Uint8Array, kinds: readonly CredentialKind[]): Credential {
    const { anchor, time, audience } = this.#options;
    let refusal: unknown;
    for (const kind of kinds) {
      if (kind === "hub") continue;
      try {
        const options = { kind, anchor, time: time(), ...(audience && { audience }) };
        return this.unrevoked(verifyCredential(this.#crypto, token, options));
      } catch (error) {
        refusal ??= error;
      }
    }
    throw refusal;
  }

  private unrevoked(credential: Credential): Credential {
    if (!this.#options.revoked?.(credential.kid, credential)) return credential;
    throw new VagusError(
      "cwt/status",
      `expected a credential that holds, came one revoked: ${toHex(credential.kid)}`,
    );
  }
}

/** Does a peer's right rest on a key that is revoked: its own, or its ancestor's? */
export function restsOnRevoked(
  { credential, ancestor }: Pick<TrustedPeer, "credential" | "ancestor">,
  list: { isRevoked(kid: Uint8Array): boolean },
): boolean {
  return list.isRevoked(credential.kid) || (ancestor !== undefined && list.isRevoked(ancestor.kid));
}
