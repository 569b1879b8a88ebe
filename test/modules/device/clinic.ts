/** An Authority of the tests, what it issues, and flash of devices that it has provisioned. */
import { encode } from "../../../modules/cbor/index.js";
import { toCoseKey, type VerificationKey } from "../../../modules/cose/index.js";
import {
  type Anchor,
  anchorOf,
  type Credential,
  CREDENTIAL_SECTORS,
  type CredentialContent,
  Holder,
  signCredential,
  verifyCredential,
  verifyRequest,
} from "../../../modules/credential/index.js";
import type { Crypto, PrivateKey } from "../../../modules/crypto/port.js";
import { type Flash, MemoryFlash } from "../../../modules/flash/index.js";

/** Seconds since 1970 when every device of the tests was made: its floor of time. */
export const MADE_AT = 1_700_000_000;
export const DAY = 86_400;
/** The group that the devices belong to and the programmer may talk to. */
export const GROUP = "bench";

export class Clinic {
  readonly #crypto: Crypto;
  readonly authority: PrivateKey<"Ed25519">;
  readonly anchor: Anchor;
  /** A programmer's key, and its credential for the group with `ecg:read`, for a day. */
  readonly key: PrivateKey<"Ed25519">;
  readonly credential: Credential;

  private constructor(
    crypto: Crypto,
    authority: PrivateKey<"Ed25519">,
    key: PrivateKey<"Ed25519">,
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
  static async open(crypto: Crypto, seed = 0xa0): Promise<Clinic> {
    const authority = await crypto.importKey("Ed25519", new Uint8Array(32).fill(seed));
    const key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(seed + 0x10));
    const token = await signCredential(crypto, authority, programmerContent(key));
    return new Clinic(crypto, authority, key, token);
  }

  /** The anchor as a device is given it. */
  get anchorKey(): Uint8Array {
    return encode(toCoseKey(this.anchor) as never);
  }

  /** A programmer's credential, but for what the test says. */
  issue(but: Partial<CredentialContent> = {}): Promise<Uint8Array> {
    return signCredential(this.#crypto, this.authority, { ...programmerContent(this.key), ...but });
  }

  issueDevice(holder: VerificationKey, but: Partial<CredentialContent> = {}): Promise<Uint8Array> {
    return signCredential(this.#crypto, this.authority, {
      kind: "device",
      subject: new Uint8Array(8).fill(1),
      audience: [GROUP],
      holder,
      issued: MADE_AT,
      expires: MADE_AT + DAY,
      ...but,
    });
  }

  /** Flash of a device that has a credential of this clinic: its boot count is 1. */
  async provisionedFlash(but: Partial<CredentialContent> = {}): Promise<Flash> {
    const flash = new MemoryFlash(CREDENTIAL_SECTORS);
    const holder = await Holder.open(this.#crypto, flash, { clockMs: () => 0, madeAt: MADE_AT });
    await this.provision(holder, but);
    return flash;
  }

  /** Gives a device what it needs, as over its label session. */
  async provision(holder: Holder, but: Partial<CredentialContent> = {}): Promise<void> {
    const key = verifyRequest(this.#crypto, await holder.request(this.anchor.curve));
    holder.provision(await this.issueDevice(key, but), this.anchorKey);
  }
}

function programmerContent(holder: PrivateKey<"Ed25519">): CredentialContent {
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
