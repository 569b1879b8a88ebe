/**
 * The device as the holder of a credential: everything of it that outlives the power. Each change is checked first, then
 * written, then acted on; a cut anywhere leaves the old state or the new one, and `open` ends what was begun.
 */
import { equal, toHex } from "../bytes/index.js";
import { encode } from "../cbor/index.js";
import { keyId, toCoseKey } from "../cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { Flash } from "../flash/index.js";
import { type Anchor, decodeAnchor, verifyAnchorRotation } from "./anchor.js";
import { type Credential, verifyCredential } from "./credential.js";
import { Floor } from "./floor.js";
import {
  type Identity,
  LABEL_LENGTH,
  loadIdentity,
  type Own,
  purgeIdentity,
  readIdentity,
  type StoredIdentity,
  storeIdentity,
} from "./identity.js";
import { nextBoot, RevokedKeys } from "./records.js";
import { requestCredential, signSelfRevocation } from "./request.js";
import { isListed, verifyRevocationList } from "./revocation.js";

export interface HolderOptions {
  /** Monotonic milliseconds. */
  readonly clockMs: () => number;
  /** Seconds since 1970 at which the device is made; used at its first start only. */
  readonly madeAt: number;
}

export type HolderState = "new" | "provisioned" | "revoked";

export class Holder {
  readonly #crypto: Crypto;
  readonly #flash: Flash;
  readonly #revoked: RevokedKeys;
  #identity: Identity;
  /** Made for a request, and kept until its credential comes. */
  #pending: PrivateKey<SigningCurve> | undefined;
  /** How often a key was asked for, or given up. */
  #asked = 0;
  readonly floor: Floor;
  /** Starts so far, this one included: no two starts have the same. */
  readonly boot: number;
  /** True at the first start, when the device was made. */
  readonly fresh: boolean;

  private constructor(
    crypto: Crypto,
    flash: Flash,
    records: { identity: Identity; boot: number; floor: Floor; revoked: RevokedKeys; fresh: boolean },
  ) {
    this.#crypto = crypto;
    this.#flash = flash;
    this.#identity = records.identity;
    this.#revoked = records.revoked;
    this.floor = records.floor;
    this.boot = records.boot;
    this.fresh = records.fresh;
  }

  /**
   * @throws VagusError `flash/corrupt` where flash holds neither a device nor nothing, `crypto/bad-tag` where it is
   *   another device's
   */
  static async open(crypto: Crypto, flash: Flash, options: HolderOptions): Promise<Holder> {
    let stored = loadIdentity(flash);
    const fresh = stored === undefined;
    const boot = nextBoot(flash, fresh);
    const floor = new Floor(flash, options.clockMs, fresh ? options.madeAt : undefined);
    const revoked = new RevokedKeys(flash, fresh);
    if (stored === undefined) {
      stored = made(crypto.random(LABEL_LENGTH));
      storeIdentity(flash, stored);
    } else purgeIdentity(flash);
    if (stored.anchor === null) revoked.clear();
    const identity = await readIdentity(crypto, stored);
    const holder = new Holder(crypto, flash, { identity, boot, floor, revoked, fresh });
    if (holder.own !== undefined && holder.isRevoked(holder.own.kid)) holder.purge();
    return holder;
  }

  /** 16 bytes: what is printed on the device. */
  get label(): Uint8Array {
    return this.#identity.label;
  }

  get own(): Own | undefined {
    return this.#identity.own;
  }

  get anchor(): Anchor | undefined {
    return this.#identity.root?.anchor;
  }

  get state(): HolderState {
    if (this.own !== undefined) return "provisioned";
    return this.anchor === undefined ? "new" : "revoked";
  }

  /** Of the revocation list; 0 before there was one of this Authority for this group. */
  get epoch(): number {
    return this.#revoked.epoch(this.anchor?.kid, this.own?.credential.audience[0]);
  }

