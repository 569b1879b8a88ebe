/**
 * The folder of a programmer or a hub:
 *
 *   holder.key       its private key: see `authority/key-file.ts`
 *   request.cwt      what an Authority, or for a hub a programmer, issues from
 *   credential.cwt   what it got
 *   anchor.cbor      the Authority's public key
 *   ancestor.cwt     a hub's: the credential of the programmer that let it in
 *   status.cbor      the newest status list that it has seen: see `kept-status.ts`
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { equal } from "../../modules/bytes/index.js";
import {
  type Anchor,
  type Credential,
  decodeAnchor,
  requestCredential,
  verifyCredential,
  verifyDelegated,
} from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { makeFolder, replaceFile } from "../authority/files.js";
import { keepKeyFile, openKeyFile, type Protection } from "../authority/key-file.js";

export const HOLDER_FILES = {
  key: "holder.key",
  request: "request.cwt",
  credential: "credential.cwt",
  anchor: "anchor.cbor",
  ancestor: "ancestor.cwt",
} as const;

const CLOCKS_DIFFER_S = 60;

/** Who a programmer or a hub is. */
export interface Holding {
  readonly key: PrivateKey<SigningCurve>;
  /** Its key lay there bare. */
  readonly insecure: boolean;
  readonly credential: Credential;
  readonly anchor: Anchor;
  readonly ancestor?: Credential;
}

/** What a holder is given. */
export interface Given {
  readonly credential: Uint8Array;
  /** An encoded COSE_Key. */
  readonly anchor: Uint8Array;
  readonly ancestor?: Uint8Array;
}

/**
 * Makes a key, which stays there, and a request for a credential. Where a power cut came between the two it goes on with
 * the key that is there.
 * @returns the path of the request
 * @throws VagusError `host/store` where both are there; as `keepKeyFile`
 */
export async function createHolder(
  crypto: Crypto,
  folder: string,
  curve: SigningCurve,
  protection: Protection,
): Promise<string> {
  makeFolder(folder);
  const [path, request] = [join(folder, HOLDER_FILES.key), join(folder, HOLDER_FILES.request)];
  if (existsSync(path) && existsSync(request)) {
    throw new VagusError("host/store", `expected no key in ${folder} yet, came one with its request`);
  }
  const key = await keepKeyFile(crypto, path, curve, protection);
  replaceFile(request, await requestCredential(crypto, key, key));
  return request;
}

/** Puts what was issued into a holder's folder; the credential last. A programmer's leaves nothing of a hub's. */
export function keepGiven(folder: string, { credential, anchor, ancestor }: Given): void {
  makeFolder(folder);
  replaceFile(join(folder, HOLDER_FILES.anchor), anchor);
  const above = join(folder, HOLDER_FILES.ancestor);
  if (ancestor === undefined) rmSync(above, { force: true });
  else replaceFile(above, ancestor);
  replaceFile(join(folder, HOLDER_FILES.credential), credential);
}

/**
 * @param now seconds since 1970
 * @throws VagusError `host/store` where something is missing or does not fit, `host/passphrase`, `cwt/…`
 */
export async function openHolder(
  crypto: Crypto,
  folder: string,
  passphrase: () => Promise<string>,
  now: number,
): Promise<Holding> {
  const read = (name: keyof typeof HOLDER_FILES) => readPart(folder, name);
  const anchor = decodeAnchor(crypto, read("anchor"));
  const time = { floor: 0, now, toleranceSeconds: CLOCKS_DIFFER_S };
  const top = (token: Uint8Array) => verifyCredential(crypto, token, { kind: "programmer", anchor, time });
  const ancestor = existsSync(join(folder, HOLDER_FILES.ancestor)) ? top(read("ancestor")) : undefined;
  const credential =
    ancestor === undefined
      ? top(read("credential"))
      : verifyDelegated(crypto, read("credential"), ancestor, { time });
  const { key, insecure } = await openKeyFile(crypto, read("key"), passphrase);
  if (!equal(key.publicKey, credential.key.publicKey)) {
    throw new VagusError("host/store", `${folder}: expected a credential for its key, came one for another`);
  }
  return { key, insecure, credential, anchor, ...(ancestor && { ancestor }) };
}

function readPart(folder: string, name: keyof typeof HOLDER_FILES): Uint8Array {
  const path = join(folder, HOLDER_FILES[name]);
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  const how = name === "key" ? "vagus request" : "vagus issue, or for a hub vagus delegate,";
  throw new VagusError("host/store", `expected ${path} (${how} makes it), came none`);
}
