/** Files that grow at their end, as the store needs them: small enough that a test can let each write fail. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { makeFolder, PRIVATE, replaceFile } from "../authority/files.js";

export interface StoreFiles {
  /** A folder, and those above it, for their owner alone. */
  makeFolder(path: string): void;
  /** Undefined where there is none. */
  read(path: string): Uint8Array | undefined;
  /** A file that grows; it is made where there is none. */
  grow(path: string): GrowingFile;
  /** The old content or the new one, wherever the power is cut. */
  replace(path: string, content: Uint8Array): void;
}

export interface GrowingFile {
  /** In bytes, whoever wrote them. */
  readonly length: number;
  /** Writes at the end. What a failure leaves behind there is the caller's to cut off. */
  append(bytes: Uint8Array): void;
  truncate(length: number): void;
  /** On the disk when it returns. */
  sync(): void;
  /** Twice does nothing. */
  close(): void;
}

export const nodeFiles: StoreFiles = {
  makeFolder,
  read: (path) => (existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined),
  grow: (path) => new NodeFile(path),
  replace: (path, content) => replaceFile(path, content, PRIVATE.file),
};

class NodeFile implements GrowingFile {
  readonly #file: number;
  #open = true;

  constructor(path: string) {
    this.#file = openSync(path, existsSync(path) ? "r+" : "wx+", PRIVATE.file);
  }

  get length(): number {
    return fstatSync(this.#file).size;
  }

  append(bytes: Uint8Array): void {
    const { length } = this;
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, length + done);
    }
  }

  truncate(length: number): void {
    ftruncateSync(this.#file, length);
  }

  sync(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
  }
}
