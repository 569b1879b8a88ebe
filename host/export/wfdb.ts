/**
 * A WFDB record: RECORD.hea and RECORD.dat (format 16) as `modules/cardiac/records` reads them, and RECORD.atr with the
 * pacer's markers and the breaks (PhysioNet's annot(5), MIT format):
 *
 *   | interval (10) | code (6) |               little-endian; samples since the annotation before
 *   | 0 (10) | 59 (6) | high (16) | low (16) |  SKIP: an interval of more than 1,023
 *   | length (10) | 63 (6) | text … | 00 |      AUX: of the annotation before, padded to an even length
 *   | 00 00 |                                   the end
 *
 * A sample that is missing is -32768, which WFDB takes for none.
 */
import { concat } from "../../modules/bytes/index.js";
import type { Marker } from "../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../modules/error/index.js";
import { ascii } from "./edf.js";
import type { Recorded } from "./survey.js";
import { breakInWords, markerName, NOT_A_DEVICE } from "./words.js";

const NO_SAMPLE = -32768;
/** A break longer than a day would be nothing but missing samples. */
const BREAK_MAX_S = 86_400;
const PIECE = 4096;

export interface WfdbParts {
  /** The samples; the header is known once they are through. */
  dat(): Generator<Uint8Array>;
  hea(): string;
  atr(): Uint8Array;
}

/** @param name letters, digits, - and _. @throws VagusError `host/export` for another name, or a break of more than a day */
export function writeWfdb(recorded: Recorded, name: string): WfdbParts {
  if (!/^[\w-]+$/.test(name)) {
    throw new VagusError(
      "host/export",
      `expected a WFDB record's name (letters, digits, - and _), came ${name}`,
    );
  }
  const { format, breaks } = recorded;
  for (const { samples } of breaks) {
    if (samples / format.rateHz <= BREAK_MAX_S) continue;
    throw new VagusError(
      "host/export",
      `expected breaks of at most a day, came one of ${Math.round(samples / format.rateHz)} s: --from and --to choose a part`,
    );
  }
  const sums = format.channels.map(() => 0);
  const first: number[] = [];
  return {
    *dat() {
      let next = 0;
      for (const { at, channels } of recorded.pieces()) {
        for (; next < at; next += PIECE) {
          yield frames(
            format.channels.map(() => new Int16Array(Math.min(PIECE, at - next)).fill(NO_SAMPLE)),
            sums,
          );
        }
        if (first.length === 0) first.push(...channels.map(([sample]) => sample!));
        yield frames(channels, sums);
        next = at + channels[0]!.length;
      }
    },
    hea: () => header(recorded, name, sums, first),
    atr: () => annotations(recorded),
  };
}

/** A sample of each channel, in turn; what they come to, modulo 65,536, is added to `sums`. */
function frames(channels: readonly Int16Array[], sums: number[]): Uint8Array {
  const { length } = channels[0]!;
  const width = channels.length;
  const bytes = new Uint8Array(2 * length * width);
  for (const [index, channel] of channels.entries()) {
    let sum = sums[index]!;
    for (let i = 0, at = 2 * index; i < length; i++, at += 2 * width) {
      const sample = channel[i]!;
      bytes[at] = sample;
      bytes[at + 1] = sample >> 8;
      sum += sample;
    }
    sums[index] = (sum << 16) >> 16;
  }
  return bytes;
}

function header(recorded: Recorded, name: string, sums: readonly number[], first: readonly number[]): string {
  const { format, length, startedAt } = recorded;
  const start = new Date(startedAt * 1000).toISOString();
  const [year, month, day] = start.slice(0, 10).split("-");
  return [
    `${name} ${format.channels.length} ${format.rateHz} ${length} ${start.slice(11, 19)} ${day}/${month}/${year}`,
    ...format.channels.map((channel, index) => {
      const gain = 1e6 / format.nanovoltsPerStep;
      return `${name}.dat 16 ${gain}(0)/mV 16 0 ${first[index]} ${sums[index]} 0 ${channel}`;
    }),
    "# times are UTC, by the device's clock",
    `# ${NOT_A_DEVICE}`,
    "",
  ].join("\n");
}

/** Annotation codes of WFDB (ecgcodes.h). */
const CODE = { normal: 1, pvc: 5, paced: 12, note: 22, skip: 59, aux: 63 } as const;

/** What the pacer saw in the ventricle are beats; everything else is a note. */
function codeOf({ name, refractory }: Marker): number {
  if (refractory) return CODE.note;
  if (name === "VP") return CODE.paced;
  if (name === "VS") return CODE.normal;
  return name === "PVC" ? CODE.pvc : CODE.note;
}

function annotations({ breaks, markers }: Recorded): Uint8Array {
  const all = [
    ...breaks.map((one) => ({ at: one.at, code: CODE.note as number, text: breakInWords(one) })),
    ...markers.map(({ at, marker }) => ({
      at: Math.round(at),
      code: codeOf(marker),
      text: markerName(marker),
    })),
  ].sort((a, b) => a.at - b.at);
  const parts: Uint8Array[] = [];
  let before = 0;
  for (const { at, code, text } of all) {
    const interval = at - before;
    if (interval > 1023) {
      parts.push(
        word(CODE.skip << 10),
        word(Math.floor(interval / 65536)),
        word(interval % 65536),
        word(code << 10),
      );
    } else parts.push(word((code << 10) | interval));
    const aux = ascii(text);
    parts.push(word((CODE.aux << 10) | aux.length), aux);
    if (aux.length % 2 === 1) parts.push(Uint8Array.of(0));
    before = at;
  }
  return concat(...parts, word(0));
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
}
