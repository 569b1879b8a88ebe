/** An Authority of the tests, what it issues, and flash of devices that it has provisioned. */
import { toBase64url } from "../../../modules/bytes/base64url.js";
import { encode } from "../../../modules/cbor/index.js";
import { toCoseKey, type VerificationKey } from "../../../modules/cose/index.js";
import {
  type Anchor,
  anchorOf,
  type Credential,
  type CredentialContent,
  Holder,
  issueAnchorRotation,
  issueFreshness,
  issueRevocationList,
  issueTimeReset,
  signCredential,
  verifyCredential,
  verifyRequest,
} from "../../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { type Flash, MemoryFlash } from "../../../modules/flash/index.js";

/** Seconds since 1970 when every device of the tests was made: its floor of time. */
export const MADE_AT = 1_700_000_000;
export const DAY = 86_400;
/** The group that the devices belong to and the programmer may talk to. */
export const GROUP = "bench";
/** The `sub` of every device, unless the test says otherwise. */
const SUBJECT = new Uint8Array(8).fill(1);
export const DEVICE = toBase64url(SUBJECT);

export class Clinic {
  readonly #crypto: Crypto;
  readonly authority: PrivateKey<SigningCurve>;
  readonly anchor: Anchor;
  /** A programmer's key, and its credential for the group with `ecg:read`, for a day. */
  readonly key: PrivateKey<SigningCurve>;
  readonly credential: Credential;

  private constructor(
    crypto: Crypto,
    authority: PrivateKey<SigningCurve>,
    key: PrivateKey<SigningCurve>,
    token: Uint8Array,
  ) {
    this.#crypto = crypto;
    this.authority = authority;
    this.anchor = anchorOf(crypto, authority);
    this.key = key;
    const time = { floor: MADE_AT };
    this.credential = verifyCredential(crypto, token, { kind: "programmer", anchor: this.anchor, time });
  }

  /** @param seed another one is another Authority with another programmer */
  static async open(crypto: Crypto, seed = 0xa0, curve: SigningCurve = "Ed25519"): Promise<Clinic> {
    const authority = await crypto.importKey(curve, new Uint8Array(32).fill(seed));
    const key = await crypto.importKey(curve, new Uint8Array(32).fill(seed + 0x10));
    const token = await signCredential(crypto, authority, programmerContent(key));
    return new Clinic(crypto, authority, key, token);
  }

  /** The anchor as a device is given it. */
  get anchorKey(): Uint8Array {
    const { curve, publicKey } = this.anchor;
    return encode(toCoseKey({ curve, publicKey }) as never);
  }

  /** A programmer's credential, but for what the test says. */
  issue(but: Partial<CredentialContent> = {}): Promise<Uint8Array> {
    return signCredential(this.#crypto, this.authority, { ...programmerContent(this.key), ...but });
  }

  issueDevice(holder: VerificationKey, but: Partial<CredentialContent> = {}): Promise<Uint8Array> {
    return signCredential(this.#crypto, this.authority, {
      kind: "device",
      subject: SUBJECT,
      audience: [GROUP],
      holder,
      issued: MADE_AT,
      expires: MADE_AT + DAY,
      ...but,
    });
  }

  /** A revocation list of the devices' group. */
  list(
    epoch: number,
    revoked: readonly Uint8Array[] = [],
    but: { audience?: string; issued?: number } = {},
  ): Promise<Uint8Array> {
    const content = { audience: GROUP, issued: MADE_AT, ...but, epoch, revoked };
    return issueRevocationList(this.#crypto, this.authority, content);
  }

  /** The Authority's word for the programmer, over a nonce. */
  freshness(nonce: Uint8Array, but: Partial<Parameters<typeof issueFreshness>[2]> = {}): Promise<Uint8Array> {
    const { kid: programmer } = this.credential;
    const content = { nonce, device: DEVICE, issued: MADE_AT, programmer, epoch: 0, ...but };
    return issueFreshness(this.#crypto, this.authority, content);
  }

  timeReset(nonce: Uint8Array, issued: number, device = DEVICE): Promise<Uint8Array> {
    return issueTimeReset(this.#crypto, this.authority, { nonce, device, issued });
  }

  /** Hands over to another Authority. */
  handOver(next: VerificationKey, issued: number, audience = GROUP): Promise<Uint8Array> {
    return issueAnchorRotation(this.#crypto, this.authority, { next, audience, issued });
  }

  /** Flash of a device that has a credential of this clinic: its boot count is 1. */
  async provisionedFlash(but: Partial<CredentialContent> = {}, sectors = DEVICE_SECTORS_MIN): Promise<Flash> {
    const flash = new MemoryFlash(sectors);
    const holder = await Holder.open(this.#crypto, flash, { clockMs: () => 0, madeAt: MADE_AT });
    await this.provision(holder, but);
    return flash;
  }

  /** Gives a device what it needs, as over its label session. */
  async provision(holder: Holder, but: Partial<CredentialContent> = {}): Promise<void> {
    const key = verifyRequest(this.#crypto, await holder.request(this.anchor.curve, false));
    holder.provision(await this.issueDevice(key, but), this.anchorKey);
  }
}

function programmerContent(holder: PrivateKey<SigningCurve>): CredentialContent {
  return {
    kind: "programmer",
    subject: new Uint8Array(8).fill(2),
    audience: [GROUP],
    holder,
    issued: MADE_AT,
    expires: MADE_AT + DAY,
    scope: ["ecg:read"],
  };
}
