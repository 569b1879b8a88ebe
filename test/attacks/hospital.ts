/** Who takes part in the attacks: an Authority, people with credentials, and a device that was provisioned by it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Authority } from "../../host/authority/authority.js";
import { Provisioner } from "../../host/programmer/provisioner.js";
import { readCredential } from "../../modules/credential/credential.js";
import {
  type Credential,
  type CredentialContent,
  type CredentialKind,
  SCOPE,
  signCredential,
  verifyCredential,
} from "../../modules/credential/index.js";
import type { Crypto, PrivateKey } from "../../modules/crypto/port.js";
import { parseCwtUnverified } from "../../modules/cwt/index.js";
import type { Firmware } from "../../sim/firmware.js";
import type { Start } from "./attack.js";
import { RECORD } from "./heart.js";
import { openLink } from "./link.js";

/** The group that the device belongs to. */
export const WARD = "ward-3";
export const EVERYTHING = Object.values(SCOPE);
const DAY_S = 86_400;

/** Someone with a key and a credential, whoever signed it. */
export interface Person {
  readonly name: string;
  readonly key: PrivateKey<"Ed25519">;
  readonly credential: Credential;
  readonly ancestor?: Credential;
}

/** What a credential says, where it is not by the book. */
export type But = Partial<Omit<CredentialContent, "holder">>;

export class Hospital {
  readonly crypto: Crypto;
  readonly authority: Authority;
  readonly key: PrivateKey<"Ed25519">;
  /** Folder of the device as it was provisioned: each attack has a copy of its own. */
  readonly folder: string;
  readonly device: Credential;

  private constructor(parts: Pick<Hospital, "crypto" | "authority" | "key" | "folder" | "device">) {
    this.crypto = parts.crypto;
    this.authority = parts.authority;
    this.key = parts.key;
    this.folder = parts.folder;
    this.device = parts.device;
  }

  /** @param folder an empty one, for the device */
  static async open(crypto: Crypto, start: Start, folder: string): Promise<Hospital> {
    const key = await crypto.generate("Ed25519");
    const authority = new Authority(crypto, key);
    const place = join(folder, "device");
    mkdirSync(place, { recursive: true });
    const firmware = await start({
      source: RECORD,
      paced: false,
      benchClock: true,
      folder: place,
    });
    try {
      const device = await provision(crypto, authority, firmware);
      return new Hospital({ crypto, authority, key, folder: place, device });
    } finally {
      await firmware.stop();
    }
  }

  /** Seconds since 1970. */
  get now(): number {
    return Math.floor(Date.now() / 1000);
  }

  /** Someone whom the Authority gave a programmer's credential for the ward, for a day. */
  person(name: string, scope: readonly string[] = EVERYTHING, but: But = {}): Promise<Person> {
    return this.signed(name, this.key, { scope, ...but });
  }

  /** Someone with a credential that this key has signed. @param of what the credential itself is for */
  async signed(
    name: string,
    signer: PrivateKey<"Ed25519">,
    but: But & { readonly kind?: CredentialKind },
    ancestor?: Person,
  ): Promise<Person> {
    const key = await this.crypto.generate("Ed25519");
    const token = await signCredential(this.crypto, signer, {
      kind: "programmer",
      subject: this.crypto.random(8),
      audience: [WARD],
      holder: key,
      issued: this.now,
      expires: this.now + DAY_S,
      scope: EVERYTHING,
      ...but,
    });
    return {
      name,
      key,
      credential: this.read(token, but.kind ?? "programmer"),
      ...(ancestor && { ancestor: ancestor.credential }),
    };
  }

  /** What a credential says, without a look at its signature: an attacker does not mind. */
  read(token: Uint8Array, kind: CredentialKind): Credential {
    return readCredential(this.crypto, token, kind, parseCwtUnverified(token).claims);
  }

  list(epoch: number, revoked: readonly Credential[], audience = WARD): Promise<Uint8Array> {
    const kids = revoked.map(({ kid }) => kid);
    return this.authority.revocationList({ audience, epoch, revoked: kids, now: this.now });
  }

  /** The Authority's word for a programmer, over a nonce. */
  word(
    nonce: Uint8Array,
    programmer: Person,
    { device = this.device.subject, epoch = 0, now = this.now } = {},
  ): Promise<Uint8Array> {
    return this.authority.freshness({ nonce, device, programmer: programmer.credential.kid, epoch, now });
  }
}

async function provision(crypto: Crypto, authority: Authority, firmware: Firmware): Promise<Credential> {
  await firmware.press(3200);
  const link = await openLink(firmware.port);
  const provisioner = await Provisioner.connect({ crypto, link, label: firmware.label });
  try {
    const holder = await provisioner.identify("Ed25519");
    const now = Math.floor(Date.now() / 1000);
    const token = await authority.issue({ kind: "device", holder, audience: [WARD], now });
    await provisioner.provision(token, authority.anchorKey);
    const { anchor } = authority;
    return verifyCredential(crypto, token, { kind: "device", anchor, time: { floor: 0 } });
  } finally {
    provisioner.close();
  }
}
