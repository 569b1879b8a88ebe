import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { VagusError } from "../../modules/error/index.js";
import { whileLocked } from "./lock.js";

/** Private keys and what leads to them are for their owner alone. */
export const PRIVATE = { file: 0o600, folder: 0o700 } as const;

/** A folder for private things, and those above it. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: PRIVATE.folder });
}

/** The old file or the new one, wherever the power is cut: written beside it, then renamed. */
export function replaceFile(path: string, content: Uint8Array | string, mode = 0o644): void {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}`);
  try {
    const file = openSync(temporary, "w", mode);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** A file that is not there yet. @throws VagusError `host/store` where one is */
export function createFile(path: string, content: Uint8Array | string, mode?: number): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new VagusError("host/store", `expected ${path} not to be there yet, came one`);
  }
  replaceFile(path, content, mode);
}

/**
 * Appends to a file that nobody else has changed; what a cut left behind the first `length` bytes goes first. It is on the
 * disk when this returns.
 * @param seen how many bytes the file had when it was read
 * @throws VagusError `host/store` where another process is writing, or has written since
 */
export function appendDurably(path: string, text: string, length: number, seen: number): void {
  whileLocked(path, () => {
    const file = openSync(path, "r+");
    try {
      const came = statSync(path).size;
      if (came !== seen) {
        throw new VagusError(
          "host/store",
          `${path}: expected ${seen} bytes as before, came ${came}: try again`,
        );
      }
      if (length < seen) ftruncateSync(file, length);
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(file, bytes, done, bytes.length - done, length + done);
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
