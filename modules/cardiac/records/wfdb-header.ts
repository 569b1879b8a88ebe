/**
 * The header of a WFDB record (PhysioNet's header(5)): lines of ASCII, `#` begins a comment.
 *
 *   208 2 360 650000                                     record, signals, samples a second, samples a signal
 *   208.dat 212 200(1024)/mV 11 1024 991 -29671 0 MLII   file, format, gain(zero)/unit, bits, zero, first, checksum, block, name
 *
 * A rate may have `/counter(base)` behind it, a format `xN` samples a frame, `:skew` and `+offset` into its file.
 */
import { MAX_CHANNELS } from "../codec/index.js";
import { decimal, integer, malformed } from "./text.js";

/** Headers are short: 8 signals and a page of comments. */
export const HEADER_MAX = 65536;
/** WFDB's own, where a header names no gain. */
const DEFAULT_GAIN = 200;
const UNITS_NV: ReadonlyMap<string, number> = new Map([
  ["V", 1e9],
  ["mV", 1e6],
  ["uV", 1e3],
  ["µV", 1e3],
  ["nV", 1],
]);

/** Those of signal(5) that hold each sample by itself, or two in three bytes: what PhysioNet's ECGs are in. */
export const WFDB_FORMATS = [16, 61, 80, 160, 212] as const;
export type WfdbFormat = (typeof WFDB_FORMATS)[number];

export interface WfdbSignal {
  readonly file: string;
  readonly format: WfdbFormat;
  /** Bytes of the file before its samples. */
  readonly offset: number;
  readonly nanovoltsPerStep: number;
  /** The value that stands for 0 V. */
  readonly zero: number;
  /** The sum of all samples, modulo 65,536; undefined where the header says none. */
  readonly checksum: number | undefined;
  readonly name: string;
}

export interface WfdbHeader {
  readonly record: string;
  readonly rateHz: number;
  /** Samples a signal; undefined where the header does not say. */
  readonly length: number | undefined;
  readonly signals: readonly WfdbSignal[];
}

/** @throws VagusError `cardiac/malformed` for what is no header, or one of a record that cannot be played */
export function parseWfdbHeader(text: string): WfdbHeader {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const [record = "", count = "", rate = "250", length = "0"] = (lines[0] ?? "").split(/\s+/);
  if (record.includes("/")) throw malformed("a record of one segment", record);
  if (!/^[\w-]+$/.test(record)) throw malformed("the record's name: letters, digits, - and _", record);
  const signals = integer(count, "number of signals", 1, MAX_CHANNELS);
  if (lines.length < 1 + signals) throw malformed(`${signals} signals`, `${lines.length - 1}`);
  const samples = integer(length, "number of samples", 0, Number.MAX_SAFE_INTEGER);
  return {
    record,
    rateHz: integer(rate.split(/[/(]/)[0]!, "samples a second", 1, 4096),
    length: samples === 0 ? undefined : samples,
    signals: lines.slice(1, 1 + signals).map((line, index) => parseSignal(line, index)),
  };
}

function parseSignal(line: string, index: number): WfdbSignal {
  const fields = line.split(/\s+/);
  const [file = "", format = "", gain = "", bits = "", adcZero = "", , checksum = ""] = fields;
  // a path would be another's file: records are read from their own folder alone
  if (!/^[\w-][\w.-]*$/.test(file)) throw malformed("the name of a file beside the header", file);
  const shape = /^(\d+)(x\d+)?(:\d+)?(\+\d+)?$/.exec(format);
  if (shape === null) throw malformed("a format of samples", format);
  const [, number, frames = "x1", skew = ":0", offset = "+0"] = shape;
  const known = WFDB_FORMATS.find((one) => `${one}` === number);
  if (known === undefined) throw malformed(`format ${WFDB_FORMATS.join(", ")}`, number);
  if (frames !== "x1") throw malformed("a sample of each signal a frame", frames);
  if (skew !== ":0") throw malformed("signals without skew", skew);
  if (bits !== "") integer(bits, "bits of a sample", 0, 32);
  const zero = adcZero === "" ? 0 : integer(adcZero, "zero of the converter", -32768, 32767);
  return {
    file,
    format: known,
    offset: integer(offset.slice(1), "offset", 0, Number.MAX_SAFE_INTEGER),
    ...calibration(gain, zero),
    checksum: checksum === "" ? undefined : integer(checksum, "checksum", -65536, 65535),
    name: nameOf(fields.slice(8).join(" "), index),
  };
}

/** `gain(baseline)/unit`, each of them optional; a gain of 0 says that nobody knows. */
function calibration(text: string, adcZero: number): { nanovoltsPerStep: number; zero: number } {
  const shape = /^([^(/]*)(?:\(([^)]*)\))?(?:\/(.+))?$/.exec(text);
  if (shape === null) throw malformed("gain(zero)/unit", text);
  const [, gain = "", baseline, unit = "mV"] = shape;
  const stepsPerUnit = gain === "" ? 0 : decimal(gain, "gain", 0, 1e9);
  const nanovolts = UNITS_NV.get(unit);
  if (nanovolts === undefined) throw malformed("a signal in V, mV, uV or nV", unit);
  return {
    nanovoltsPerStep: nanovolts / (stepsPerUnit === 0 ? DEFAULT_GAIN : stepsPerUnit),
    zero: baseline === undefined ? adcZero : integer(baseline, "baseline", -(2 ** 31), 2 ** 31),
  };
}

/** As the trace and a stream header can show it. */
export function nameOf(text: string, index: number): string {
  const name = text.replace(/[^ -~]/g, "").trim();
  return name === "" ? `ECG${index + 1}` : name.slice(0, 16);
}
