/**
 * EDF+ (Kemp and Olivan, 2003), as `modules/cardiac/records/edf-header.ts` draws it. Samples are the device's own, int16, and
 * the physical range is what makes them microvolts; EDF+C where nothing is missing, EDF+D where records are apart in time.
 * Who the patient is nobody here knows: "X X X X". Breaks and the pacer's markers are annotations:
 *
 *   | +12 14 14 00 | +11.5 15 0.5 14 gap 14 00 | +12.34 14 VP 14 00 | 00 … |     each record's own time first
 */
import { concat } from "../../modules/bytes/index.js";
import { VagusError } from "../../modules/error/index.js";
import type { Recorded } from "./survey.js";
import type { Format, Run } from "./timeline.js";
import { breakInWords, decimal, markerName } from "./words.js";

const ANNOTATIONS = "EDF Annotations";
/** Annotations that a second may have, and their length: two chambers, each paced or sensed, and sensed in refractory periods. */
const PER_SECOND = 16;
const ANNOTATION_BYTES = 24;
/** Records shorter than this would be nothing but annotations. */
const RECORD_MIN = 8;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** @throws VagusError `host/export` where runs have no record length in common, or EDF cannot say the scale */
export function* writeEdf(recorded: Recorded): Generator<Uint8Array> {
  const { format, runs, breaks } = recorded;
  const samples = recordLength(runs, format.rateHz);
  const bytes = annotationBytes(samples / format.rateHz);
  const records = runs.reduce((sum, run) => sum + run.samples / samples, 0);
  yield header(recorded, samples, bytes, records);
  const notes = annotations(recorded);
  let note = notes.next();
  const waiting: Uint8Array[] = [];
  let written = 0;
  for (const { at, channels } of inRecords(recorded, samples)) {
    for (; !note.done && note.value.at < at + samples; note = notes.next()) waiting.push(note.value.list);
    yield concat(...channels.map(littleEndian), annotated(at / format.rateHz, waiting, bytes));
    written++;
  }
  if (written !== records || waiting.length > 0 || breaks.length >= runs.length) {
    throw new VagusError(
      "host/export",
      `expected ${records} records with room for their annotations, came ${written}`,
    );
  }
}

/**
 * The longest that all runs are made of, up to a second; one whose duration eight characters can say, where there is one (else
 * the rate that follows from it is off by a millionth, while each record's own time is exact).
 */
