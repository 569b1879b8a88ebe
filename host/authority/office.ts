import { toBase64url } from "../../modules/bytes/base64url.js";
import { keyId, signatureAlgorithm, type VerificationKey } from "../../modules/cose/index.js";
import { type Credential, verifyCredential, verifySelfRevocation } from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import {
  audiences,
  CLAIM,
  confirmedKey,
  parseCwtUnverified,
  type Scope,
  TYP,
  verifyCwt,
} from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { nodeZlib } from "../cose/zlib.js";
import { Authority, LIFETIME_S } from "./authority.js";
import type { AuthorityFolder } from "./folder.js";
import { type AllowedFreshness, judgeFreshness } from "./freshness.js";
import { hexOf } from "./kid.js";
import type { IssuedEvent, ListEvent } from "./ledger.js";
import type { DueLists } from "./registry.js";

/** A status list is fetched anew after half a day, and says nothing any more after a week: seconds. */
const STATUS_TTL_S = 12 * 3600;
const STATUS_LIFE_S = 7 * 24 * 3600;

/** A subject is base64url of 8 bytes. */
export interface OfficeIssue {
  readonly kind: "device" | "programmer";
  readonly holder: VerificationKey;
  readonly audience: readonly string[];
  readonly scope?: Scope;
  readonly lifetimeS?: number;
  /** Of a holder that had a credential before; by default a new one. */
  readonly subject?: string;
}

export interface Revocation {
  /** What was marked just now: none where all of it was revoked before. */
  readonly revoked: readonly IssuedEvent[];
  /** The lists that went up by it. */
  readonly lists: readonly ListEvent[];
  readonly overfull: DueLists["overfull"];
}

/** An Authority at work: whatever it signs is in its ledger first. */
export class Office {
  readonly folder: AuthorityFolder;
  readonly authority: Authority;
  readonly #crypto: Crypto;
  readonly #now: () => number;

  /** @param now seconds since 1970 */
  constructor(crypto: Crypto, folder: AuthorityFolder, key: PrivateKey<SigningCurve>, now: () => number) {
    this.#crypto = crypto;
    this.#now = now;
    this.folder = folder;
    this.authority = new Authority(crypto, key);
  }

  get registry() {
    return this.folder.registry;
  }

