/** Files that are there whole or not at all: written beside their place, and moved there when they are through. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { VagusError } from "../../modules/error/index.js";

type Pieces = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** Files that come to be together, or none of them. */
export class Outputs {
  readonly #paths: string[] = [];

  /** @throws VagusError `host/export` where something is there and `force` is not said */
  constructor(paths: readonly string[], force: boolean) {
    for (const path of paths) {
      if (!existsSync(path) || force) continue;
      throw new VagusError("host/export", `expected no file ${path} yet (or --force), came one`);
    }
  }

  /** @returns bytes @throws VagusError `host/export` where the file cannot be made */
  async write(path: string, pieces: Pieces): Promise<number> {
    const file = opened(path);
    this.#paths.push(path);
    let written = 0;
    try {
      for await (const piece of pieces) {
        const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        written += bytes.length;
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return written;
  }

  /** Where a file is until it is moved to its place. */
  unfinished(path: string): string {
    return part(path);
  }

  keep(): void {
    for (const path of this.#paths) renameSync(part(path), path);
  }

  drop(): void {
    for (const path of this.#paths) rmSync(part(path), { force: true });
  }
}

function opened(path: string): number {
  try {
    return openSync(part(path), "w");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new VagusError("host/export", `expected a place where ${path} can be written, came ${code}`);
  }
}

const part = (path: string) => `${path}.part`;
