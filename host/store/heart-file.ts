import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { SampleSource } from "../../modules/cardiac/index.js";
import type { ByteReader } from "../../modules/cardiac/recorded.js";
import { openRecord } from "../../modules/cardiac/records/index.js";
import { VagusError } from "../../modules/error/index.js";

/** A file that is read in place; it is opened anew for each read, so that nobody has to close it. @throws what the system refuses */
export function fileReader(path: string): ByteReader {
  const opened = <T>(action: (file: number) => T): T => {
    const file = openSync(path, "r");
    try {
      return action(file);
    } finally {
      closeSync(file);
    }
  };
  return {
    length: opened((file) => fstatSync(file).size),
    read: (offset, length) =>
      opened((file) => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
      }),
  };
}

/** A recorded heart: WFDB, EDF or EDF+, or the project's record. @throws VagusError `cardiac/malformed`, `host/input` for no file */
export function openHeart(path: string): SampleSource {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new VagusError(
      "host/input",
      `expected a file of a recorded heart (WFDB's .hea, .edf), came ${path}`,
    );
  }
  return openRecord(path, fileReader);
}
