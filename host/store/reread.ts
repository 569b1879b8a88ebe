/** Verifies what is stored of a stream from its first token to its last, as it was when it came. */
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { type Cursor, type DeviceKey, DeviceVerifier, PREV_LENGTH } from "../../modules/reading/index.js";
import type { StoredStream } from "./tail.js";

export interface Reread {
  readonly tokens: number;
  readonly readings: number;
  /** The device said that it no longer had something. */
  readonly gaps: number;
  /** Something is missing that was not declared. */
  readonly holes: number;
  /** The last token of the stream, and the first 16 bytes of its SHA-256: what a release names. */
  readonly last: (Cursor & { readonly hash: Uint8Array }) | undefined;
}

/**
 * @param progress called now and then with how many are done
 * @throws VagusError `host/store` at the first token that does not hold, and where
 */
export function reread(
  crypto: Crypto,
  keys: readonly DeviceKey[],
  stored: StoredStream,
  progress: (done: number) => void = () => {},
): Reread {
  const newest = keys[keys.length - 1];
  if (newest === undefined) throw new VagusError("host/store", `${stored.path}: expected a key, came none`);
  const verifier = new DeviceVerifier(crypto, newest, { earlier: keys });
  let [readings, gaps, holes] = [0, 0, 0];
  let last: Reread["last"];
  for (let index = 0; index < stored.length; index++) {
    const token = stored.at(index) as Uint8Array;
    try {
      const accepted = verifier.accept(token);
      if (accepted.kind === "reading") readings++;
      if (accepted.kind === "gap") gaps++;
      if ("hole" in accepted && accepted.hole !== undefined) holes++;
      if (accepted.kind !== "gap" && accepted.kind !== "boot") {
        const { boot, sequence } = accepted.cti;
        last = { boot, sequence, hash: crypto.sha256(token).slice(0, PREV_LENGTH) };
      }
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      throw new VagusError("host/store", `${stored.path}, token ${index}: ${error.message}`);
    }
    if (index % 100 === 99) progress(index + 1);
  }
  return { tokens: stored.length, readings, gaps, holes, last };
}
