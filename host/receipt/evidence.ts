/**
 * What vouches for a device's folder, beside its streams:
 *
 *   receipts.cborseq   receipts, in the order in which they were signed (typ 65014)
 *   signers.cborseq    the credentials of whoever signed them; a hub's after its programmer's
 *   status.cborseq     status lists as they were fetched: each says who held then
 *
 * All of it grows at its end only; a token that is there already is not put there again.
 */
import { join } from "node:path";
import { equal } from "../../modules/bytes/index.js";
import { asArray } from "../../modules/cbor/shape.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { parseCwtUnverified } from "../../modules/cwt/index.js";
import type { DeviceVerifier } from "../../modules/reading/index.js";
import { encodeCti } from "../../modules/reading/index.js";
import { nodeFiles } from "../store/files.js";
import { fileReader } from "../store/heart-file.js";
import type { Holding } from "../store/holder-folder.js";
import { readSequence } from "../store/sequence.js";
import { SequenceFile } from "../store/sequence-file.js";
import { PRIVATE_CLAIM } from "./claims.js";
import { decodeRange, type Range } from "./range.js";
import { ReceiptBook, streamOf } from "./receipt.js";

const FILES = { receipts: "receipts.cborseq", signers: "signers.cborseq", status: "status.cborseq" } as const;
export type Evidence = keyof typeof FILES;
/** A status list may be long. */
const ITEM_MAX = 1 << 20;
/** The power went while an item was written: it is none, and goes when the next is written. */
const cutOff = () => {};

export function readEvidence(folder: string, what: Evidence): Uint8Array[] {
  const path = join(folder, FILES[what]);
  if (nodeFiles.read(path) === undefined) return [];
  return [...readSequence(fileReader(path), ITEM_MAX, cutOff)].map(({ bytes }) => bytes);
}

/** On the disk when it returns. @throws VagusError `host/store` */
export function keepEvidence(folder: string, what: Evidence, tokens: readonly Uint8Array[]): void {
  const there = readEvidence(folder, what);
  const fresh = tokens.filter((token) => !there.some((one) => equal(one, token)));
  if (fresh.length === 0) return;
  const file = SequenceFile.open(nodeFiles, join(folder, FILES[what]), ITEM_MAX);
  try {
    for (const token of fresh) file.append(token);
    file.sync();
  } finally {
    file.close();
  }
}

/** A holder's credential and, for a hub, its programmer's before it. */
export function chainOf({ credential, ancestor }: Pick<Holding, "credential" | "ancestor">): Uint8Array[] {
  return [...(ancestor === undefined ? [] : [ancestor.token]), credential.token];
}

/**
 * Signs for everything in a folder of which there is no receipt yet, and keeps it there. Every token is verified first.
 * @param streams the files of the folder's streams, by their numbers
 * @param issued seconds since 1970
 * @returns how many tokens it is for; 0 where there is nothing new, and nothing was signed
 * @throws VagusError what verifying throws; `host/store`
 */
export async function signForFolder(
  crypto: Crypto,
  folder: string,
  streams: ReadonlyMap<number, string>,
  verifier: () => DeviceVerifier,
  { holding, device, issued }: { holding: Holding; device: string; issued: number },
): Promise<number> {
  const book = new ReceiptBook(crypto);
  const there = rangesIn(folder);
  let count = 0;
  for (const [stream, path] of streams) {
    const verify = verifier();
    const covered = coveredBy(there.filter((range) => range.stream === stream));
    for (const { bytes } of readSequence(fileReader(path), undefined, cutOff)) {
      const accepted = verify.accept(bytes);
      if (covered(encodeCti(accepted.cti))) {
        book.cut(stream);
        continue;
      }
      book.take(streamOf(accepted), bytes, accepted.cti);
      count++;
    }
  }
  keepReceipts(folder, holding, await book.sign(holding.key, device, issued));
  return count;
}

/** With the credentials of who signed them. @throws VagusError `host/store` */
export function keepReceipts(folder: string, holding: Holding, receipts: readonly Uint8Array[]): void {
  if (receipts.length === 0) return;
  keepEvidence(folder, "signers", chainOf(holding));
  keepEvidence(folder, "receipts", receipts);
}

/** Runs of tokens of which there are receipts. */
function rangesIn(folder: string): Range[] {
  return readEvidence(folder, "receipts").flatMap((token) => {
    const claim = parseCwtUnverified(token).claims.get(PRIVATE_CLAIM.receipt);
    return asArray(claim, "host/receipt", "ranges").map(decodeRange);
  });
}

/** Is a token in one of these ranges of its stream? To be asked of each token in turn. */
function coveredBy(ranges: readonly Range[]): (cti: Uint8Array) => boolean {
  let open: Range[] = [];
  return (cti) => {
    open.push(...ranges.filter(({ first }) => equal(first, cti)));
    const covered = open.length > 0;
    open = open.filter(({ last }) => !equal(last, cti));
    return covered;
  };
}
