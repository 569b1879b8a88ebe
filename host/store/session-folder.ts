/**
 * What came of one device, over all sessions:
 *
 *   ecg.cborseq, pacing.cborseq, state.cborseq   its streams: signed tokens, each header first; beside each, in FILE.key,
 *                                                the key that signs them now (COSE_Key)
 *   credentials.cborseq   the device's credentials, each as it was first seen
 *   anchor.cbor           the Authority's public key, which vouches for them
 *
 * All of it grows at its end only. Where the stream is to be gone on with is read from it, and is written nowhere else.
 */
import { join } from "node:path";
import { equal } from "../../modules/bytes/index.js";
import { type CborValue, encode } from "../../modules/cbor/index.js";
import { toCoseKey, type VerificationKey } from "../../modules/cose/index.js";
import { readCredential } from "../../modules/credential/credential.js";
import type { Anchor, Credential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { parseCwtUnverified } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { type DeviceKey, STREAM, type StreamPosition } from "../../modules/reading/index.js";
import { nodeFiles, type StoreFiles } from "./files.js";
import { SequenceFile } from "./sequence-file.js";
import { positionAtEnd, type StoredStream } from "./tail.js";

export const SESSION_FILES = {
  [STREAM.ecg]: "ecg.cborseq",
  [STREAM.pacing]: "pacing.cborseq",
  [STREAM.state]: "state.cborseq",
} as Readonly<Record<number, string>>;
const CREDENTIALS = "credentials.cborseq";
const ANCHOR = "anchor.cbor";

/** What a power cut, or a full disk, had left behind the last whole token. */
export interface Torn {
  readonly path: string;
  readonly bytes: number;
}

export class SessionFolder {
  readonly path: string;
  readonly #crypto: Crypto;
  readonly #files: StoreFiles;
  readonly #credentials: SequenceFile;
  readonly #streams = new Map<number, SequenceFile>();
  #keys: readonly DeviceKey[];
  #subject: string | undefined;

  private constructor(crypto: Crypto, files: StoreFiles, path: string) {
    this.path = path;
    this.#crypto = crypto;
    this.#files = files;
    this.#credentials = SequenceFile.open(files, join(path, CREDENTIALS));
    const known = this.#readCredentials();
    this.#subject = known[0]?.subject;
    this.#keys = known.map(({ key, kid }) => ({ ...key, kid }));
    for (const stream of Object.keys(SESSION_FILES).map(Number)) {
      if (files.read(this.#pathOf(stream)) !== undefined) this.#stream(stream);
    }
  }

  /** @throws VagusError `host/store` for what is no such folder; `cose/…`, `cwt/…` for what are no credentials */
  static open(crypto: Crypto, path: string, files: StoreFiles = nodeFiles): SessionFolder {
    files.makeFolder(path);
    return new SessionFolder(crypto, files, path);
  }

  /** Whose it is; undefined while it is new. */
  get subject(): string | undefined {
    return this.#subject;
  }

  /** The device's keys, by which it has signed since it is known; the newest last. */
  get keys(): readonly DeviceKey[] {
    return this.#keys;
  }

  /** What was cut off when it was opened. */
  get torn(): readonly Torn[] {
    return [this.#credentials, ...this.#streams.values()]
      .filter(({ torn }) => torn > 0)
      .map(({ path, torn }) => ({ path, bytes: torn }));
  }

  /** What is kept of a stream; undefined where nothing ever was. */
  stored(stream: number): StoredStream | undefined {
    return this.#streams.get(stream);
  }

  /** Tokens that are kept of a stream. */
  count(stream: number): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  /** The device of a session that was opened. @throws VagusError `host/store` for another one than the folder is of */
  adopt(device: Credential, anchor: Pick<Anchor, "curve" | "publicKey">): void {
    if (this.#subject !== undefined && device.subject !== this.#subject) {
      throw new VagusError(
        "host/store",
        `${this.path}: expected the device ${this.#subject}, whose it is, came ${device.subject}`,
      );
    }
    const last = this.#credentials.at(this.#credentials.length - 1);
    if (last !== undefined && equal(last, device.token)) return;
    this.#files.replace(join(this.path, ANCHOR), encodedKey(anchor));
    this.#credentials.append(device.token);
    this.#credentials.sync();
    this.#subject = device.subject;
    this.#keys = [...this.#keys, { ...device.key, kid: device.kid }];
    for (const stream of this.#streams.keys()) this.#keepKey(stream);
  }

  /** @throws VagusError `host/store`: then nothing of the token is there */
  append(stream: number, token: Uint8Array): void {
    this.#stream(stream).append(token);
  }

  /** What a verifier goes on from; undefined where nothing is kept. @throws VagusError `host/store` */
  position(stream: number): StreamPosition | undefined {
    const stored = this.#streams.get(stream);
    return stored && positionAtEnd(this.#crypto, this.#keys, stream, stored);
  }

  /** On the disk when it returns. @throws VagusError `host/store` */
  sync(): void {
    for (const stored of this.#streams.values()) stored.sync();
  }

  /** Twice does nothing. */
  close(): void {
    this.#credentials.close();
    for (const stored of this.#streams.values()) stored.close();
  }

  #stream(stream: number): SequenceFile {
    const open = this.#streams.get(stream);
    if (open !== undefined) return open;
    const stored = SequenceFile.open(this.#files, this.#pathOf(stream));
    this.#streams.set(stream, stored);
    this.#keepKey(stream);
    return stored;
  }

  #keepKey(stream: number): void {
    const key = this.#keys[this.#keys.length - 1];
    if (key !== undefined) this.#files.replace(`${this.#pathOf(stream)}.key`, encodedKey(key));
  }

  #pathOf(stream: number): string {
    const name = SESSION_FILES[stream];
    if (name === undefined) {
      const known = Object.keys(SESSION_FILES).join(", ");
      throw new VagusError("host/store", `expected stream ${known}, came ${stream}`);
    }
    return join(this.path, name);
  }

  /** They held when they were kept, and who can change them can change the anchor too: `vagus verify` is told whom to believe. */
  #readCredentials(): Credential[] {
    return Array.from({ length: this.#credentials.length }, (_, index) => {
      const token = this.#credentials.at(index) as Uint8Array;
      return readCredential(this.#crypto, token, "device", parseCwtUnverified(token).claims);
    });
  }
}

/** A public key as a COSE_Key. */
export function encodedKey({ curve, publicKey }: Pick<VerificationKey, "curve" | "publicKey">): Uint8Array {
  return encode(toCoseKey({ curve, publicKey }) as Map<CborValue, CborValue>);
}
