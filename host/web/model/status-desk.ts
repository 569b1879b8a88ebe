/** Which devices the Authority has taken back, as far as the page can know: the newest status list, where one is to be had. */
import type { Anchor, Credential } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { StatusChecker } from "../../authority/status.js";
import { InflatedAhead } from "../crypto/inflate.js";

/** A newer one is asked for no more often than that. */
const AGAIN_MS = 60_000;

export class StatusDesk {
  readonly #checker: StatusChecker;
  readonly #zlib = new InflatedAhead();
  readonly #fetch: () => Promise<Uint8Array>;
  readonly #now: () => number;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Why there is no newer one. */
  problem: string | undefined;

  /** @param now milliseconds since 1970 */
  constructor(crypto: Crypto, anchor: Anchor, fetch: () => Promise<Uint8Array>, now: () => number) {
    this.#checker = new StatusChecker(crypto, {
      anchor,
      zlib: this.#zlib,
      now: () => Math.floor(now() / 1000),
    });
    this.#fetch = fetch;
    this.#now = now;
  }

  /** The newest list, as it came. */
  get list(): Uint8Array | undefined {
    return this.#checker.bytes;
  }

  /** When it was signed, ms since 1970. */
  get asOf(): number | undefined {
    const { newest } = this.#checker;
    return newest && newest.iat * 1000;
  }

  /** Gets a newer one. Where that cannot be had, what is known stays known, and `problem` says why. */
  async refresh(force = false): Promise<void> {
    if (!force && this.#now() - this.#askedAt < AGAIN_MS) return;
    this.#askedAt = this.#now();
    try {
      const list = await this.#fetch();
      await this.#zlib.look(list);
      this.#checker.take(list);
      this.problem = undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** As `Trust` asks: with a list that is current, whoever is not on it as valid; with an old one, whoever it has as revoked. */
  readonly isRevoked = (kid: Uint8Array, credential: Credential): boolean =>
    this.#checker.current
      ? this.#checker.isRevoked(kid, credential)
      : this.#checker.wasRevoked(credential.token);
}
