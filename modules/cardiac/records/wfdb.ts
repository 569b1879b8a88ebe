/**
 * The samples of a WFDB record (PhysioNet's signal(5)). Signals of one file are interleaved: a sample of each, in turn.
 *
 *   format 16    | low byte | high byte |                          two's complement; -32768: no sample
 *   format 61    | high byte | low byte |                          the same, the other way around
 *   format 80    | byte |                                          offset by 128; -128: no sample
 *   format 160   | low byte | high byte |                          offset by 32,768; -32768: no sample
 *   format 212   | a 7…0 | b 11…8 · a 11…8 | b 7…0 |               two of 12 bits in three bytes; -2048: no sample
 *
 * A sample that is not there is played as the level.
 */
import { VagusError } from "../../error/index.js";
import type { ByteReader } from "../recorded.js";
import type { EcgFormat, SampleSource } from "../sensor.js";
import { type Conversion, commonScale, convert } from "./scale.js";
import { ascii, malformed } from "./text.js";
import {
  HEADER_MAX,
  parseWfdbHeader,
  type WfdbFormat,
  type WfdbHeader,
  type WfdbSignal,
} from "./wfdb-header.js";

const INT16 = [-32768, 32767] as const;
/** The least is no sample. */
const RANGE = { 16: INT16, 61: INT16, 80: [-128, 127], 160: INT16, 212: [-2048, 2047] } as const;
const BYTES = { 16: 2, 61: 2, 80: 1, 160: 2, 212: 1.5 } as const;

/** Signals that share a file. */
interface Group {
  readonly file: ByteReader;
  readonly format: WfdbFormat;
  readonly offset: number;
  /** The signals' places among the record's channels, in the order in which they are interleaved. */
  readonly channels: number[];
}

export class WfdbSource implements SampleSource {
  readonly format: EcgFormat;
  readonly length: number;
  readonly header: WfdbHeader;
  readonly #groups: readonly Group[];
  readonly #conversions: readonly Conversion[];

  /**
   * @param open a file beside the header, by its name
   * @throws VagusError `cardiac/malformed`, also for files that are shorter than the header says
   */
  constructor(header: ByteReader, open: (name: string) => ByteReader) {
    if (header.length > HEADER_MAX) throw malformed(`a header of ${HEADER_MAX} bytes`, header.length);
    this.header = parseWfdbHeader(ascii(header.read(0, header.length)));
    const { signals, rateHz } = this.header;
    this.#groups = grouped(signals, open);
    const held = Math.min(...this.#groups.map(samplesIn));
    this.length = this.header.length ?? held;
    if (this.length < 1 || this.length > held) throw malformed(`${this.length || 1} samples`, held);
    const { nanovoltsPerStep, conversions } = commonScale(
      signals.map((one) => ({ ...one, range: RANGE[one.format] })),
    );
    this.#conversions = conversions;
    this.format = { rateHz, nanovoltsPerStep, channels: signals.map(({ name }) => name) };
  }

  read(first: number, count: number): Int16Array[] {
    const whole = Number.isInteger(first) && Number.isInteger(count);
    if (!whole || first < 0 || count < 0 || first + count > this.length)
      throw new VagusError(
        "cardiac/parameter",
        `expected whole samples below ${this.length}, came ${first} + ${count}`,
      );
    const samples = this.#conversions.map(() => new Int16Array(count));
    for (const group of this.#groups) this.#read(group, first, samples);
    return samples;
  }

  #read(group: Group, first: number, samples: readonly Int16Array[]): void {
    const { format, channels } = group;
    const width = channels.length;
    const count = width * samples[0]!.length;
    const values = READ[format](group, first * width, count);
    const [none] = RANGE[format];
    for (const [place, channel] of channels.entries()) {
      const to = samples[channel]!;
      const conversion = this.#conversions[channel]!;
      for (let i = 0, at = place; at < count; i++, at += width) {
        const value = values[at]!;
        to[i] = value === none ? 0 : convert(conversion, value);
      }
    }
  }
}

function grouped(signals: readonly WfdbSignal[], open: (name: string) => ByteReader): Group[] {
  const groups = new Map<string, Group>();
  for (const [channel, { file, format, offset }] of signals.entries()) {
    const group = groups.get(file);
    if (group === undefined) groups.set(file, { file: open(file), format, offset, channels: [channel] });
    else if (group.format !== format) throw malformed(`format ${group.format} throughout ${file}`, format);
    else group.channels.push(channel);
  }
  return [...groups.values()];
}

function samplesIn({ file, format, offset, channels }: Group): number {
  const bytes = Math.max(0, file.length - offset);
  const values = Math.floor(bytes / BYTES[format]);
  return Math.floor(values / channels.length);
}

/** A number read ends where the file does: what is missing then was cut off since. @throws VagusError `cardiac/malformed` */
function bytesOf({ file, offset }: Group, from: number, length: number): Uint8Array {
  const bytes = file.read(offset + from, length);
  if (bytes.length < length) throw malformed(`${length} bytes of samples`, bytes.length);
  return bytes;
}

type Read = (group: Group, first: number, count: number) => Int16Array;

/** @param low which of two bytes is the low one; @param offset what stands for 0 */
const read16 =
  (low: 0 | 1, offset = 0): Read =>
  (group, first, count) => {
    const bytes = bytesOf(group, 2 * first, 2 * count);
    const values = new Int16Array(count);
    for (let i = 0; i < count; i++)
      values[i] = (bytes[2 * i + low]! | (bytes[2 * i + 1 - low]! << 8)) - offset;
    return values;
  };

function read8(group: Group, first: number, count: number): Int16Array {
  return Int16Array.from(bytesOf(group, first, count), (byte) => byte - 128);
}

function read212(group: Group, first: number, count: number): Int16Array {
  // the pair that `first` is in begins at an even value; the last value may have no other beside it
  const from = first - (first % 2);
  const end = first + count;
  const bytes = bytesOf(group, (from * 3) / 2, Math.ceil(((end - from) * 3) / 2));
  const values = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    const value = first + i - from;
    const at = (value >> 1) * 3;
    const twelve =
      (value & 1) === 0
        ? bytes[at]! | ((bytes[at + 1]! & 0x0f) << 8)
        : bytes[at + 2]! | ((bytes[at + 1]! & 0xf0) << 4);
    values[i] = (twelve << 20) >> 20;
  }
  return values;
}

const READ: Readonly<Record<WfdbFormat, Read>> = {
  16: read16(0),
  61: read16(1),
  80: read8,
  160: read16(0, 32768),
  212: read212,
};
