import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { VagusError } from "../../modules/error/index.js";

/**
 * A session as it came: an append-only CBOR sequence (RFC 8742) of the signed tokens, header first. Each can be
 * verified for itself years later, with nothing but the device's public key.
 */
export class Recording {
  readonly path: string;
  readonly #file: number;
  #open = true;
  bytes = 0;

  /**
   * Creates the file and the folders above it; never writes over one that is there.
   * @throws VagusError `host/store`; so the two below
   */
  constructor(path: string) {
    this.path = path;
    this.#file = this.#attempt(() => {
      mkdirSync(dirname(path), { recursive: true });
      return openSync(path, "ax");
    });
  }

  /** Puts the device's public key beside the recording, in FILE.key. @param key an encoded COSE_Key */
  keepKey(key: Uint8Array): void {
    writeFileSync(`${this.path}.key`, key);
  }

  append(token: Uint8Array): void {
    this.#attempt(() => {
      for (let done = 0; done < token.length; ) done += writeSync(this.#file, token, done);
    });
    this.bytes += token.length;
  }

  /** Twice does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#attempt(() => {
      fsyncSync(this.#file);
      closeSync(this.#file);
    });
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new VagusError("host/store", `expected to write ${this.path}, came: ${(error as Error).message}`);
    }
  }
}
