import { VagusError } from "../../error/index.js";
import type { StreamFormat } from "../../reading/index.js";

/** What a stream is made of, block by block: one port for all of them. */
export interface StreamSource {
  readonly format: StreamFormat;
  /** Are blocks due in real time? Otherwise as fast as they are asked for. */
  readonly paced: boolean;
  /** Index of what the next block begins with, in steps of the format's rate. */
  readonly next: number;
  /**
   * Blocks of so many milliseconds, from what is live now on; `late`: from where nothing is missing any more.
   * @throws VagusError `cardiac/parameter`
   */
  begin(readingMs: number, late?: boolean): void;
  /** Milliseconds until it is worth asking for a block. */
  dueInMs(): number;
  /** Is some of what the next block would hold gone? Then nobody asked for it in time: the device stood still for too long. */
  readonly late: boolean;
  /** The next block, if it is due: `next` is behind it then. */
  take(): Uint8Array | undefined;
}

/** The shortest and the longest reading, in milliseconds (DESIGN section 6). */
export const READING_MS = { min: 250, max: 4000 } as const;

/** @throws VagusError `device/parameter` */
export function checkReadingMs(readingMs: number): void {
  if (readingMs >= READING_MS.min && readingMs <= READING_MS.max) return;
  const range = `${READING_MS.min} to ${READING_MS.max} ms`;
  throw new VagusError("device/parameter", `expected a reading of ${range}, came ${readingMs}`);
}
