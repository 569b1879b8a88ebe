/** Files of recorded hearts as sources of samples: WFDB, EDF and EDF+, and the bare samples of sim/hearts. */
export { type EdfAnnotation, EdfSource, readAnnotations } from "./edf.js";
export { type EdfHeader, type EdfSignal, parseEdfHeader } from "./edf-header.js";
export { openRecord } from "./open.js";
export { WfdbSource } from "./wfdb.js";
export { parseWfdbHeader, type WfdbHeader, type WfdbSignal } from "./wfdb-header.js";