function recordLength(runs: readonly Run[], rateHz: number): number {
  const common = runs.reduce((sum, run) => gcd(sum, run.samples), 0);
  const least = runs.length === 1 ? 1 : RECORD_MIN;
  const lengths: number[] = [];
  for (let samples = Math.min(common, rateHz); samples >= least; samples--) {
    if (common % samples === 0) lengths.push(samples);
  }
  const exact = lengths.find((samples) => Number(durationOf(samples, rateHz)) === samples / rateHz);
  const found = exact !== undefined && exact >= RECORD_MIN ? exact : lengths[0];
  if (found !== undefined) return found;
  throw new VagusError(
    "host/export",
    `expected readings that are all as long, for EDF's records are, came runs with ${common} samples in common: --from and --to choose a part`,
  );
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function durationOf(samples: number, rateHz: number): string {
  return decimal(samples / rateHz, 6);
}

function annotationBytes(seconds: number): number {
  const bytes = ANNOTATION_BYTES * (1 + Math.max(3, Math.ceil(PER_SECOND * seconds)));
  return bytes + (bytes % 2);
}

function header(recorded: Recorded, samples: number, annotation: number, records: number): Uint8Array {
  const { format, startedAt, runs } = recorded;
  const { rateHz, channels } = format;
  const start = new Date(startedAt * 1000);
  const two = (value: number) => `${value % 100}`.padStart(2, "0");
  const date = `${two(start.getUTCDate())}-${MONTHS[start.getUTCMonth()]}-${start.getUTCFullYear()}`;
  const time = [start.getUTCHours(), start.getUTCMinutes(), start.getUTCSeconds()].map(two).join(".");
  const day = [start.getUTCDate(), start.getUTCMonth() + 1, start.getUTCFullYear()].map(two).join(".");
  const { unit, physical, digital } = rangeOf(format);
  const count = channels.length + 1;
  const each = (width: number, of: (channel: string) => string, last: string) =>
    [...channels.map(of), last].map((text) => field(text, width)).join("");
  return ascii(
    field("0", 8) +
      field("X X X X", 80) +
      field(`Startdate ${date} X X Vagus`, 80) +
      field(day, 8) +
      field(time, 8) +
      field(`${256 * (1 + count)}`, 8) +
      field(runs.length > 1 ? "EDF+D" : "EDF+C", 44) +
      field(`${records}`, 8) +
      field(durationOf(samples, rateHz), 8) +
      field(`${count}`, 4) +
      each(16, labelOf, ANNOTATIONS) +
      each(80, () => "", "") +
      each(8, () => unit, "") +
      each(8, () => physical[0], "-1") +
      each(8, () => physical[1], "1") +
      each(8, () => `${digital[0]}`, "-32768") +
      each(8, () => `${digital[1]}`, "32767") +
      each(80, () => "", "") +
      each(8, () => `${samples}`, `${annotation / 2}`) +
      each(32, () => "", ""),
  );
}

/** Surface leads are named as EDF+ has them (section 2.1.3.5); an electrogram is none. */
function labelOf(channel: string): string {
  return /^EGM/.test(channel) ? channel : `ECG ${channel}`;
}

/** A unit and a digital range whose physical ends fit into eight characters, exactly. */
function rangeOf({ nanovoltsPerStep }: Format) {
  for (const digital of [
    [-32768, 32767],
    [-32000, 32000],
  ] as const)
    for (const [unit, nanovolts] of [
      ["uV", 1e3],
      ["mV", 1e6],
      ["nV", 1],
    ] as const) {
      const physical = digital.map((value) => decimal((value * nanovoltsPerStep) / nanovolts, 6));
      const exact = physical.every((text, i) => Number(text) * nanovolts === digital[i]! * nanovoltsPerStep);
      if (exact && physical.every((text) => text.length <= 8)) {
        return { unit, physical: physical as [string, string], digital };
      }
    }
  throw new VagusError(
    "host/export",
    `expected a scale that EDF can say, came ${nanovoltsPerStep} nV a step`,
  );
}

function* annotations({ format, breaks, markers }: Recorded): Generator<{ at: number; list: Uint8Array }> {
  const seconds = (at: number) => decimal(at / format.rateHz, 6);
  const all = [
    ...breaks.map((one) => ({
      at: one.at,
      list: `+${seconds(one.at)}\x15${seconds(one.samples)}\x14${breakInWords(one)}\x14\0`,
    })),
    ...markers.map(({ at, marker }) => ({ at, list: `+${seconds(at)}\x14${markerName(marker)}\x14\0` })),
  ];
  for (const { at, list } of all.sort((a, b) => a.at - b.at)) yield { at, list: ascii(list) };
}

/** The record's own time and as many lists as there is room for; the others wait for the next record. */
function annotated(seconds: number, waiting: Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const own = ascii(`+${decimal(seconds, 6)}\x14\x14\0`);
  bytes.set(own);
  let at = own.length;
  for (let next = waiting[0]; next !== undefined && at + next.length <= length; next = waiting[0]) {
    bytes.set(next, at);
    at += next.length;
    waiting.shift();
  }
  return bytes;
}

/** Pieces cut or joined to records; no record goes over a break. */
function* inRecords(recorded: Recorded, samples: number): Generator<{ at: number; channels: Int16Array[] }> {
  let record = recorded.format.channels.map(() => new Int16Array(samples));
  let [filled, start] = [0, 0];
  for (const { at, channels } of recorded.pieces()) {
    const { length } = channels[0]!;
    for (let done = 0; done < length; ) {
      if (filled === 0) start = at + done;
      const taken = Math.min(length - done, samples - filled);
      for (const [index, channel] of channels.entries())
        record[index]!.set(channel.subarray(done, done + taken), filled);
      done += taken;
      filled += taken;
      if (filled < samples) continue;
      yield { at: start, channels: record };
      record = record.map(() => new Int16Array(samples));
      filled = 0;
    }
  }
}

export function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * samples.length);
  for (let i = 0; i < samples.length; i++) {
    bytes[2 * i] = samples[i]!;
    bytes[2 * i + 1] = samples[i]! >> 8;
  }
  return bytes;
}

function field(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}

/** What is not printable ASCII has no place in EDF. */
export function ascii(text: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: 00, 14 and 15 (hexadecimal) are EDF+'s own
  return Uint8Array.from(text.replace(/[^\x00\x14\x15 -~]/g, "?"), (character) => character.charCodeAt(0));
}
