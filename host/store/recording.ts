import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A session as it came: an append-only CBOR sequence (RFC 8742) of the signed tokens, header first. Each can be
 * verified for itself years later, with nothing but the device's public key.
 */
export class Recording {
  readonly path: string;
  readonly #file: number;
  bytes = 0;

  /** Creates the file and the folders above it; never writes over one that is there. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
    this.#file = openSync(path, "ax");
  }

  append(token: Uint8Array): void {
    this.bytes += writeSync(this.#file, token);
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}
