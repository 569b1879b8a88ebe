import type { GrowingFile, StoreFiles } from "../../../host/store/files.js";

/** Files in memory, whose power is cut after so many bytes; until then they do all that they are told. */
export class MemoryFiles implements StoreFiles {
  readonly content = new Map<string, Uint8Array>();
  /** Bytes that still can be written; what comes then goes as far as it can, and fails. */
  room = Number.POSITIVE_INFINITY;
  written = 0;
  synced = 0;

  makeFolder(): void {}

  read(path: string): Uint8Array | undefined {
    return this.content.get(path)?.slice();
  }

  replace(path: string, content: Uint8Array): void {
    if (this.#take(content.length) < content.length) throw new Error("ENOSPC");
    this.content.set(path, content.slice());
  }

  grow(path: string): GrowingFile {
    const { content } = this;
    if (!content.has(path)) content.set(path, new Uint8Array(0));
    const now = () => content.get(path) as Uint8Array;
    const put = (bytes: Uint8Array, length: number) => {
      const next = new Uint8Array(length);
      next.set(bytes.subarray(0, length));
      content.set(path, next);
      return next;
    };
    return {
      get length() {
        return now().length;
      },
      append: (bytes) => {
        const before = now().length;
        const took = this.#take(bytes.length);
        put(now(), before + took).set(bytes.subarray(0, took), before);
        if (took < bytes.length) throw new Error("ENOSPC");
      },
      truncate: (length) => {
        if (this.room < 0) throw new Error("EIO");
        put(now(), length);
      },
      sync: () => {
        this.synced++;
      },
      close() {},
    };
  }

  /** The next process: what lies there, and all the room there is. */
  restarted(): MemoryFiles {
    const next = new MemoryFiles();
    for (const [path, bytes] of this.content) next.content.set(path, bytes.slice());
    return next;
  }

  #take(bytes: number): number {
    const took = Math.max(0, Math.min(bytes, this.room));
    this.room -= bytes;
    this.written += took;
    return took;
  }
}
