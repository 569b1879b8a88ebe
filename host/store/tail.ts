/** Where a stored stream ends: what a verifier that is new goes on from. */
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import {
  type DeviceKey,
  PREV_LENGTH,
  type StreamFormat,
  type StreamPosition,
  StreamVerifier,
} from "../../modules/reading/index.js";
import { readStored, type StoredToken } from "./stored-token.js";

/** Items of a stream, in the order in which they were verified. */
export interface StoredStream {
  readonly path: string;
  readonly length: number;
  at(index: number): Uint8Array | undefined;
}

/**
 * Behind the last token, whose signature is checked once more, and that it follows the one before; what lies further back
 * is for `vagus verify`. Undefined where there is none.
 * @param keys the device's, by which it has signed since it is known
 * @throws VagusError `host/store` where the last token is not what was verified once
 */
export function positionAtEnd(
  crypto: Crypto,
  keys: readonly DeviceKey[],
  stream: number,
  stored: StoredStream,
): StreamPosition | undefined {
  const walk = backwards(stored);
  const last = walk.next().value;
  if (last === undefined) return undefined;
  const key = keys.find(({ kid }) => kid.every((byte, i) => byte === last.kid[i]));
  if (key === undefined) throw damaged(stored, "its signer's key, which is not there");
  const before = last.kind === "reading" || last.kind === "head" ? behind(crypto, walk) : undefined;
  const verifier = new StreamVerifier(crypto, key, stream, before);
  try {
    verifier.accept(last.token);
  } catch (error) {
    throw damaged(stored, (error as Error).message);
  }
  return verifier.position;
}

interface Walked extends StoredToken {
  readonly token: Uint8Array;
}

/** From the end; without boots and tips, which move nothing. */
function* backwards(stored: StoredStream): Generator<Walked, undefined> {
  for (let index = stored.length - 1; index >= 0; index--) {
    const token = stored.at(index) as Uint8Array;
    const one = readStored(token);
    if (one.kind !== "boot" && one.kind !== "tip") yield { ...one, token };
  }
  return undefined;
}

/** Behind the next one of a walk; the format is that of the nearest that says one, in the same boot. */
function behind(crypto: Crypto, walk: Generator<Walked, undefined>): StreamPosition | undefined {
  const before = walk.next().value;
  if (before === undefined) return undefined;
  const cti = before.gap?.last ?? before.cti;
  const prev = before.gap ? before.gap.lastHash : crypto.sha256(before.token).slice(0, PREV_LENGTH);
  let format: StreamFormat | undefined = before.format;
  for (let one = walk.next().value; format === undefined && one !== undefined; one = walk.next().value) {
    if (one.cti.boot !== cti.boot) break;
    format = one.format;
  }
  return { format, cti, nextSample: undefined, prev, closed: false };
}

function damaged({ path }: StoredStream, what: string): VagusError {
  return new VagusError("host/store", `${path}: expected its last token as it was verified, came: ${what}`);
}
