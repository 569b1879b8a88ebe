import { toBase64url } from "../../../modules/bytes/base64url.js";
import type { VerificationKey } from "../../../modules/cose/index.js";
import type { Credential } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import type { Scope } from "../../../modules/cwt/index.js";
import type { Authority } from "../../authority/authority.js";
import { AuthorityFolder } from "../../authority/folder.js";
import { Office } from "../../authority/office.js";
import { StatusChecker } from "../../authority/status.js";
import { nodeZlib } from "../../cose/zlib.js";
import type { FreshnessAnswer } from "../../programmer/manage.js";

/** The ward's group: devices belong to it, programmers may talk to it. */
export const WARD = "ward-3";

/** A hospital's Authority in a story, as `vagus authority` keeps it, and its one ward. */
export class Ward {
  readonly #crypto: Crypto;
  readonly #office: Office;

  private constructor(crypto: Crypto, office: Office) {
    this.#crypto = crypto;
    this.#office = office;
  }

  static async open(crypto: Crypto, path: string): Promise<Ward> {
    const facts = {
      name: "St. Elsewhere",
      curve: "Ed25519",
      statusUri: "https://elsewhere.example/s",
      created: new Date().toISOString(),
    } as const;
    const folder = await AuthorityFolder.create(crypto, path, facts, "insecure");
    const { key } = await folder.unlock(crypto, () => Promise.resolve(""));
    return new Ward(crypto, new Office(crypto, folder, key, now));
  }

  get authority(): Authority {
    return this.#office.authority;
  }

  /** Seconds since 1970. */
  get now(): number {
    return now();
  }

  /** Of the newest list. */
  get epoch(): number {
    return this.#office.registry.epoch(WARD);
  }

  /** A programmer's credential for the ward, for seven days. */
  issue(holder: VerificationKey, scope: Scope): Promise<Credential> {
    return this.#office.issue({ kind: "programmer", holder, audience: [WARD], scope });
  }

  async issueDevice(holder: VerificationKey): Promise<Uint8Array> {
    return (await this.#office.issue({ kind: "device", holder, audience: [WARD] })).token;
  }

  /** Takes back what a key was given; the list that says so has a higher epoch than any before. */
  revoke({ kid }: Pick<Credential, "kid">): void {
    this.#office.revoke(this.#office.registry.ofKey(toBase64url(kid)));
  }

  /** The newest revocation list of the ward. */
  async list(): Promise<Uint8Array> {
    return (await this.#office.list(WARD)) ?? new Uint8Array(0);
  }

  /** What the Authority says to a freshness request. @throws VagusError `credential/revoked` to one that it has revoked */
  answer(request: Uint8Array): Promise<FreshnessAnswer> {
    return this.#office.freshness(request);
  }

  /** A programmer's own eyes: the status list of this moment. */
  async statusChecker(): Promise<StatusChecker> {
    const checker = new StatusChecker(this.#crypto, { anchor: this.authority.anchor, zlib: nodeZlib, now });
    checker.take(await this.#office.statusList());
    return checker;
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
