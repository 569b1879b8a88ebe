/**
 * The header of an EDF file (Kemp et al., 1992) and of EDF+ (Kemp and Olivan, 2003): ASCII in fields of fixed width, padded
 * with spaces; of the signals first all labels, then all transducers, and so on.
 *
 *   | version (8) "0" | patient (80) | recording (80) | date (8) dd.mm.yy | time (8) hh.mm.ss | header's bytes (8) |
 *   | reserved (44) "EDF+C", "EDF+D" or nothing | records (8), -1: not known | seconds a record (8) | signals (4) |
 *   label (16) … | transducer (80) … | unit (8) … | physical min (8) … | max (8) … | digital min (8) … | max (8) … |
 *   prefilter (80) … | samples a record (8) … | reserved (32) …
 *
 * Then the records: of each signal its samples, int16, little-endian. A signal "EDF Annotations" holds text.
 */
import type { ByteReader } from "../recorded.js";
import { ascii, decimal, integer, malformed } from "./text.js";

export const EDF_MAGIC = "0       ";
const FIXED = 256;
const PER_SIGNAL = 256;
/** Ours and a polygraph's; some kilobytes of header. */
const SIGNALS_MAX = 64;
export const ANNOTATIONS = "EDF Annotations";
const UNITS_NV: ReadonlyMap<string, number> = new Map([
  ["V", 1e9],
  ["mV", 1e6],
  ["uV", 1e3],
  ["nV", 1],
]);

export interface EdfSignal {
  readonly label: string;
  readonly samplesPerRecord: number;
  /** Where its samples begin in a record, in bytes. */
  readonly offset: number;
  /** Undefined for what is no voltage. */
  readonly calibration:
    | { readonly nanovoltsPerStep: number; readonly zero: number; readonly range: readonly [number, number] }
    | undefined;
}

export interface EdfHeader {
  readonly plus: "" | "EDF+C" | "EDF+D";
  readonly patient: string;
  readonly recording: string;
  readonly headerBytes: number;
  readonly records: number;
  readonly recordBytes: number;
  readonly recordSeconds: number;
  readonly signals: readonly EdfSignal[];
}

/** @throws VagusError `cardiac/malformed` for what is no EDF header, or of a file that is shorter than it says */
export function parseEdfHeader(file: ByteReader): EdfHeader {
  if (file.length < FIXED) throw malformed(`an EDF header of ${FIXED} bytes`, `${file.length}`);
  const fixed = new Fields(file.read(0, FIXED));
  const version = fixed.take(8);
  if (version !== EDF_MAGIC.trim()) throw malformed("an EDF file of version 0", version);
  const [patient, recording] = [fixed.take(80), fixed.take(80)];
  fixed.take(16);
  const headerBytes = integer(fixed.take(8), "bytes of header", FIXED, FIXED + SIGNALS_MAX * PER_SIGNAL);
  const plus = fixed.take(44).slice(0, 5);
  const claimed = integer(fixed.take(8), "records", -1, 99_999_999);
  const recordSeconds = decimal(fixed.take(8), "seconds a record", 0, 86_400);
  const count = integer(fixed.take(4), "signals", 1, SIGNALS_MAX);
  if (headerBytes !== FIXED + count * PER_SIGNAL || file.length < headerBytes)
    throw malformed(`${FIXED + count * PER_SIGNAL} bytes of header`, Math.min(headerBytes, file.length));
  const signals = parseSignals(new Fields(file.read(FIXED, count * PER_SIGNAL)), count);
  const recordBytes = signals.reduce((sum, { samplesPerRecord }) => sum + 2 * samplesPerRecord, 0);
  const held = Math.floor((file.length - headerBytes) / recordBytes);
  const records = claimed === -1 ? held : claimed;
  if (records < 1 || records > held) throw malformed(`${Math.max(1, records)} records`, held);
  return {
    plus: plus === "EDF+C" || plus === "EDF+D" ? plus : "",
    ...{ patient, recording, headerBytes, records, recordBytes, recordSeconds, signals },
  };
}

/** Fields of fixed width, one after the other. */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(width: number): string {
    const field = this.#bytes.subarray(this.#at, this.#at + width);
    this.#at += width;
    for (const byte of field) if (byte > 126) throw malformed("ASCII in the header", `byte ${byte}`);
    return ascii(field).trim();
  }

  all(width: number, count: number): string[] {
    return Array.from({ length: count }, () => this.take(width));
  }
}

function parseSignals(fields: Fields, count: number): EdfSignal[] {
  const labels = fields.all(16, count);
  fields.all(80, count);
  const units = fields.all(8, count);
  const [physicalMin, physicalMax, digitalMin, digitalMax] = [8, 8, 8, 8].map((width) =>
    fields.all(width, count),
  );
  fields.all(80, count);
  const lengths = fields.all(8, count);
  let offset = 0;
  return labels.map((label, index) => {
    const samplesPerRecord = integer(lengths[index]!, "samples a record", 1, 1 << 20);
    const signal = {
      ...{ label, samplesPerRecord, offset },
      calibration: calibration(units[index]!, [
        decimal(physicalMin![index]!, "physical minimum", -1e8, 1e8),
        decimal(physicalMax![index]!, "physical maximum", -1e8, 1e8),
        integer(digitalMin![index]!, "digital minimum", -32768, 32767),
        integer(digitalMax![index]!, "digital maximum", -32768, 32767),
      ]),
    };
    offset += 2 * samplesPerRecord;
    return signal;
  });
}

/** A line through two points; an upside-down one is as good. */
function calibration(
  unit: string,
  [physicalMin, physicalMax, digitalMin, digitalMax]: [number, number, number, number],
): EdfSignal["calibration"] {
  const nanovolts = UNITS_NV.get(unit);
  if (nanovolts === undefined) return undefined;
  if (digitalMin >= digitalMax) throw malformed(`a digital maximum above ${digitalMin}`, digitalMax);
  const gain = (physicalMax - physicalMin) / (digitalMax - digitalMin);
  if (!(gain > 0)) throw malformed(`a physical maximum above ${physicalMin}`, physicalMax);
  return {
    nanovoltsPerStep: rounded(gain * nanovolts),
    zero: rounded(digitalMin - physicalMin / gain),
    range: [digitalMin, digitalMax],
  };
}

/** Eight characters of decimals do not make whole steps whole. */
function rounded(value: number): number {
  const near = Math.round(value);
  return Math.abs(value - near) < 1e-7 * Math.max(1, Math.abs(value)) ? near : value;
}
