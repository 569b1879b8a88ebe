/** Records made by hand, as bytes. */
import type { ByteReader } from "../../../../modules/cardiac/index.js";

export function memory(bytes: Uint8Array): ByteReader {
  return { length: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

export function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Samples as EDF and WFDB's format 16 have them. */
export function int16(...values: number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]));
}

export interface EdfMade {
  readonly label?: string;
  readonly unit?: string;
  readonly physical?: readonly [string, string];
  readonly digital?: readonly [string, string];
  readonly samples: string;
}

/** An EDF header, field by field; the fields of the file can be told otherwise. */
export function edfHeader(
  signals: readonly EdfMade[],
  fields: Partial<Record<"version" | "bytes" | "reserved" | "records" | "seconds" | "count", string>> = {},
): Uint8Array {
  const { length } = signals;
  const fixed: [string, number][] = [
    [fields.version ?? "0", 8],
    ["X X X X", 80],
    ["Startdate X X X X", 80],
    ["01.01.26", 8],
    ["00.00.00", 8],
    [fields.bytes ?? `${256 * (1 + length)}`, 8],
    [fields.reserved ?? "", 44],
    [fields.records ?? "1", 8],
    [fields.seconds ?? "1", 8],
    [fields.count ?? `${length}`, 4],
  ];
  const each = (width: number, of: (signal: EdfMade) => string) =>
    signals.map((signal) => of(signal).padEnd(width)).join("");
  return latin(
    fixed.map(([text, width]) => text.padEnd(width)).join("") +
      each(16, ({ label = "ECG II" }) => label) +
      each(80, () => "") +
      each(8, ({ unit = "uV" }) => unit) +
      each(8, ({ physical = ["-32768"] }) => physical[0]) +
      each(8, ({ physical = ["", "32767"] }) => physical[1]!) +
      each(8, ({ digital = ["-32768"] }) => digital[0]) +
      each(8, ({ digital = ["", "32767"] }) => digital[1]!) +
      each(80, () => "") +
      each(8, ({ samples }) => samples) +
      each(32, () => ""),
  );
}
