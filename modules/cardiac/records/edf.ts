/**
 * EDF and EDF+ files as a source. Its channels are the signals of the first voltage's rate, eight at the most; records that
 * EDF+D sets apart in time follow one another. Texts are in the annotation signal, as lists of (EDF+ 2.2.2):
 *
 *   | onset | 15 duration | 14 text 14 text … 14 00 |     onset +s or -s; the first of a record says when it begins
 */
import { VagusError } from "../../error/index.js";
import { MAX_CHANNELS } from "../codec/index.js";
import type { ByteReader } from "../recorded.js";
import type { EcgFormat, SampleSource } from "../sensor.js";
import { ANNOTATIONS, type EdfHeader, type EdfSignal, parseEdfHeader } from "./edf-header.js";
import { type Conversion, commonScale, convert } from "./scale.js";
import { ascii, decimal, malformed } from "./text.js";
import { nameOf } from "./wfdb-header.js";

export class EdfSource implements SampleSource {
  readonly format: EcgFormat;
  readonly length: number;
  readonly header: EdfHeader;
  readonly #file: ByteReader;
  readonly #signals: readonly EdfSignal[];
  readonly #conversions: readonly Conversion[];

  /** @throws VagusError `cardiac/malformed` */
  constructor(file: ByteReader) {
    this.#file = file;
    this.header = parseEdfHeader(file);
    const voltages = this.header.signals.filter(({ calibration }) => calibration !== undefined);
    if (voltages.length === 0) throw malformed("a signal in V, mV, uV or nV", "none");
    const { samplesPerRecord } = voltages[0]!;
    this.#signals = voltages
      .filter((one) => one.samplesPerRecord === samplesPerRecord)
      .slice(0, MAX_CHANNELS);
    const { nanovoltsPerStep, conversions } = commonScale(
      this.#signals.map(({ calibration }) => calibration!),
    );
    this.#conversions = conversions;
    this.length = this.header.records * samplesPerRecord;
    this.format = {
      rateHz: rateOf(samplesPerRecord, this.header.recordSeconds),
      nanovoltsPerStep,
      channels: this.#signals.map(({ label }, index) => nameOf(label.replace(/^ECG /, ""), index)),
    };
  }

  read(first: number, count: number): Int16Array[] {
    const whole = Number.isInteger(first) && Number.isInteger(count);
    if (!whole || first < 0 || count < 0 || first + count > this.length)
      throw new VagusError(
        "cardiac/parameter",
        `expected whole samples below ${this.length}, came ${first} + ${count}`,
      );
    return this.#signals.map((signal, channel) => {
      const samples = new Int16Array(count);
      for (let done = 0; done < count; ) done += this.#read(signal, channel, first + done, samples, done);
      return samples;
    });
  }

  /** What is left of `samples` from `to` on, as far as the record of `first` goes. @returns how many */
  #read(signal: EdfSignal, channel: number, first: number, samples: Int16Array, to: number): number {
    const { samplesPerRecord, offset } = signal;
    const { headerBytes, recordBytes } = this.header;
    const within = first % samplesPerRecord;
    const count = Math.min(samples.length - to, samplesPerRecord - within);
    const record = (first - within) / samplesPerRecord;
    const at = headerBytes + record * recordBytes + offset + 2 * within;
    const bytes = this.#file.read(at, 2 * count);
    if (bytes.length < 2 * count) throw malformed(`${2 * count} bytes of samples`, bytes.length);
    const conversion = this.#conversions[channel]!;
    for (let i = 0; i < count; i++) {
      const value = ((bytes[2 * i]! | (bytes[2 * i + 1]! << 8)) << 16) >> 16;
      samples[to + i] = convert(conversion, value);
    }
    return count;
  }
}

function rateOf(samples: number, seconds: number): number {
  const rate = samples / seconds;
  const near = Math.round(rate);
  // a record's length has eight characters: 0.0833333 s is a twelfth
  if (near >= 1 && near <= 4096 && Math.abs(rate - near) < 1e-5 * near) return near;
  throw malformed("whole samples a second, 1 to 4096", rate);
}

export interface EdfAnnotation {
  /** Seconds since the file's start. */
  readonly onsetS: number;
  readonly durationS: number | undefined;
  /** Empty where it says when the record begins. */
  readonly text: string;
}

/** The annotations of one record. @throws VagusError `cardiac/malformed` */
export function readAnnotations(file: ByteReader, header: EdfHeader, record: number): EdfAnnotation[] {
  const found: EdfAnnotation[] = [];
  for (const { label, offset, samplesPerRecord } of header.signals) {
    if (label !== ANNOTATIONS) continue;
    const bytes = file.read(header.headerBytes + record * header.recordBytes + offset, 2 * samplesPerRecord);
    for (const list of ascii(bytes).split("\0")) if (list !== "") found.push(...parseList(list));
  }
  return found;
}

function parseList(list: string): EdfAnnotation[] {
  const [when = "", ...texts] = list.split("\x14");
  const [onset = "", duration] = when.split("\x15");
  if (texts.length === 0 || texts[texts.length - 1] !== "")
    throw malformed("a list that ends with 14 00", list);
  const onsetS = decimal(onset, "onset", -1e9, 1e9);
  const durationS = duration === undefined ? undefined : decimal(duration, "duration", 0, 1e9);
  return texts.slice(0, -1).map((text) => ({ onsetS, durationS, text }));
}
