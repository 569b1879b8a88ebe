/** A device's folder as a bundle (`host/bundle/format.ts`), verified again before it counts. */
import { readFileSync } from "node:fs";
import { equal } from "../../modules/bytes/index.js";
import type { PublicKey } from "../../modules/cose/index.js";
import { issuerOf } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { CLAIM, parseCwtUnverified } from "../../modules/cwt/index.js";
import { encryptBundle } from "../bundle/encrypted.js";
import { ITEM_MAX } from "../bundle/format.js";
import { BundleVerifier, type Verified } from "../bundle/verify.js";
import { writeBundle } from "../bundle/write.js";
import { nodeZlib } from "../cose/zlib.js";
import { chainOf, readEvidence } from "../receipt/evidence.js";
import { fileReader } from "../store/heart-file.js";
import type { Holding } from "../store/holder-folder.js";
import { keptStatus } from "../store/kept-status.js";
import { readSequence } from "../store/sequence.js";
import type { Stored } from "./stored.js";
import type { Outputs } from "./write.js";

export interface BundleOptions {
  readonly folder: string;
  readonly stored: Stored;
  readonly holding: Holding;
  /** Of the holder: its newest status list is there. */
  readonly holderFolder: string;
  /** Files with status lists. */
  readonly statusLists: readonly string[];
  readonly recipient?: PublicKey;
  readonly out: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/** @throws VagusError what `verifyBundle` throws: then nothing is left of it */
export async function exportBundle(
  crypto: Crypto,
  outputs: Outputs,
  options: BundleOptions,
): Promise<{ readonly bytes: number; readonly verified: Verified }> {
  const { folder, stored, holding, recipient, out, now } = options;
  const verifier = new BundleVerifier(crypto, { anchor: holding.anchor, zlib: nodeZlib });
  const items = verified(
    verifier,
    writeBundle(crypto, holding.key, now, {
      devices: stored.credentials.map(({ token }) => token),
      signers: signersOf(folder, holding),
      statusLists: listsOf(crypto, options),
      receipts: readEvidence(folder, "receipts"),
      tokens: tokensOf(stored),
    }),
  );
  const pieces = recipient === undefined ? items : encryptBundle(crypto, recipient, items);
  const bytes = await outputs.write(out, pieces);
  return { bytes, verified: verifier.end() };
}

/** Each item as whoever gets the bundle will look at it, before it is written. */
async function* verified(
  verifier: BundleVerifier,
  items: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const bytes of items) {
    verifier.take({ bytes, at });
    at += bytes.length;
    yield bytes;
  }
}

function* tokensOf({ streams }: Stored): Generator<Uint8Array> {
  for (const [, path] of [...streams].sort(([a], [b]) => a - b)) {
    for (const { bytes } of readSequence(fileReader(path), undefined, () => {})) yield bytes;
  }
}

/** Those of the receipts, and whoever seals. */
function signersOf(folder: string, holding: Holding): Uint8Array[] {
  return distinct([...readEvidence(folder, "signers"), ...chainOf(holding)]);
}

/** Those that were kept, the newest that the programmer knows, and those that were named; of this Authority. */
function listsOf(crypto: Crypto, options: BundleOptions): Uint8Array[] {
  const { folder, holding, holderFolder, statusLists, now } = options;
  const { anchor } = holding;
  const { bytes } = keptStatus(crypto, holderFolder, { anchor, now: () => now });
  const all = [
    ...readEvidence(folder, "status"),
    ...(bytes === undefined ? [] : [bytes]),
    ...statusLists.map((path) => new Uint8Array(readFileSync(path))),
  ];
  return distinct(all).filter(
    (token) => parseCwtUnverified(token, { maxSize: ITEM_MAX }).claims.get(CLAIM.iss) === issuerOf(anchor),
  );
}

function distinct(tokens: readonly Uint8Array[]): Uint8Array[] {
  return tokens.filter((token, at) => tokens.findIndex((one) => equal(one, token)) === at);
}