  isRevoked(kid: Uint8Array): boolean {
    return isListed(this.#revoked.kids, kid);
  }

  /**
   * A request for a credential: of a new key on `curve`, or of the key that the device has. A new key is kept in RAM until
   * its credential comes.
   * @param vouched the key before it signs for a new one, where there is one; otherwise it signs for itself
   * @throws VagusError `credential/anchor` for another curve than the Authority's
   */
  async request(curve: SigningCurve | undefined, vouched = false): Promise<Uint8Array> {
    const { anchor, own } = this;
    if (curve === undefined && own !== undefined) return requestCredential(this.#crypto, own.key, own.key);
    if (anchor !== undefined && curve !== undefined && curve !== anchor.curve) {
      throw new VagusError("credential/anchor", `expected a key on ${anchor.curve}, came ${curve}`);
    }
    this.forget();
    const asked = this.#asked;
    const pending = await this.#crypto.generate(curve ?? anchor?.curve ?? "Ed25519");
    if (asked !== this.#asked) {
      pending.close();
      throw new VagusError(
        "credential/request",
        "expected to be waited for, came another request or the end",
      );
    }
    this.#pending = pending;
    return requestCredential(this.#crypto, pending, (vouched && own?.key) || pending);
  }

  /** Drops a key that waits for its credential. */
  forget(): void {
    this.#asked++;
    this.#pending?.close();
    this.#pending = undefined;
  }

  /**
   * Takes what the Authority gave: the device's credential and, encoded, the anchor. A device that has an Authority
   * stays with it, revoked or not.
   * @throws VagusError `credential/anchor` for another Authority, and as `rotate`; nothing is changed then
   */
  provision(token: Uint8Array, encodedAnchor: Uint8Array): void {
    const anchor = decodeAnchor(this.#crypto, encodedAnchor);
    const { root } = this.#identity;
    if (root !== undefined && !equal(root.anchor.kid, anchor.kid)) {
      throw new VagusError(
        "credential/anchor",
        `expected the Authority ${toHex(root.anchor.kid)}, came ${toHex(anchor.kid)}`,
      );
    }
    this.take(token, anchor, root?.since ?? 0);
  }

  /**
   * Takes a new credential for the key that the device has, or for the one that it last made a request of.
   * @throws VagusError `credential/holder` for another key's credential, `cwt/status` for a revoked one, `cwt/…`,
   *   `cose/…`, `cbor/…`; nothing is changed then
   */
  rotate(token: Uint8Array): void {
    const { anchor, since } = this.root();
    this.take(token, anchor, since);
  }

  /**
   * Takes a new anchor that the old one signed, and in the same step the device's credential under it.
   * @throws VagusError as `rotate`; `credential/anchor` for a rotation that is not later than the last one, or is older
   *   than the device's credential
   */
  rotateAnchor(rotation: Uint8Array, token: Uint8Array): void {
    const root = this.root();
    const audience = this.audience();
    const { anchor, issued } = verifyAnchorRotation(this.#crypto, rotation, root.anchor, audience);
    const least = Math.max(root.since + 1, this.own?.credential.issued ?? 0);
    if (issued < least) {
      throw new VagusError(
        "credential/anchor",
        `expected a rotation of ${least} or later, came one of ${issued}`,
      );
    }
    this.take(token, anchor, issued);
    this.floor.raise(issued);
  }

  /**
   * Takes a revocation list. Where the device itself is on it, it signs that it knows, and purges its key.
   * @returns the self-revocation, if it came to that
   * @throws VagusError `credential/epoch` for a list that is not newer, `cwt/…`, `cose/…`, `cbor/…`
   */
  async takeList(token: Uint8Array): Promise<Uint8Array | undefined> {
    const list = verifyRevocationList(this.#crypto, token, this.root().anchor, this.audience());
    const { own } = this;
    const listed = own !== undefined && isListed(list.revoked, own.kid);
    this.checkEpoch(list.epoch);
    const farewell = listed ? await this.farewell(own, list.epoch) : undefined;
    this.checkEpoch(list.epoch); // while it signed, another list may have come, or another key
    if (own !== this.own) throw new VagusError("credential/revoked", "expected the same key, came another");
    // the time first: a key that is on the list no more, for its credential has ended, must not come back by a cut
    this.floor.raise(list.issued);
    this.#revoked.replace(list, this.root().anchor.kid, this.audience()[0]);
    if (listed) this.purge();
    return farewell;
  }

  /** Signs that it ends, then purges its key. The anchor stays: only its Authority can provision it again. */
  async revoke(): Promise<Uint8Array> {
    const { own } = this;
    if (own === undefined)
      throw new VagusError("credential/revoked", `expected a credential, came ${this.state}`);
    const farewell = await this.farewell(own, this.epoch);
    if (own !== this.own) throw new VagusError("credential/revoked", "expected the same key, came another");
    this.purge();
    return farewell;
  }

  /** Back to how it left the maker, with its label; the floor of time stays. For the button alone. */
  factoryReset(): void {
    const { own } = this;
    storeIdentity(this.#flash, made(this.label));
    own?.key.close();
    this.forget();
    this.#identity = { label: this.label, root: undefined, own: undefined };
    purgeIdentity(this.#flash);
    this.#revoked.clear();
  }

  private checkEpoch(epoch: number): void {
    if (epoch > this.epoch) return;
    throw new VagusError("credential/epoch", `expected an epoch above ${this.epoch}, came ${epoch}`);
  }

  private take(token: Uint8Array, anchor: Anchor, since: number): void {
    const crypto = this.#crypto;
    const { own } = this;
    const known = this.anchor !== undefined && equal(this.anchor.kid, anchor.kid);
    if (known && own !== undefined && equal(own.credential.token, token)) return; // it has it: flash is spared
    // a new device cannot know yet that its time is wrong
    const time = { floor: own === undefined ? 0 : this.floor.seconds };
    const credential = verifyCredential(crypto, token, { kind: "device", anchor, time });
    const key = this.keyFor(credential);
    if (own !== undefined && credential.issued < own.credential.issued) {
      throw new VagusError(
        "cwt/expired",
        `expected a credential of ${own.credential.issued} or later, came one of ${credential.issued}`,
      );
    }
    if (key.curve !== anchor.curve) {
      throw new VagusError("credential/anchor", `expected a key on ${anchor.curve}, came ${key.curve}`);
    }
    if (this.#identity.root !== undefined && this.isRevoked(credential.kid)) {
      throw new VagusError(
        "cwt/status",
        "expected a credential for a key that holds, came one that is revoked",
      );
    }
    this.floor.raise(credential.issued);
    storeIdentity(this.#flash, {
      label: this.label,
      sealed: crypto.seal(key),
      credential: token,
      anchor: encode(toCoseKey({ curve: anchor.curve, publicKey: anchor.publicKey }) as never),
      since,
    });
    const before = this.own;
    if (key === this.#pending) this.#pending = undefined;
    this.forget();
    this.#identity = {
      label: this.label,
      root: { anchor, since },
      own: { key, kid: credential.kid, credential },
    };
    if (before !== undefined && before.key !== key) before.key.close();
    purgeIdentity(this.#flash);
  }

  private keyFor({ kid }: Credential): PrivateKey<SigningCurve> {
    const key = [this.#pending, this.own?.key].find(
      (held) => held !== undefined && equal(keyId(this.#crypto, held), kid),
    );
    if (key !== undefined) return key;
    throw new VagusError(
      "credential/holder",
      "expected a credential for this device's key, came one for another",
    );
  }

  private farewell({ key, credential }: Own, epoch: number): Promise<Uint8Array> {
    const { seconds } = this.floor;
    return signSelfRevocation(this.#crypto, key, { device: credential.subject, issued: seconds, epoch });
  }

  private purge(): void {
    const stored = loadIdentity(this.#flash) as StoredIdentity;
    this.own?.key.close();
    this.forget();
    this.#identity = { ...this.#identity, own: undefined };
    storeIdentity(this.#flash, { ...stored, sealed: null, credential: null });
    purgeIdentity(this.#flash);
  }

  private root() {
    const { root } = this.#identity;
    if (root !== undefined) return root;
    throw new VagusError("device/unprovisioned", "expected a device that has an Authority, came a new one");
  }

  /** Whom a list or a rotation is for: the group of the device, or it alone. */
  private audience(): string[] {
    const credential = this.own?.credential;
    if (credential === undefined) {
      throw new VagusError(
        "credential/revoked",
        `expected a device with a credential, came one that is ${this.state}`,
      );
    }
    return [credential.audience[0]];
  }
}

function made(label: Uint8Array): StoredIdentity {
  return { label, sealed: null, credential: null, anchor: null, since: 0 };
}
