import { type ByteReader, RecordedSource } from "../recorded.js";
import type { SampleSource } from "../sensor.js";
import { EdfSource } from "./edf.js";
import { EDF_MAGIC } from "./edf-header.js";
import { ascii } from "./text.js";
import { WfdbSource } from "./wfdb.js";

/**
 * A recorded heart by its file: a WFDB header (`.hea`, its samples beside it), an EDF or EDF+ file by how it begins, and
 * anything else as the bare samples of sim/hearts.
 * @throws VagusError `cardiac/malformed` for a file that is none of them, or one that lies; what `open` throws
 */
export function openRecord(path: string, open: (path: string) => ByteReader): SampleSource {
  const file = open(path);
  if (path.toLowerCase().endsWith(".hea")) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    return new WfdbSource(file, (name) => open(folder + name));
  }
  const magic = file.read(0, Math.min(EDF_MAGIC.length, file.length));
  return ascii(magic) === EDF_MAGIC ? new EdfSource(file) : new RecordedSource(file);
}
