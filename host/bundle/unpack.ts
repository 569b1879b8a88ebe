/** A bundle that was verified, as the folder of a device that it was made of (`host/store/session-folder.ts`). */
import { existsSync } from "node:fs";
import { type Anchor, verifyCredential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { parseCwtUnverified } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { decodeBoot, decodeGap, PRIVATE_CLAIM } from "../../modules/reading/index.js";
import { keepEvidence } from "../receipt/evidence.js";
import type { SequenceItem } from "../store/sequence.js";
import { SessionFolder } from "../store/session-folder.js";
import { readStored } from "../store/stored-token.js";
import { type Part, partOf } from "./format.js";

/** Parts that lie beside the streams. */
const EVIDENCE = { signer: "signers", status: "status", receipt: "receipts" } as const;

/**
 * @param items of a bundle that holds
 * @param path a folder that is not there yet
 * @throws VagusError `host/store` where it is, or cannot be written
 */
export function unpack(crypto: Crypto, items: Iterable<SequenceItem>, path: string, anchor: Anchor): void {
  if (existsSync(path)) throw new VagusError("host/store", `${path}: expected no folder yet, came one`);
  const folder = SessionFolder.open(crypto, path);
  const beside = new Map<keyof typeof EVIDENCE, Uint8Array[]>();
  try {
    for (const { bytes, at } of items) {
      if (at === 0) continue; // the preface
      const part: Part = partOf(bytes);
      if (part === "device") {
        const options = { kind: "device", anchor, time: { floor: 0 } } as const;
        folder.adopt(verifyCredential(crypto, bytes, options), anchor);
      } else if (part === "token") folder.append(streamOf(bytes), bytes);
      else if (part !== "seal") beside.set(part, [...(beside.get(part) ?? []), bytes]);
    }
    folder.sync();
  } finally {
    folder.close();
  }
  for (const [part, tokens] of beside) keepEvidence(path, EVIDENCE[part], tokens);
}

/** What is declared of a stream is that stream's. */
function streamOf(token: Uint8Array): number {
  const { kind, cti } = readStored(token);
  const { claims } = parseCwtUnverified(token);
  if (kind === "gap") return decodeGap(claims.get(PRIVATE_CLAIM.gap)).stream;
  return kind === "boot" ? decodeBoot(claims.get(PRIVATE_CLAIM.boot)).stream : cti.stream;
}
