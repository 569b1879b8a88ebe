/** A recorded ECG of one channel as a source of samples, read in pieces, so that a record never has to fit in memory. */
import { VagusError } from "../error/index.js";
import type { EcgFormat, SampleSource } from "./sensor.js";

/** Bytes by offset: a file, a flash partition, an array. */
export interface ByteReader {
  readonly length: number;
  read(offset: number, length: number): Uint8Array;
}

/** The record of sim/hearts: 11-bit values around 1,024, 200 a millivolt. */
const MITBIH: EcgFormat = { rateHz: 360, channels: ["MLII"], nanovoltsPerStep: 5000 };
const MITBIH_ZERO = 1024;

/** Samples as unsigned little-endian 16-bit numbers with an offset, as the MIT-BIH record has them. */
export class RecordedSource implements SampleSource {
  readonly format = MITBIH;
  readonly length: number;
  #reader: ByteReader;

  constructor(reader: ByteReader) {
    if (reader.length < 2 || reader.length % 2 !== 0)
      throw new VagusError("cardiac/malformed", `expected samples of 2 bytes, came ${reader.length} bytes`);
    this.#reader = reader;
    this.length = reader.length / 2;
  }

  read(first: number, count: number): Int16Array[] {
    const whole = Number.isInteger(first) && Number.isInteger(count);
    if (!whole || first < 0 || count < 0 || first + count > this.length)
      throw new VagusError(
        "cardiac/parameter",
        `expected whole samples below ${this.length}, came ${first} + ${count}`,
      );
    const bytes = this.#reader.read(2 * first, 2 * count);
    const samples = new Int16Array(count);
    for (let i = 0; i < count; i++) samples[i] = (bytes[2 * i]! | (bytes[2 * i + 1]! << 8)) - MITBIH_ZERO;
    return [samples];
  }
}
