import { equal } from "../../modules/bytes/index.js";
import type { Anchor, Credential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import {
  checkSuccession,
  isStale,
  lookUpStatus,
  parseCwtUnverified,
  STATUS,
  type StatusListToken,
  statusReference,
  type TokenTime,
  TYP,
  type Zlib,
} from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { verifyStatusList } from "./status-token.js";

const CLOCKS_DIFFER_S = 60;
const CREDENTIAL_MAX = 380;

export interface StatusCheckerOptions {
  readonly anchor: Anchor;
  readonly zlib: Zlib;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Knows for a gateway or a programmer which credentials hold: keeps the newest status list of its Authority. It says
 * nothing of a credential without a list, or with one that is out of date: then nobody is let in.
 */
export class StatusChecker {
  readonly #crypto: Crypto;
  readonly #options: StatusCheckerOptions;
  #newest:
    | { readonly bytes: Uint8Array; readonly token: StatusListToken; readonly takenAt: number }
    | undefined;

  constructor(crypto: Crypto, options: StatusCheckerOptions) {
    this.#crypto = crypto;
    this.#options = options;
  }

  /** The newest list as it came: to be kept, and taken again at the next start. */
  get bytes(): Uint8Array | undefined {
    return this.#newest?.bytes;
  }

  /** When it was fetched: seconds since 1970. */
  get takenAt(): number | undefined {
    return this.#newest?.takenAt;
  }

  get newest(): StatusListToken | undefined {
    return this.#newest?.token;
  }

  /** Is there a list, not past its `exp`, not held for longer than its `ttl` (draft section 13.7)? */
  get current(): boolean {
    const newest = this.#newest;
    return newest !== undefined && !isStale(newest.token, newest.takenAt, this.#options.now());
  }

  /**
   * Takes a list in place of the one before.
   * @param takenAt when it was fetched, where that was not now: one that was kept grows no younger by a restart
   * @throws VagusError `cwt/status` for an older one, or another of the same time; `cwt/…`, `cose/…`, `cbor/…`.
   *   Nothing is changed then
   */
  take(bytes: Uint8Array, takenAt: number = this.#options.now()): StatusListToken {
    return this.#take(bytes, takenAt, {
      floor: 0,
      now: this.#options.now(),
      toleranceSeconds: CLOCKS_DIFFER_S,
    });
  }

  /**
   * Takes a list that was taken before and kept, whatever became of it since: no older one is taken after it. Whether it
   * still says something, `current` tells.
   * @throws VagusError `cwt/…`, `cose/…`, `cbor/…`
   */
  restore(bytes: Uint8Array, takenAt: number): StatusListToken {
    return this.#take(bytes, takenAt, { floor: 0 });
  }

  #take(bytes: Uint8Array, takenAt: number, time: TokenTime): StatusListToken {
    const { anchor, zlib, now } = this.#options;
    const token = verifyStatusList(this.#crypto, bytes, { anchor, zlib, time });
    const before = this.#newest;
    checkSuccession(before?.token, token);
    if (before?.token.iat === token.iat && !equal(before.bytes, bytes)) {
      throw new VagusError("cwt/status", `expected iat after ${token.iat}, came another list of that time`);
    }
    this.#newest = { bytes: bytes.slice(), token, takenAt: Math.min(takenAt, now()) };
    return token;
  }

  /**
   * What the newest list says of a credential (a value of `STATUS`). The credential's signature is not looked at.
   * @throws VagusError `cwt/status` where it cannot be told: no list, one out of date, or not the one that is named
   */
  statusOf(credential: Uint8Array): number {
    const newest = this.#newest;
    if (newest === undefined)
      throw new VagusError("cwt/status", "expected a status list to be there, came none");
    if (!this.current) {
      throw new VagusError("cwt/status", `expected a newer status list, came one of ${newest.token.iat}`);
    }
    return lookUp(newest.token, credential);
  }

  /** Does the newest list, however old, say that this credential does not hold? That does not change with the next. */
  wasRevoked(credential: Uint8Array): boolean {
    const { token } = this.#newest ?? {};
    return token !== undefined && lookUp(token, credential) !== STATUS.valid;
  }

  /**
   * As `Trust` asks. A hub's credential has no status: it rests on its ancestor's, which is asked for too.
   * @throws VagusError as `statusOf`
   */
  readonly isRevoked = (_kid: Uint8Array, { kind, token }: Pick<Credential, "kind" | "token">): boolean =>
    kind !== "hub" && this.statusOf(token) !== STATUS.valid;
}

function lookUp(list: StatusListToken, credential: Uint8Array): number {
  const { claims, typ } = parseCwtUnverified(credential, { maxSize: CREDENTIAL_MAX });
  if (typ === TYP.hubCredential) {
    throw new VagusError(
      "cwt/status",
      "expected a credential with a status, came a hub's, which has none: it rests on its programmer's, and on revocation lists",
    );
  }
  return lookUpStatus(list, statusReference(claims));
}
