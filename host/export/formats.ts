/** The formats of `vagus export` but for the bundle: each makes its files of a recording that was verified. */
import { basename } from "node:path";
import { VagusError } from "../../modules/error/index.js";
import { pdfOf } from "../strip/pdf.js";
import { writeCsv } from "./csv.js";
import { writeEdf } from "./edf.js";
import { writeFhir } from "./fhir.js";
import { drawStrips } from "./strip.js";
import type { Recorded } from "./survey.js";
import { writeWfdb } from "./wfdb.js";
import type { Outputs } from "./write.js";

/** A strip on a screen: longer ones are for paper. */
const SVG_MAX_S = 120;

export const FORMATS = ["edf", "csv", "fhir", "wfdb", "svg", "pdf", "bundle"] as const;
export type Format = (typeof FORMATS)[number];

/** What will be written. */
export function filesOf(format: Format, out: string): string[] {
  if (format !== "wfdb") return [out];
  const record = out.replace(/\.(hea|dat|atr)$/i, "");
  return [".hea", ".dat", ".atr"].map((ending) => record + ending);
}

/** @param device its name, where it is to be said. @throws VagusError `host/export` for what the format cannot say */
export async function writeFormat(
  format: Exclude<Format, "bundle">,
  recorded: Recorded,
  out: string,
  outputs: Outputs,
  device?: string,
): Promise<number> {
  if (format === "wfdb") return writeRecord(recorded, out, outputs);
  return outputs.write(out, piecesOf(format, recorded, device));
}

function piecesOf(format: Exclude<Format, "bundle" | "wfdb">, recorded: Recorded, device?: string) {
  switch (format) {
    case "edf":
      return writeEdf(recorded);
    case "csv":
      return writeCsv(recorded);
    case "fhir":
      return writeFhir(recorded, device);
    case "svg":
      return strip(recorded);
    case "pdf":
      return pdfOf(drawStrips(recorded));
  }
}

function strip(recorded: Recorded): Iterable<string> {
  const seconds = recorded.length / recorded.format.rateHz;
  if (seconds <= SVG_MAX_S) return drawStrips(recorded, Math.ceil(seconds));
  throw new VagusError(
    "host/export",
    `expected at most ${SVG_MAX_S} s on one strip, came ${Math.round(seconds)} s: --from and --to choose a part, and pdf has pages`,
  );
}

async function writeRecord(recorded: Recorded, out: string, outputs: Outputs): Promise<number> {
  const [hea, dat, atr] = filesOf("wfdb", out) as [string, string, string];
  const record = writeWfdb(recorded, basename(hea, ".hea"));
  const bytes = [
    await outputs.write(dat, record.dat()),
    await outputs.write(hea, [record.hea()]),
    await outputs.write(atr, [record.atr()]),
  ];
  return bytes.reduce((sum, one) => sum + one);
}