  /**
   * @throws VagusError `host/input` for a lifetime beyond `LIFETIME_S`, `credential/revoked` for a key that is revoked,
   *   `cbor/too-large` where groups and scopes make it longer than a device takes
   */
  async issue(options: OfficeIssue): Promise<Credential> {
    const { kind, holder, audience, scope, lifetimeS = LIFETIME_S[kind], subject } = options;
    if (!(lifetimeS > 0 && lifetimeS <= LIFETIME_S[kind])) {
      throw new VagusError(
        "host/input",
        `expected at most ${LIFETIME_S[kind]} s for a ${kind}, came ${lifetimeS}`,
      );
    }
    const { registry, folder, authority } = this;
    const kid = toBase64url(keyId(this.#crypto, holder));
    if (registry.isKeyRevoked(kid)) {
      throw new VagusError(
        "credential/revoked",
        `expected a key that holds, came ${hexOf(kid)}, which is revoked`,
      );
    }
    const index = registry.size;
    const token = await authority.issue({
      ...{ kind, holder, audience, now: this.#now(), lifetimeS },
      ...(scope && { scope }),
      ...(subject !== undefined && { subject: new Uint8Array(Buffer.from(subject, "base64url")) }),
      status: { index, uri: folder.facts.statusUri },
    });
    const { anchor } = authority;
    const credential = verifyCredential(this.#crypto, token, { kind, anchor, time: { floor: 0 } });
    const { subject: sub, issued: iat, expires: exp } = credential;
    const key = kind === "programmer" ? { key: toBase64url(holder.publicKey) } : {};
    folder.record([{ issued: index, kind, sub, kid, aud: [...audience], iat, exp, ...key }]);
    if (kind === "device") this.#raise(); // its list may be one that has to know of a programmer of its group
    return credential;
  }

  /** Marks these, and raises the epochs of the lists that they belong on. */
  revoke(credentials: readonly IssuedEvent[]): Revocation {
    const { registry } = this;
    const at = this.#now();
    const revoked = credentials.filter(({ issued }) => !registry.isRevoked(issued));
    this.folder.record(revoked.map(({ issued }) => ({ revoked: issued, at })));
    return { revoked, ...this.#raise() };
  }

  /**
   * Takes back what a programmer of this Authority gave to a hub.
   * @returns the hub's kid too, in base64url, and whether it was taken back before
   * @throws VagusError `cwt/issuer` where no programmer of the ledger signed it, `cwt/…`, `cose/…`, `cbor/…`
   */
  revokeHub(token: Uint8Array): Revocation & { readonly hub: string; readonly known: boolean } {
    const { curve } = this.authority.anchor;
    const { claims } = verifyCwt(this.#crypto, token, {
      typ: TYP.hubCredential,
      algorithms: [signatureAlgorithm(curve)],
      key: (kid) => {
        const [parent] = kid === undefined ? [] : this.registry.ofKey(toBase64url(kid));
        if (parent?.key !== undefined)
          return { curve, publicKey: new Uint8Array(Buffer.from(parent.key, "base64url")) };
        throw new VagusError(
          "cwt/issuer",
          "expected a hub of one of this Authority's programmers, came another's",
        );
      },
      required: [CLAIM.aud, CLAIM.exp, CLAIM.cnf],
      time: { floor: 0 },
    });
    const hub = toBase64url(keyId(this.#crypto, confirmedKey(this.#crypto, claims)));
    const [aud, exp] = [audiences(claims.get(CLAIM.aud)), claims.get(CLAIM.exp) as number];
    const known = this.registry.isHubRevoked(hub, aud, exp);
    if (!known) this.folder.record([{ hub, aud, exp, at: this.#now() }]);
    return { hub, known, revoked: [], ...this.#raise() };
  }

  /**
   * The credentials of this ledger whose holder a token names: those of its key and, for a device that changed its key, of
   * the keys that it had before and after.
   * @throws VagusError `cwt/…`, `cose/…`, `cbor/…`
   */
  sameHolder(token: Uint8Array): IssuedEvent[] {
    const { claims } = parseCwtUnverified(token);
    const kid = toBase64url(keyId(this.#crypto, confirmedKey(this.#crypto, claims)));
    return this.registry.ofHolders(this.registry.ofKey(kid));
  }

  /**
   * Takes note that a device has revoked itself: its credentials are revoked, and its key need not be on a list any more.
   * @param credential the device's, of the key that signed
   * @param farewell its self-revocation (typ 65012)
   * @throws VagusError `credential/holder` for a device that the ledger does not know, or where the two are of two; `cwt/…`,
   *   `cose/…`, `cbor/…`
   */
  end(credential: Uint8Array, farewell: Uint8Array): Revocation & { readonly device: string } {
    const { anchor } = this.authority;
    const time = { floor: 0 };
    const { subject, key, kid } = verifyCredential(this.#crypto, credential, {
      kind: "device",
      anchor,
      time,
    });
    const { device } = verifySelfRevocation(this.#crypto, farewell, key);
    const name = toBase64url(kid);
    const gone = this.registry.endingWith(name);
    if (device !== subject || !gone.some(({ sub }) => sub === device)) {
      throw new VagusError("credential/holder", `expected the end of ${subject}, came that of ${device}`);
    }
    const at = this.#now();
    const revoked = gone.filter(({ issued }) => !this.registry.isRevoked(issued));
    this.folder.record([
      ...revoked.map(({ issued }) => ({ revoked: issued, at })),
      ...(this.registry.isEnded(name) ? [] : [{ ended: name, at }]),
    ]);
    return { device, revoked, ...this.#raise() };
  }

  /** The newest revocation list for this audience; undefined before there was one. */
  async list(audience: string): Promise<Uint8Array | undefined> {
    const event = this.registry.list(audience);
    if (event === undefined) return undefined;
    const revoked = event.kids.map((kid) => new Uint8Array(Buffer.from(kid, "base64url")));
    return this.authority.revocationList({ audience, epoch: event.epoch, revoked, now: event.at });
  }

  /** A new status list: its `iat` is above that of every one before. */
  async statusList(): Promise<Uint8Array> {
    const iat = Math.max(this.#now(), this.registry.statusListIssued + 1);
    this.folder.record([{ statusList: iat }]);
    const uri = this.folder.facts.statusUri;
    const list = this.registry.statusList();
    return this.authority.statusList(
      { uri, iat, exp: iat + STATUS_LIFE_S, ttl: STATUS_TTL_S, list },
      nodeZlib,
    );
  }

  /**
   * Answers a freshness request: the Authority's word, and the newest list for the device where there is one.
   * @throws VagusError as `judgeFreshness`
   */
  async freshness(request: Uint8Array): Promise<{ readonly token: Uint8Array; readonly list?: Uint8Array }> {
    const { nonce, device, programmer, audience } = this.judge(request);
    this.#raise();
    const now = this.#now();
    const epoch = this.registry.epoch(audience);
    const token = await this.authority.freshness({ nonce, device, programmer, epoch, now });
    const list = await this.list(audience);
    return { token, ...(list && { list }) };
  }

  /** A device's time, set by the Authority's. */
  timeReset(nonce: Uint8Array, device: string): Promise<Uint8Array> {
    return this.authority.timeReset({ nonce, device, now: this.#now() });
  }

  /** May this freshness request be answered now? @throws VagusError as `judgeFreshness` */
  judge(request: Uint8Array): AllowedFreshness {
    return judgeFreshness(this.#crypto, this.registry, this.authority.anchor, request, this.#now());
  }

  #raise(): DueLists {
    const due = this.registry.due(this.#now());
    this.folder.record(due.lists);
    return due;
  }
}
