/**
 * Where the browser keeps the clinician's key: IndexedDB, either as a CryptoKey that cannot be read or, where the browser has
 * no such keys, as an age file under a passphrase, as the command line has it.
 */
import type { Crypto, PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { makeKeyFile, openKeyFile } from "../../authority/sealed-key.js";
import type { Issued } from "../model/identity.js";
import { type BrowserCrypto, BrowserKey } from "./web-crypto.js";

const DATABASE = "vagus";
const STORE = "identity";
const ID = "own";

export interface KeptIdentity {
  /** The key: what the browser keeps, or a sealed one. */
  readonly key:
    | { readonly handle: CryptoKey; readonly publicKey: Uint8Array }
    | { readonly sealed: Uint8Array };
  readonly issued?: Issued;
}

/** A passphrase is needed where the browser cannot keep a key to itself. */
export function needsPassphrase(crypto: BrowserCrypto, kept: KeptIdentity | undefined): boolean {
  return kept === undefined ? !crypto.keeps("Ed25519") : "sealed" in kept.key;
}

/** A new key, and what to keep of it. @throws VagusError `host/passphrase` for an empty one where one is needed */
export async function makeKey(
  crypto: BrowserCrypto,
  passphrase: string,
): Promise<{ readonly key: PrivateKey<SigningCurve>; readonly kept: KeptIdentity }> {
  if (!crypto.keeps("Ed25519")) {
    const { key, file } = await makeKeyFile(crypto, "Ed25519", { passphrase });
    return { key, kept: { key: { sealed: file } } };
  }
  const key = await crypto.generate("Ed25519");
  const { handle, publicKey } = key as PrivateKey as BrowserKey;
  return { key, kept: { key: { handle, publicKey } } };
}

/** @throws VagusError `host/passphrase` for the wrong one */
export async function openKey(
  crypto: Crypto,
  { key }: KeptIdentity,
  passphrase: string,
): Promise<PrivateKey<SigningCurve>> {
  if ("handle" in key) return new BrowserKey("Ed25519", key.publicKey, key.handle);
  return (await openKeyFile(crypto, key.sealed, () => Promise.resolve(passphrase))).key;
}

export async function loadIdentity(): Promise<KeptIdentity | undefined> {
  return inStore("readonly", (store) => store.get(ID));
}

export async function keepIdentity(kept: KeptIdentity): Promise<void> {
  await inStore("readwrite", (store) => store.put(kept, ID));
}

export async function forgetIdentity(): Promise<void> {
  await inStore("readwrite", (store) => store.delete(ID));
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
