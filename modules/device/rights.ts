import type { Holder } from "../credential/index.js";
import { Challenge, FRESH_MS, SCOPE, type TrustedPeer, verifyFreshness } from "../credential/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";

/** The only right of a label session; with its spaces it is no scope that a credential can have (RFC 6749 section 3.3). */
export const PROVISION = "the device's label";

/** What could hurt: these scopes are worth something only with the Authority's word from this session. */
const SENSITIVE: readonly string[] = [SCOPE.pacingWrite, SCOPE.deviceManage, SCOPE.journalRelease];

/** What a session's peer may do. */
export class Rights {
  /** Undefined in a label session: nobody knows who holds the label. */
  readonly peer: TrustedPeer | undefined;
  private asked: Challenge | undefined;
  private freshUntilMs = Number.NEGATIVE_INFINITY;

  constructor(peer: TrustedPeer | undefined) {
    this.peer = peer;
  }

  /** The scopes of the peer's credential; of a label session the one thing that it is for. */
  get scope(): readonly string[] {
    return this.peer === undefined ? [PROVISION] : this.peer.credential.scope;
  }

  /** A new nonce of this session; the one before is worth nothing more. */
  challenge(crypto: Crypto, nowMs: number): Uint8Array {
    this.asked = new Challenge(crypto, nowMs);
    return this.asked.nonce;
  }

  /** The nonce that an answer has to be over. @throws VagusError `credential/freshness` */
  outstanding(nowMs: number): Challenge {
    if (this.asked === undefined) {
      throw new VagusError(
        "credential/freshness",
        "expected a challenge to be asked for first, came an answer",
      );
    }
    this.asked.check(nowMs);
    return this.asked;
  }

  /**
   * Takes the Authority's word: from now on what could hurt is allowed, for 30 minutes. A list that is newer than the
   * device's comes first; the nonce stays good for that.
   * @throws VagusError `credential/freshness`, `credential/epoch`, `cwt/…`, `cose/…`, `cbor/…`
   */
  refresh(crypto: Crypto, holder: Holder, token: Uint8Array, nowMs: number): void {
    const challenge = this.outstanding(nowMs);
    const { own, anchor } = holder;
    if (this.peer === undefined || own === undefined || anchor === undefined) {
      throw new VagusError(
        "credential/freshness",
        "expected a session of a programmer, came one of the label",
      );
    }
    const { issued, epoch } = verifyFreshness(crypto, token, {
      anchor,
      device: own.credential.subject,
      nonce: challenge.nonce,
      programmer: this.peer.credential.kid,
    });
    if (epoch > holder.epoch) {
      throw new VagusError(
        "credential/epoch",
        `expected the revocation list of epoch ${epoch} first, came a token while ${holder.epoch} is held`,
      );
    }
    challenge.use();
    holder.floor.raise(issued, challenge.ageS);
    this.freshUntilMs = nowMs + FRESH_MS;
  }

  /**
   * @param scopes any of these will do; none: everybody may
   * @param withoutWord also where the Authority's word has not come
   * @throws VagusError `session/scope`, `credential/freshness`
   */
  demand(what: string, scopes: readonly string[], nowMs: number, withoutWord = false): void {
    if (scopes.length === 0) return;
    const held = scopes.find((scope) => this.scope.includes(scope));
    if (held === undefined) {
      throw new VagusError(
        "session/scope",
        `${what}: expected a session with ${scopes.join(" or ")}, came one with ${this.scope.join(" ")}`,
      );
    }
    if (!withoutWord && SENSITIVE.includes(held) && nowMs >= this.freshUntilMs) {
      throw new VagusError(
        "credential/freshness",
        `${what}: expected the Authority's word for ${held} first, came none`,
      );
    }
  }
}
