/**
 * An Authority's folder:
 *
 *   authority.json   { "vagus": 1, "name", "curve", "statusUri", "created" }   public
 *   anchor.cbor      the public key, an encoded COSE_Key                       public
 *   authority.key    the private key: see `key-file.ts`
 *   ledger.jsonl     what was done: see `ledger.ts`
 *   out/             what is to be carried: revocation lists, the status list
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { equal } from "../../modules/bytes/index.js";
import { type Anchor, decodeAnchor } from "../../modules/credential/index.js";
import type { Crypto, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { Authority } from "./authority.js";
import { appendDurably, createFile, makeFolder, PRIVATE, replaceFile } from "./files.js";
import { keepKeyFile, type OpenedKey, openKeyFile, type Protection } from "./key-file.js";
import { encodeEvents, type LedgerEvent, readLedger } from "./ledger.js";
import { Registry } from "./registry.js";

export const AUTHORITY_FILES = {
  facts: "authority.json",
  anchor: "anchor.cbor",
  key: "authority.key",
  ledger: "ledger.jsonl",
  out: "out",
} as const;
const VERSION = 1;

/** What everybody may know of an Authority. */
export interface AuthorityFacts {
  readonly name: string;
  readonly curve: SigningCurve;
  /** Where its status list is to be had: the `uri` of each credential's status. */
  readonly statusUri: string;
  /** ISO 8601. */
  readonly created: string;
}

export class AuthorityFolder {
  readonly path: string;
  readonly facts: AuthorityFacts;
  readonly anchor: Anchor;
  readonly registry = new Registry();
  /** A line of the ledger that the power was cut in, if there was one; the next change takes it away. */
  readonly cut: string | undefined;
  #failed = false;
  #length: number;
  #seen: number;

  private constructor(path: string, facts: AuthorityFacts, anchor: Anchor) {
    this.path = path;
    this.facts = facts;
    this.anchor = anchor;
    const bytes = readFileSync(this.file("ledger"));
    const { length, cut } = readLedger(bytes, (event) => this.registry.apply(event));
    this.cut = cut;
    this.#length = length;
    this.#seen = bytes.length;
  }

  /**
   * Makes a new Authority, with its key. `authority.json` comes last: without it the folder is none, and what a power cut
   * left of one is gone on with.
   * @throws VagusError `host/store` where there is one, or its books; as `keepKeyFile`
   */
  static async create(
    crypto: Crypto,
    path: string,
    facts: AuthorityFacts,
    protection: Protection,
  ): Promise<AuthorityFolder> {
    const at = (name: keyof typeof AUTHORITY_FILES) => join(path, AUTHORITY_FILES[name]);
    if (existsSync(at("facts"))) {
      throw new VagusError("host/store", `expected no Authority in ${path} yet, came one`);
    }
    if ((statSync(at("ledger"), { throwIfNoEntry: false })?.size ?? 0) > 0) {
      throw new VagusError("host/store", `expected no books in ${path} yet, came those of an Authority`);
    }
    makeFolder(path);
    makeFolder(at("out"));
    const key = await keepKeyFile(crypto, at("key"), facts.curve, protection);
    replaceFile(at("anchor"), new Authority(crypto, key).anchorKey);
    replaceFile(at("ledger"), "", PRIVATE.file);
    createFile(at("facts"), `${JSON.stringify({ vagus: VERSION, ...facts }, null, 2)}\n`);
    return AuthorityFolder.open(crypto, path);
  }

  /** Reads everything but the key. @throws VagusError `host/store`, `host/ledger`, `cose/key` */
  static open(crypto: Crypto, path: string): AuthorityFolder {
    const facts = readFacts(path);
    const anchor = decodeAnchor(crypto, readFileSync(join(path, AUTHORITY_FILES.anchor)));
    if (anchor.curve !== facts.curve) {
      throw new VagusError("host/store", `expected an anchor on ${facts.curve}, came one on ${anchor.curve}`);
    }
    return new AuthorityFolder(path, facts, anchor);
  }

  /** @throws VagusError `host/passphrase`, `host/store` where the key is another Authority's */
  async unlock(crypto: Crypto, passphrase: () => Promise<string>): Promise<OpenedKey> {
    const opened = await openKeyFile(crypto, readFileSync(this.file("key")), passphrase);
    if (equal(opened.key.publicKey, this.anchor.publicKey)) return opened;
    throw new VagusError("host/store", "expected the key of the anchor, came another Authority's");
  }

  file(name: keyof typeof AUTHORITY_FILES): string {
    return join(this.path, AUTHORITY_FILES[name]);
  }

  /**
   * What happens from here on rests on these: they are on the disk when this returns. After a failure the folder has to be
   * opened again.
   * @throws VagusError `host/ledger` for an event that cannot come here, `host/store`
   */
  record(events: readonly LedgerEvent[]): void {
    if (events.length === 0) return;
    if (this.#failed)
      throw new VagusError("host/store", "expected the folder to be opened again, came a change");
    const text = encodeEvents(events);
    this.#failed = true;
    for (const event of events) this.registry.apply(event);
    appendDurably(this.file("ledger"), text, this.#length, this.#seen);
    this.#failed = false;
    this.#length += Buffer.byteLength(text);
    this.#seen = this.#length;
  }
}

function readFacts(path: string): AuthorityFacts {
  const file = join(path, AUTHORITY_FILES.facts);
  if (!existsSync(file)) {
    throw new VagusError("host/store", `expected an Authority in ${path} (vagus authority init), came none`);
  }
  let read: Record<string, unknown>;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    throw new VagusError("host/store", `${file}: expected JSON, came none`);
  }
  const { vagus, name, curve, statusUri, created } = read;
  const texts = [name, statusUri, created].every((value) => typeof value === "string");
  if (vagus === VERSION && texts && (curve === "Ed25519" || curve === "P-256")) {
    return { name, curve, statusUri, created } as AuthorityFacts;
  }
  throw new VagusError(
    "host/store",
    `${file}: expected vagus ${VERSION}, name, curve, statusUri and created`,
  );
}
