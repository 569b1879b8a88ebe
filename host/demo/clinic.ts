import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex, toHex } from "../../modules/bytes/index.js";
import { type Credential, SCOPE, Trust, verifyCredential } from "../../modules/credential/index.js";
import type { Crypto, PrivateKey } from "../../modules/crypto/port.js";
import { Authority } from "../authority/authority.js";
import type { CentralLink } from "../link/link.js";
import { Provisioner } from "../programmer/provisioner.js";

/** The group that the demo's devices belong to and its programmer may talk to. */
const GROUP = "vagus-demo";
const STATUS_URI = "https://demo.example/s";

/** Every scope there is: the demo's programmer may do anything. */
const FULL_SCOPE = Object.values(SCOPE);

/**
 * An Authority and a programmer for a demo. Their private keys are made from seeds that, where a folder is given, lie
 * in a plain file beside the demo's device: fit for nothing but a demo.
 */
export class DemoClinic {
  readonly #crypto: Crypto;
  readonly #authority: Authority;
  readonly key: PrivateKey<"Ed25519">;
  readonly credential: Credential;
  readonly trust: Trust;

  private constructor(
    crypto: Crypto,
    authority: Authority,
    key: PrivateKey<"Ed25519">,
    credential: Credential,
  ) {
    this.#crypto = crypto;
    this.#authority = authority;
    this.key = key;
    this.credential = credential;
    const now = seconds();
    this.trust = new Trust(crypto, {
      anchor: authority.anchor,
      kinds: ["device"],
      time: () => ({ floor: now, now: seconds(), toleranceSeconds: 60 }),
    });
  }

  static async open(crypto: Crypto, folder: string | undefined): Promise<DemoClinic> {
    const seeds = loadSeeds(crypto, folder);
    const authority = new Authority(crypto, await crypto.importKey("Ed25519", seeds.authority));
    const key = await crypto.importKey("Ed25519", seeds.programmer);
    const now = seconds();
    const token = await authority.issue({
      kind: "programmer",
      holder: key,
      audience: [GROUP],
      scope: FULL_SCOPE,
      status: { index: 1, uri: STATUS_URI },
      now,
    });
    const time = { floor: now, now, toleranceSeconds: 60 };
    const credential = verifyCredential(crypto, token, {
      kind: "programmer",
      anchor: authority.anchor,
      time,
    });
    return new DemoClinic(crypto, authority, key, credential);
  }

  /** What its devices and programmers are verified by. */
  get anchor() {
    return this.#authority.anchor;
  }

  /** Gives a new device its credential and its anchor, over the label session. */
  async provision(link: CentralLink, label: Uint8Array): Promise<void> {
    const provisioner = await Provisioner.connect({ crypto: this.#crypto, link, label });
    try {
      const holder = await provisioner.identify(this.#authority.anchor.curve);
      const status = { index: 0, uri: STATUS_URI };
      const credential = await this.#authority.issue({
        kind: "device",
        holder,
        audience: [GROUP],
        status,
        now: seconds(),
      });
      await provisioner.provision(credential, this.#authority.anchorKey);
    } finally {
      provisioner.close();
    }
  }
}

interface Seeds {
  readonly authority: Uint8Array;
  readonly programmer: Uint8Array;
}

function loadSeeds(crypto: Crypto, folder: string | undefined): Seeds {
  const path = folder === undefined ? undefined : join(folder, "demo-seeds.json");
  if (folder === undefined || path === undefined || !existsSync(path)) {
    const fresh = { authority: crypto.random(32), programmer: crypto.random(32) };
    if (folder !== undefined && path !== undefined) {
      mkdirSync(folder, { recursive: true });
      const text = JSON.stringify({ authority: toHex(fresh.authority), programmer: toHex(fresh.programmer) });
      writeFileSync(path, text, { mode: 0o600 });
    }
    return fresh;
  }
  const read = JSON.parse(readFileSync(path, "utf8"));
  return { authority: fromHex(read.authority), programmer: fromHex(read.programmer) };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
