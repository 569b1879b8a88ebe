/** The heart of every device under attack: the record that the project carries. Both sides have it. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { RecordedSource } from "../../modules/cardiac/index.js";

export const RECORD = resolve("sim/hearts/mitbih-208-mlii-360hz.u16le");

let bytes: Uint8Array | undefined;

export function heart(): RecordedSource {
  bytes ??= new Uint8Array(readFileSync(RECORD));
  const whole = bytes;
  return new RecordedSource({ length: whole.length, read: (at, length) => whole.subarray(at, at + length) });
}
