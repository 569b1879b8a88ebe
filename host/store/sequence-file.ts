import { scan } from "../../modules/cbor/strict.js";
import { VagusError } from "../../modules/error/index.js";
import type { GrowingFile, StoreFiles } from "./files.js";

/** Bytes that one write may have left behind: an item of at most so many, and what a file system fills up. */
export const TORN_MAX = 2 * 4096;
const ANY_SIZE = { maxSize: Number.MAX_SAFE_INTEGER, maxText: Number.MAX_SAFE_INTEGER } as const;
/** Every item of a store is a token: an array of four, at its end a signature of 64 bytes. */
const TOKEN = 0x84;
const SIGNATURE = [0x58, 0x40] as const;
const SIGNATURE_LENGTH = SIGNATURE.length + 64;

/**
 * An append-only CBOR sequence (RFC 8742) of signed tokens in a file. What a power cut or a full disk left of the last
 * one is cut off when it is opened, and said; what was whole stays, byte for byte.
 *
 *   | token | token | … | tor
 *                        └─ cut off
 */
export class SequenceFile {
  readonly path: string;
  readonly #file: GrowingFile;
  /** Where each item ends. */
  readonly #ends: number[];
  /** Of the file, until it grows. */
  #content: Uint8Array | undefined;
  readonly #files: StoreFiles;
  /** Bytes that were cut off when it was opened. */
  readonly torn: number;
  /** The end may have half an item behind it. */
  #dirty = false;

  private constructor(files: StoreFiles, path: string, content: Uint8Array | undefined, tornMax: number) {
    this.path = path;
    this.#files = files;
    this.#ends = content === undefined ? [] : endsOf(path, content, tornMax);
    this.#content = content;
    this.#file = files.grow(path);
    this.torn = (content?.length ?? 0) - this.bytes;
    if (this.torn > 0) this.#file.truncate(this.bytes);
  }

  /**
   * Makes it where there is none.
   * @param tornMax bytes of half an item at most
   * @throws VagusError `host/store` where it is no such sequence, is damaged, or cannot be had
   */
  static open(files: StoreFiles, path: string, tornMax = TORN_MAX): SequenceFile {
    return attempt(path, () => new SequenceFile(files, path, files.read(path), tornMax));
  }

  get length(): number {
    return this.#ends.length;
  }

  get bytes(): number {
    return this.#ends[this.#ends.length - 1] ?? 0;
  }

  /** Item `index`, from 0. */
  at(index: number): Uint8Array | undefined {
    const end = this.#ends[index];
    if (end === undefined) return undefined;
    this.#content ??= attempt(this.path, () => this.#files.read(this.path)) ?? new Uint8Array(0);
    return this.#content.slice(this.#ends[index - 1] ?? 0, end);
  }

  /**
   * All of it is there when this returns, or nothing is.
   * @throws VagusError `host/store` where it cannot be written, or somebody else has written
   */
  append(token: Uint8Array): void {
    const { bytes } = this;
    attempt(this.path, () => {
      if (this.#dirty) this.#file.truncate(bytes);
      this.#dirty = false;
      const { length } = this.#file;
      if (length !== bytes) throw new Error(`${length} bytes where this side left ${bytes}`);
      this.#dirty = true;
      this.#file.append(token);
      this.#dirty = false;
    });
    this.#ends.push(bytes + token.length);
    this.#content = undefined;
  }

  /** On the disk when it returns. @throws VagusError `host/store` */
  sync(): void {
    attempt(this.path, () => this.#file.sync());
  }

  /** Twice does nothing. @throws VagusError `host/store` */
  close(): void {
    attempt(this.path, () => {
      if (this.#dirty) this.#file.truncate(this.bytes);
      this.#file.close();
    });
  }
}

function endsOf(path: string, content: Uint8Array, tornMax: number): number[] {
  const ends: number[] = [];
  let at = 0;
  while (at < content.length) {
    const end = tokenEnd(content, at);
    if (end === undefined) break;
    ends.push(end);
    at = end;
  }
  if (isTorn(content.subarray(at), tornMax)) return ends;
  throw new VagusError("host/store", `${path}: expected a token, came something else`, at);
}

/** What one write left behind, or zeros; not damage with whole tokens behind it. */
function isTorn(rest: Uint8Array, tornMax: number): boolean {
  if (rest.every((byte) => byte === 0)) return true;
  if (rest.length > tornMax) return false;
  return !rest.some((byte, at) => at > 0 && byte === TOKEN && isSigned(rest, at));
}

function isSigned(bytes: Uint8Array, at: number): boolean {
  const end = tokenEnd(bytes, at);
  if (end === undefined || end - at < SIGNATURE_LENGTH) return false;
  const signature = bytes.subarray(end - SIGNATURE_LENGTH);
  return signature[0] === SIGNATURE[0] && signature[1] === SIGNATURE[1];
}

/** Undefined where no whole token begins. */
function tokenEnd(content: Uint8Array, at: number): number | undefined {
  if (content[at] !== TOKEN) return undefined;
  try {
    return scan(content, at, ANY_SIZE).end;
  } catch (error) {
    if (error instanceof VagusError) return undefined;
    throw error;
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof VagusError) throw error;
    throw new VagusError("host/store", `expected to keep ${path}, came: ${(error as Error).message}`);
  }
}
