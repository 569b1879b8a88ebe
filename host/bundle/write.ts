/** Makes a bundle, item after item: `format.ts` says what it is. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { preface, signSeal } from "./format.js";

export interface BundleContent {
  /** Of each key of the device that signed, in the order in which it had them. */
  readonly devices: readonly Uint8Array[];
  /** Of whoever signed receipts, and of who seals; a hub's after its programmer's. */
  readonly signers: readonly Uint8Array[];
  readonly statusLists: readonly Uint8Array[];
  readonly receipts: readonly Uint8Array[];
  /** Stream after stream, as they were stored. */
  readonly tokens: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * @param key of the last of the signers
 * @param issued seconds since 1970
 */
export async function* writeBundle(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  issued: number,
  content: BundleContent,
): AsyncGenerator<Uint8Array> {
  const hash = sha256.create();
  let items = 0;
  for await (const item of itemsOf(content)) {
    hash.update(item);
    items++;
    yield item;
  }
  yield await signSeal(crypto, key, { issued, items, digest: hash.digest() });
}

async function* itemsOf({
  devices,
  signers,
  statusLists,
  receipts,
  tokens,
}: BundleContent): AsyncGenerator<Uint8Array> {
  yield preface();
  for (const part of [devices, signers, statusLists, receipts, tokens]) yield* part;
}
